import Foundation
import HTTPTransfer

@testable import GatewaySimulator

/// Serves a sample world over HTTP while the body runs; the client refuses answers with more bytes than the limit.
func serve(
    _ sample: SampleWorld, responseLimit: Int = 64 << 20,
    _ body: @escaping @Sendable (Client, LoginAuthority) async throws -> Void
) async throws {
    let authority = try await LoginAuthority(clock: { [clock = sample.clock] in clock.now })
    let server = SimulatorServer(world: sample.world, authority: authority)
    try await server.withURL { url in
        var settings = TransferSettings(userAgent: "test", environment: [:])
        settings.responseLimit = responseLimit
        // A slow-drip answer may fall below a byte a second while everything else runs.
        settings.stallWindow = Client.timeout
        let transfer = CurlTransfer(settings: settings)
        try await body(Client(url: url, transfer: transfer), authority)
        await transfer.close()
    }
}

/// A client of a served world.
struct Client: Sendable {
    let url: String
    let transfer: CurlTransfer

    /// Enough time even while everything else runs on the machine.
    static let timeout = Duration.seconds(300)

    var port: Int { Int(url.split(separator: ":").last ?? "") ?? 0 }

    func ask(
        _ method: String, _ path: String, _ header: (name: String, value: String), body: String = ""
    ) async throws -> HTTPResponse {
        try await transfer.exchange(
            HTTPRequest(
                method: method, url: url + path, headers: [header], body: body.isEmpty ? nil : Array(body.utf8),
                timeout: Self.timeout))
    }

    /// Returns why a request with a valid key gets no answer in time; nil if it gets one.
    func fault(_ method: String, _ path: String, timeout: Duration = timeout) async -> TransferError? {
        do throws(TransferError) {
            _ = try await transfer.exchange(
                HTTPRequest(
                    method: method, url: url + path, headers: [("x-api-key", "wa_full")], timeout: timeout))
            return nil
        } catch {
            return error
        }
    }

    /// Sends raw bytes over a new connection, and reads until the server closes it.
    func exchangeRaw(_ text: String) async throws -> String {
        let port = UInt16(port)
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try RawConnection.exchange(Array(text.utf8), port: port) })
            }
        }
    }
}

/// A TCP connection to the local machine.
enum RawConnection {
    struct Failure: Error {
        let step: String
    }

    static func exchange(_ bytes: [UInt8], port: UInt16) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(step: "socket") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure(step: "connect") }
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure(step: "send")
        }
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            received.append(contentsOf: chunk[..<count])
        }
        return String(decoding: received, as: UTF8.self)
    }
}

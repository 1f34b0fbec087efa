import Foundation
import Glibc
import HTTPTransfer
import ScriptedServer
import Testing

/// A TLS server with its own certificate authority, both made with the `openssl` command.
///
/// The command is in Debian's `openssl` package; without it, the tests fail and say so.
private struct TLSServer {
    let folder: URL
    let port: Int
    let process: Process

    /// The authority's certificate.
    var caFile: String { folder.appending(path: "ca.pem").path }

    /// Starts a server whose certificate names a host; the options set its TLS versions.
    init(host: String, options: [String] = []) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "rollcall-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        try await Self.openssl(
            ["req", "-x509", "-subj", "/CN=Rollcall test authority", "-keyout", "ca.key", "-out", "ca.pem"] + key,
            folder
        )
        try await Self.openssl(
            [
                "req", "-x509", "-subj", "/CN=gateway", "-addext", "subjectAltName=\(host)", "-CA", "ca.pem", "-CAkey",
                "ca.key", "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", "server.key", "-out",
                "server.pem",
            ] + key, folder
        )
        // A free port: the system gave it to a server that has closed since.
        let position = try ScriptedServer { _ in [] }
        port = position.port
        position.stop()
        try await eventually { position.hasEnded }
        process = try Self.prepared(
            [
                "s_server", "-accept", "127.0.0.1:\(port)", "-cert", "server.pem", "-key", "server.key", "-www",
                "-alpn", "http/1.1", "-naccept", "50",
            ] + options, folder
        )
        try process.run()
        let probe = CurlTransfer(settings: settings())
        while true {
            // The server listens once the error is the refused certificate, not the connection.
            let request = HTTPRequest(method: "GET", url: "https://127.0.0.1:\(port)/")
            guard case .unreachable(let words)? = await Self.error(probe, request), process.isRunning,
                words.contains("connection refused")
            else { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        await probe.close()
    }

    /// Ends the server and removes its files.
    func stop() {
        // Threads of Swift's pool block signals, and so do their children: only SIGKILL gets through.
        kill(process.processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(at: folder)
    }

    /// Returns the error of an exchange, if any.
    static func error(_ transfer: CurlTransfer, _ request: HTTPRequest) async -> TransferError? {
        do throws(TransferError) {
            _ = try await transfer.exchange(request)
            return nil
        } catch {
            return error
        }
    }

    /// Runs `openssl` to its end without blocking a thread.
    private static func openssl(_ arguments: [String], _ folder: URL) async throws {
        let process = try prepared(arguments, folder)
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        try #require(status == 0, "openssl \(arguments[0]) failed")
    }

    private static func prepared(_ arguments: [String], _ folder: URL) throws -> Process {
        let tool = "/usr/bin/openssl"
        try #require(
            FileManager.default.isExecutableFile(atPath: tool), "these tests need openssl: apt-get install openssl"
        )
        let process = Process()
        process.executableURL = URL(filePath: tool)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }
}

@Suite("TLS", .timeLimit(.minutes(5)))
struct TLSTests {
    private func outcome(
        of server: TLSServer, trusting caFile: String?, environment: [String: String] = [:], host: String = "127.0.0.1"
    ) async -> TransferError? {
        let transfer = CurlTransfer(
            settings: TransferSettings(userAgent: "rollcall/test", caFile: caFile, environment: environment)
        )
        let request = HTTPRequest(method: "GET", url: "https://\(host):\(server.port)/")
        let error = await TLSServer.error(transfer, request)
        await transfer.close()
        return error
    }

    @Test("Only the authority of the configuration or environment is trusted")
    func trust() async throws {
        let server = try await TLSServer(host: "IP:127.0.0.1")
        defer { server.stop() }
        #expect(await outcome(of: server, trusting: server.caFile) == nil)
        #expect(await outcome(of: server, trusting: nil, environment: ["CURL_CA_BUNDLE": server.caFile]) == nil)
        let unknown = await outcome(of: server, trusting: nil)
        #expect(
            unknown
                == .unreachable(
                    "Cannot connect to https://127.0.0.1:\(server.port) (SSL certificate problem: unable to get local issuer "
                        + "certificate). Check the server's certificate and `ca_file`."
                )
        )
        let missing = await outcome(of: server, trusting: "/nowhere/ca.pem")
        guard case .unreachable(let words)? = missing else {
            Issue.record("a missing authority must make the host unreachable, not \(String(describing: missing))")
            return
        }
        #expect(words.contains("/nowhere/ca.pem"))
    }

    @Test("A certificate of another host is refused")
    func otherHost() async throws {
        let server = try await TLSServer(host: "DNS:gateway.test")
        defer { server.stop() }
        for host in ["127.0.0.1", "localhost"] {
            guard case .unreachable(let words)? = await outcome(of: server, trusting: server.caFile, host: host) else {
                Issue.record("the certificate of another host was accepted for \(host)")
                continue
            }
            #expect(words.contains("SSL"))
        }
    }

    @Test("TLS versions before 1.2 are refused", arguments: [("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)])
    func versions(option: String, isAccepted: Bool) async throws {
        let server = try await TLSServer(host: "IP:127.0.0.1", options: [option, "-cipher", "ALL:@SECLEVEL=0"])
        defer { server.stop() }
        #expect((await outcome(of: server, trusting: server.caFile) == nil) == isAccepted)
    }

    @Test("Each later connection resumes the first one's session")
    func resumption() async throws {
        let server = try await TLSServer(host: "IP:127.0.0.1", options: ["-tls1_3"])
        defer { server.stop() }
        let transfer = CurlTransfer(
            settings: TransferSettings(userAgent: "rollcall/test", caFile: server.caFile, environment: [:])
        )
        var bodies: [String] = []
        for _ in 0..<3 {
            let request = HTTPRequest(method: "GET", url: "https://127.0.0.1:\(server.port)/")
            bodies.append(String(decoding: try await transfer.exchange(request).body, as: UTF8.self))
        }
        await transfer.close()
        // The server closes after each answer, which says whether the session was new.
        #expect(bodies.map { $0.contains("Reused, TLSv1.3") } == [false, true, true])
    }
}

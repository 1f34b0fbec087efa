import Foundation
import Glibc

/// A loopback server that sends scripted bytes, and counts its requests.
///
/// It blocks on its own threads, never on those that run the tests.
package final class ScriptedServer: @unchecked Sendable {
    /// What the server does after a request.
    package enum Step: Sendable {
        /// Sends bytes.
        case send([UInt8])
        /// Sends the same bytes repeatedly until the client hangs up.
        case sendForever([UInt8], pause: Duration = .zero)
        /// Hangs up.
        case close
        /// Sends nothing more and waits until the client hangs up.
        case waitForHangUp
    }

    /// One received request.
    package struct Request: Sendable {
        /// Its connection, from 0.
        package let connection: Int
        /// The request line and the header fields, or what arrived instead.
        package let head: String
        /// The body.
        package let body: [UInt8]

        /// The first line without its line break.
        package var line: String { String(head.prefix { $0 != "\r\n" }) }

        /// Returns the values of a header field, given in lower case.
        package func values(of name: String) -> [String] {
            head.split(separator: "\r\n").dropFirst().compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, parts[0].lowercased() == name else { return nil }
                return parts[1].trimmingCharacters(in: .whitespaces)
            }
        }
    }

    /// The port it listens on.
    package let port: Int

    private let listener: Int32
    private let script: @Sendable (Request) -> [Step]
    private let lock = NSLock()
    private var seen: [Request] = []
    private var openSockets: Set<Int32> = []
    private var connectionCount = 0
    private var hangUpCount = 0
    private var isClosed = false

    /// Listens on a free port and answers each request by the script.
    package init(_ script: @escaping @Sendable (Request) -> [Step]) throws {
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, size) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, generic, &size) == 0
            }
        }
        guard isListening else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EINVAL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { self.acceptConnections() }
    }

    /// The server's URL.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// The requests so far.
    package var requests: [Request] { lock.withLock { seen } }

    /// The number of connections so far.
    package var connections: Int { lock.withLock { connectionCount } }

    /// The number of connections that the client closed while the server waited for that.
    package var hangUps: Int { lock.withLock { hangUpCount } }

    /// Whether it has stopped listening.
    package var hasEnded: Bool { lock.withLock { isClosed } }

    /// Stops listening and closes every connection.
    package func stop() {
        lock.withLock {
            shutdown(listener, Int32(SHUT_RDWR))
            for socket in openSockets { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    private func acceptConnections() {
        while true {
            let socket = accept(listener, nil, nil)
            guard socket >= 0 else { break }
            let number = lock.withLock {
                openSockets.insert(socket)
                connectionCount += 1
                return connectionCount - 1
            }
            Thread.detachNewThread { self.serve(socket, number) }
        }
        Glibc.close(listener)
        lock.withLock { isClosed = true }
    }

    private func serve(_ socket: Int32, _ number: Int) {
        var buffer: [UInt8] = []
        serving: while let request = readRequest(socket, number, &buffer) {
            lock.withLock { seen.append(request) }
            for step in script(request) where !perform(step, socket) { break serving }
        }
        lock.withLock { _ = openSockets.remove(socket) }
        Glibc.close(socket)
    }

    /// Performs a step; returns false when the connection is over.
    private func perform(_ step: Step, _ socket: Int32) -> Bool {
        switch step {
        case .send(let bytes):
            return write(bytes, socket)
        case .sendForever(let bytes, let pause):
            while write(bytes, socket) { if pause > .zero { usleep(UInt32(pause / .microseconds(1))) } }
            lock.withLock { hangUpCount += 1 }
            return false
        case .close:
            return false
        case .waitForHangUp:
            var byte: UInt8 = 0
            while recv(socket, &byte, 1, 0) > 0 {}
            lock.withLock { hangUpCount += 1 }
            return false
        }
    }

    private func write(_ bytes: [UInt8], _ socket: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { rest in
                send(socket, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Returns the next request; for a TLS handshake, the first bytes.
    private func readRequest(_ socket: Int32, _ number: Int, _ buffer: inout [UInt8]) -> Request? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let split = buffer.firstRange(of: end) {
                let head = String(decoding: buffer[..<split.lowerBound], as: UTF8.self)
                let start = Request(connection: number, head: head, body: [])
                let length = start.values(of: "content-length").first.flatMap { Int($0) } ?? 0
                if buffer.count >= split.upperBound + length {
                    let body = Array(buffer[split.upperBound..<(split.upperBound + length)])
                    buffer.removeFirst(split.upperBound + length)
                    return Request(connection: number, head: head, body: body)
                }
            } else if buffer.first == 0x16 {
                return Request(connection: number, head: "TLS", body: buffer)
            }
            var part = [UInt8](repeating: 0, count: 16_384)
            let count = recv(socket, &part, part.count, 0)
            guard count > 0 else { return nil }
            buffer += part[..<count]
        }
    }
}

extension ScriptedServer.Step {
    /// Returns a complete answer with a Content-Length.
    package static func answer(
        _ status: String = "200 OK", headers: [String] = [], body: [UInt8] = []
    ) -> ScriptedServer.Step {
        let lines = ["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.count)", "", ""]
        return .send(Array(lines.joined(separator: "\r\n").utf8) + body)
    }

    /// Returns a step that sends a text unchanged.
    package static func text(_ text: String) -> ScriptedServer.Step { .send(Array(text.utf8)) }
}

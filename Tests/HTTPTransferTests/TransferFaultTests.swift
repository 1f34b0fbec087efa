import HTTPTransfer
import ScriptedServer
import Testing

/// The kind of a fault, without its message.
private enum Kind: Equatable {
    case invalidRequest
    case unreachable
    case timedOut
    case interrupted
    case tooLarge(Int)
    case malformed
    case cancelled

    init(_ error: TransferError) {
        self =
            switch error {
            case .invalidRequest: .invalidRequest
            case .unreachable: .unreachable
            case .timedOut: .timedOut
            case .interrupted: .interrupted
            case .tooLarge(let limit): .tooLarge(limit)
            case .malformed: .malformed
            case .cancelled: .cancelled
            }
    }
}

/// Returns the error of an exchange; an answer fails the test.
private func fault(_ transfer: CurlTransfer, _ request: HTTPRequest) async throws -> TransferError {
    try #require(
        await #expect(throws: TransferError.self) { try await transfer.exchange(request) },
        "an error was expected, and the exchange gave an answer"
    )
}

private func get(_ url: String, timeout: Duration = .seconds(60)) -> HTTPRequest {
    HTTPRequest(method: "GET", url: url, timeout: timeout)
}

@Suite("Failed exchanges", .timeLimit(.minutes(5)))
struct TransferFaultTests {
    @Test("An exchange is unreachable if nobody listens")
    func refused() async throws {
        let server = try ScriptedServer { _ in [] }
        let url = server.url
        server.stop()
        let transfer = CurlTransfer(settings: settings())
        try await eventually { server.hasEnded }
        #expect(
            try await fault(transfer, get(url))
                == .unreachable("Cannot connect to \(url) (connection refused). Check gateway.url.")
        )
        await transfer.close()
    }

    @Test("An exchange is unreachable if the TLS handshake fails or never ends", arguments: [true, false])
    func handshake(answers: Bool) async throws {
        try await withServer(settings { $0.connectTimeout = .milliseconds(100) }) { request in
            answers ? [.text("HTTP/1.1 400 Bad Request\r\n\r\n"), .close] : [.waitForHangUp]
        } _: { server, transfer in
            let error = try await fault(transfer, get("https://127.0.0.1:\(server.port)/"))
            #expect(Kind(error) == .unreachable)
            #expect(server.requests.map(\.head) == ["TLS"])
        }
    }

    @Test("An exchange times out if the answer never comes, never ends, or is too slow")
    func timedOut() async throws {
        try await withServer { request in
            switch request.line.split(separator: " ")[1] {
            case "/never": [.waitForHangUp]
            case "/head": [.text("HTTP/1.1 200 OK\r\n"), .waitForHangUp]
            case "/drip":
                [
                    .text("HTTP/1.1 200 OK\r\n\r\n"),
                    .sendForever([UInt8(ascii: " ")], pause: .milliseconds(20)),
                ]
            default: [.text("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), .waitForHangUp]
            }
        } _: { server, transfer in
            for path in ["/never", "/head", "/drip", "/body"] {
                let error = try await fault(transfer, get(server.url + path, timeout: .milliseconds(200)))
                #expect(error == .timedOut("127.0.0.1 did not send a complete answer in time."))
            }
        }
    }

    @Test("An exchange times out below the minimum speed, long before the timeout")
    func stalled() async throws {
        let slow = settings {
            $0.stallBytesPerSecond = 1_000_000
            $0.stallWindow = .seconds(1)
        }
        try await withServer(slow) { _ in
            [.text("HTTP/1.1 200 OK\r\n\r\n"), .sendForever([32], pause: .milliseconds(20))]
        } _: { server, transfer in
            let error = try await fault(transfer, get(server.url, timeout: .seconds(3_600)))
            #expect(Kind(error) == .timedOut)
        }
    }

    @Test(
        "An exchange is interrupted if the connection ends too early",
        arguments: [
            "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        ]
    )
    func truncated(answer: String) async throws {
        try await withServer { _ in
            [.text(answer), .close]
        } _: { server, transfer in
            let error = try await fault(transfer, get(server.url))
            #expect(Kind(error) == .interrupted)
        }
    }

    @Test(
        "An exchange is malformed if the answer violates HTTP",
        arguments: [
            "hello there, this is no HTTP\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n",
            "HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!",
        ]
    )
    func malformed(answer: String) async throws {
        try await withServer { _ in
            [.text(answer), .close]
        } _: { server, transfer in
            let error = try await fault(transfer, get(server.url))
            #expect(Kind(error) == .malformed)
        }
    }

    @Test("A body above the limit is stopped, whether or not its length was announced")
    func tooLarge() async throws {
        try await withServer(settings { $0.responseLimit = 1_000 }) { request in
            switch request.line.split(separator: " ")[1] {
            case "/fits": [.answer(body: [UInt8](repeating: 65, count: 1_000))]
            case "/announced": [.text("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"), .waitForHangUp]
            default: [.text("HTTP/1.1 200 OK\r\n\r\n"), .sendForever([UInt8](repeating: 65, count: 100))]
            }
        } _: { server, transfer in
            let fitting = try await transfer.exchange(get(server.url + "/fits"))
            #expect(fitting.body.count == 1_000)
            for path in ["/announced", "/endless"] {
                #expect(try await fault(transfer, get(server.url + path)) == .tooLarge(limit: 1_000))
            }
        }
    }

    @Test("Endless header fields are stopped", arguments: ["X-Filler: aaaaaaaaaaaaaaaaaaaaaaaa\r\n", "aaaaaaaa"])
    func endlessHeaders(filler: String) async throws {
        try await withServer(settings { $0.headerLimit = 10_000 }) { _ in
            [.text("HTTP/1.1 200 OK\r\n"), .sendForever(Array(filler.utf8))]
        } _: { server, transfer in
            let error = try await fault(transfer, get(server.url))
            #expect([.tooLarge(10_000), .malformed, .interrupted].contains(Kind(error)))
        }
    }

    @Test("A compressed body is stopped as soon as it unpacks above the limit")
    func bomb() async throws {
        try await withServer(settings { $0.responseLimit = 5 << 20 }) { _ in
            [
                .text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"), .send(GzipBytes.header),
                .sendForever(GzipBytes.expandingZeros),
            ]
        } _: { server, transfer in
            let error = try await fault(transfer, get(server.url))
            #expect(error == .tooLarge(limit: 5 << 20))
        }
    }

    @Test("An error does not mention path, header fields or body")
    func silence() async throws {
        try await withServer { _ in
            [.text("6281234567890 secret\r\n\r\n"), .close]
        } _: { server, transfer in
            let paths = ["6281234567890", "%0d%0a"].map { "\(server.url)/\($0)" }
            for url in paths + ["http://user:secret@127.0.0.1/", "http://127.0.0.1:1/6281234567890"] {
                let request = HTTPRequest(
                    method: "POST", url: url, headers: [("Authorization", "secret")], body: Array("secret".utf8)
                )
                let words = "\(try await fault(transfer, request))"
                #expect(!words.contains("secret"))
                #expect(!words.contains("62812"))
                #expect(!String(reflecting: request).contains("secret"))
                var dumped = ""
                dump(request, to: &dumped)
                #expect(!dumped.contains("secret"))
                #expect(!dumped.contains("62812"))
            }
        }
    }

    @Test(
        "A request that would reveal too much is refused before anything is sent",
        arguments: [
            ("GET", "/", "X", "a\r\nEvil: 1"), ("GET", "/", "X", "a\nb"), ("GET", "/", "X", "a\0b"),
            ("GET", "/", "X: y\r\nEvil", "1"), ("GET", "/", "", "1"), ("GET", "/", "X Y", "1"),
            ("GET", "/ HTTP/1.1\r\nEvil: 1\r\n\r\n", "X", "1"), ("GET", "/a b", "X", "1"), ("GET", "/ü", "X", "1"),
            ("GET", "/a#b", "X", "1"), ("GET", "/\u{7F}", "X", "1"), ("GET\r\nX:", "/", "X", "1"),
            ("", "/", "X", "1"), ("get", "/", "X", "1"),
        ]
    )
    func injection(method: String, path: String, name: String, value: String) async throws {
        try await withServer { _ in
            [.answer()]
        } _: { server, transfer in
            let request = HTTPRequest(method: method, url: server.url + path, headers: [(name, value)])
            let error = try await fault(transfer, request)
            #expect(Kind(error) == .invalidRequest)
            #expect(server.connections == 0)
        }
    }
}

@Suite("Cancelled exchanges", .timeLimit(.minutes(5)))
struct AbandonedTransferTests {
    @Test("A cancelled task aborts its exchange and closes the connection")
    func cancelled() async throws {
        try await withServer { _ in
            [.waitForHangUp]
        } _: { server, transfer in
            let url = server.url
            let outcome = await withTaskGroup(of: Result<Int, TransferError>.self) { group in
                group.addTask {
                    do throws(TransferError) {
                        return .success(try await transfer.exchange(get(url)).status)
                    } catch {
                        return .failure(error)
                    }
                }
                try? await eventually { server.requests.count == 1 }
                group.cancelAll()
                return await group.next()
            }
            #expect(outcome == .failure(.cancelled))
            try await eventually { server.hangUps == 1 }
        }
    }

    @Test("An exchange that is cancelled before or while it waits is never sent")
    func cancelledEarly() async throws {
        try await withServer(settings { $0.readsPerHost = 1 }) { _ in
            [.waitForHangUp]
        } _: { server, transfer in
            let url = server.url
            // One request holds the only connection while those behind it are cancelled.
            await withTaskGroup(of: Void.self) { first in
                first.addTask {
                    await #expect(throws: TransferError.cancelled) { try await transfer.exchange(get(url)) }
                }
                try? await eventually { server.requests.count == 1 }
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<31 {
                        group.addTask {
                            await #expect(throws: TransferError.cancelled) { try await transfer.exchange(get(url)) }
                        }
                    }
                    group.cancelAll()
                    group.addTask {
                        await #expect(throws: TransferError.cancelled) { try await transfer.exchange(get(url)) }
                    }
                }
                first.cancelAll()
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test("A cancelled exchange does not affect others")
    func others() async throws {
        try await withServer { request in
            request.line.contains("/slow") ? [.waitForHangUp] : [.answer()]
        } _: { server, transfer in
            let url = server.url
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await transfer.exchange(get(url + "/slow")) }
                try await eventually { server.requests.count == 1 }
                for _ in 0..<10 { #expect(try await transfer.exchange(get(url + "/fast")).status == 200) }
                group.cancelAll()
            }
            #expect(try await transfer.exchange(get(url + "/fast")).status == 200)
        }
    }

    @Test("An exchange past its deadline is not sent") func tooLate() async throws {
        try await withServer(settings { $0.readsPerHost = 1 }) { request in
            request.line.contains("/hangs") ? [.waitForHangUp] : [.answer()]
        } _: { server, transfer in
            let url = server.url
            let first = Task { try await transfer.exchange(get("\(url)/hangs")) }
            try await eventually { server.requests.count == 1 }
            var request = get("\(url)/late")
            request.end = .now + .milliseconds(50)
            async let late = fault(transfer, request)
            try await Task.sleep(for: .milliseconds(100))
            // The connection becomes free after the deadline of one of them.
            first.cancel()
            #expect(Kind(try await late) == .unreachable)
            #expect(try await transfer.exchange(get("\(url)/next")).status == 200)
            #expect(server.requests.allSatisfy { !$0.line.contains("/late") })
        }
    }

    @Test("An exchange does not wait for requests of the other kind") func ownPositions() async throws {
        try await withServer(
            settings {
                $0.readsPerHost = 1
                $0.changesPerHost = 2
            }
        ) { request in
            request.line.contains("/hangs") ? [.waitForHangUp] : [.answer()]
        } _: { server, transfer in
            let url = server.url
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await transfer.exchange(HTTPRequest(method: "POST", url: "\(url)/hangs")) }
                group.addTask { _ = try? await transfer.exchange(HTTPRequest(method: "POST", url: "\(url)/hangs")) }
                try? await eventually { server.requests.count == 2 }
                #expect((try? await transfer.exchange(get(url)).status) == 200)
                group.cancelAll()
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await transfer.exchange(get("\(url)/hangs")) }
                try? await eventually { server.requests.count == 4 }
                #expect((try? await transfer.exchange(HTTPRequest(method: "POST", url: url)).status) == 200)
                group.cancelAll()
            }
        }
    }

    @Test("Closing the transfer fails current and later exchanges with a clear error")
    func closed() async throws {
        let server = try ScriptedServer { _ in [.waitForHangUp] }
        defer { server.stop() }
        let url = server.url
        let transfer = CurlTransfer(settings: settings { $0.readsPerHost = 2 })
        let kinds = try await withThrowingTaskGroup(of: Kind.self) { group in
            for _ in 0..<5 { group.addTask { Kind(try await fault(transfer, get(url))) } }
            try await eventually { server.requests.count == 2 }
            await transfer.close()
            return try await group.reduce(into: [Kind]()) { $0.append($1) }
        }
        #expect(kinds.count { $0 == .interrupted } == 2)
        #expect(kinds.count { $0 == .unreachable } == 3)
        let error = try await fault(transfer, get(url))
        #expect(Kind(error) == .unreachable)
        await transfer.close()
        try await eventually { server.hangUps == 2 }
    }

    @Test("A transfer that nobody closed is cleaned up")
    func forgotten() async throws {
        let server = try ScriptedServer { request in
            request.connection == 0 ? [.answer(), .waitForHangUp] : [.answer()]
        }
        defer { server.stop() }
        _ = try await CurlTransfer(settings: settings()).exchange(get(server.url))
        try await eventually { server.hangUps == 1 }
    }

    @Test("A transfer may be closed before its first use")
    func unused() async throws {
        let transfer = CurlTransfer(settings: settings())
        await transfer.close()
        await transfer.close()
        let error = try await fault(transfer, get("http://127.0.0.1:1/"))
        #expect(Kind(error) == .unreachable)
    }
}

@Suite("Dying connections", .timeLimit(.minutes(5)))
struct DyingConnectionTests {
    /// Answers a run's first request, and hangs up after reading the second.
    private static let dies: @Sendable (ScriptedServer.Request) -> [ScriptedServer.Step] = { request in
        request.line.hasPrefix("GET /warm-up") ? [.answer()] : [.close]
    }

    @Test("A change reaches the server exactly once", arguments: ["POST", "DELETE", "PUT"])
    func change(method: String) async throws {
        try await withServer(settings(), Self.dies) { server, transfer in
            for body in [nil, Array("{}".utf8)] {
                _ = try await transfer.exchange(get(server.url + "/warm-up"))
                let request = HTTPRequest(method: method, url: server.url + "/change", body: body)
                let error = try await fault(transfer, request)
                #expect(Kind(error) == .interrupted)
            }
            #expect(server.requests.count { $0.line.contains("/change") } == 2)
        }
    }

    @Test("A change uses a connection only if it was used recently, never after a long idle time")
    func idleConnection() async throws {
        try await withServer { _ in
            [.answer()]
        } _: { server, transfer in
            for pause in [Duration.zero, .seconds(2.1), .zero] {
                try await Task.sleep(for: pause)
                _ = try await transfer.exchange(HTTPRequest(method: "POST", url: server.url))
                _ = try await transfer.exchange(get(server.url))
            }
            #expect(server.requests.map(\.connection) == [0, 0, 1, 1, 1, 1])
        }
    }

    @Test("After a connection dies, each change has its own connection")
    func unsteady() async throws {
        try await withServer { request in
            request.line.contains("/lost") ? [.close] : [.answer()]
        } _: { server, transfer in
            func change(_ path: String) -> HTTPRequest { HTTPRequest(method: "POST", url: server.url + path) }
            _ = try await transfer.exchange(change("/a"))
            _ = try await transfer.exchange(change("/b"))
            let error = try await fault(transfer, change("/lost"))
            #expect(Kind(error) == .interrupted)
            for path in ["/c", "/d"] { _ = try await transfer.exchange(change(path)) }
            let used = server.requests.map(\.connection)
            #expect(used.prefix(3) == [0, 0, 0])
            #expect(used.count == 5 && Set(used.suffix(3)).count == 3)
        }
    }

    @Test("With an idle limit of zero, each change gets a new connection")
    func freshConnection() async throws {
        try await withServer(settings { $0.idleSecondsBeforeChange = 0 }) { _ in
            [.answer()]
        } _: { server, transfer in
            _ = try await transfer.exchange(get(server.url))
            for _ in 0..<3 {
                _ = try await transfer.exchange(HTTPRequest(method: "POST", url: server.url))
                _ = try await transfer.exchange(get(server.url))
            }
            let changes = server.requests.filter { $0.line.hasPrefix("POST") }
            #expect(Set(changes.map(\.connection)).count == 3)
            #expect(!changes.map(\.connection).contains(0))
            #expect(server.connections == 4)
        }
    }

    @Test("Changes and reads run side by side, even with only one connection allowed")
    func oneConnection() async throws {
        try await withServer(settings { $0.readsPerHost = 1 }) { _ in
            [.answer()]
        } _: { server, transfer in
            let url = server.url
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<40 {
                    let method = number.isMultiple(of: 2) ? "GET" : "POST"
                    group.addTask { try await transfer.exchange(HTTPRequest(method: method, url: url)).status }
                }
                for try await status in group { #expect(status == 200) }
            }
            #expect(server.requests.count == 40)
        }
    }

    @Test("A read does not fail; it is repeated on a new connection")
    func read() async throws {
        try await withServer { request in
            request.connection == 0 && request.line.contains("/again") ? [.close] : [.answer()]
        } _: { server, transfer in
            _ = try await transfer.exchange(get(server.url + "/warm-up"))
            #expect(try await transfer.exchange(get(server.url + "/again")).status == 200)
            #expect(server.requests.map(\.connection) == [0, 0, 1])
        }
    }
}

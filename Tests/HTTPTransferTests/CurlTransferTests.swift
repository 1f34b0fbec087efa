import HTTPTransfer
import ScriptedServer
import Testing

/// Returns the settings that every test of this module starts from.
func settings(_ change: (inout TransferSettings) -> Void = { _ in }) -> TransferSettings {
    var settings = TransferSettings(userAgent: "rollcall/test", environment: [:])
    change(&settings)
    return settings
}

/// Runs a test with a server and a transfer, and closes both.
func withServer(
    _ settings: TransferSettings = settings(),
    _ script: @escaping @Sendable (ScriptedServer.Request) -> [ScriptedServer.Step],
    _ body: (ScriptedServer, CurlTransfer) async throws -> Void
) async throws {
    let server = try ScriptedServer(script)
    defer { server.stop() }
    let transfer = CurlTransfer(settings: settings)
    do {
        try await body(server, transfer)
    } catch {
        await transfer.close()
        throw error
    }
    await transfer.close()
}

/// Waits until a condition holds; the test's time limit ends a wait in vain.
func eventually(_ condition: () -> Bool) async throws {
    while !condition() { try await Task.sleep(for: .milliseconds(1)) }
}

@Suite("Exchanges", .timeLimit(.minutes(5)))
struct CurlTransferTests {
    @Test("An exchange returns status, header fields in order with lower-case names, and body")
    func answer() async throws {
        try await withServer { _ in
            [.answer("418 I'm a teapot", headers: ["X-One:  a ", "x-two:b:c", "X-ONE: d"], body: Array("hello".utf8))]
        } _: { server, transfer in
            let answer = try await transfer.exchange(HTTPRequest(method: "GET", url: "\(server.url)/a"))
            #expect(answer.status == 418)
            #expect(answer.body == Array("hello".utf8))
            #expect(answer.headers.map(\.name) == ["x-one", "x-two", "x-one", "content-length"])
            #expect(answer.headers.map(\.value) == ["a", "b:c", "d", "5"])
            #expect(answer.header("x-one") == "a")
        }
    }

    @Test("An exchange leaves no state for later ones")
    func nothingLeft() async throws {
        try await withServer { request in
            [.answer("200 OK", headers: ["X-Line: \(request.line)"], body: request.body)]
        } _: { server, transfer in
            let requests = [
                ("POST", "/a", [("Authorization", "Bearer one"), ("X-Only", "1")], "a long body, the first"),
                ("POST", "/b", [("Authorization", "Bearer two")], "short"),
                ("POST", "/c", [], ""), ("GET", "/d", [("X-Only", "2")], nil), ("GET", "/e", [], nil),
                ("DELETE", "/f", [], nil), ("DELETE", "/g", [], "a body"), ("POST", "/h", [], nil),
                ("DELETE", "/i", [], nil), ("GET", "/j", [], "a body"), ("GET", "/k", [], nil),
            ]
            for (method, path, headers, body) in requests {
                let answer = try await transfer.exchange(
                    HTTPRequest(
                        method: method, url: server.url + path, headers: headers, body: body.map { Array($0.utf8) }))
                #expect(answer.header("x-line") == "\(method) \(path) HTTP/1.1")
                #expect(answer.body == Array((body ?? "").utf8))
                let sent = try #require(server.requests.last)
                #expect(sent.head.contains("X-Only") == headers.contains { $0.0 == "X-Only" })
                for token in ["one", "two"] {
                    #expect(sent.head.contains("Bearer \(token)") == headers.contains { $0.1 == "Bearer \(token)" })
                }
            }
        }
    }

    @Test("An exchange sends exactly the given method, path, header fields and body")
    func request() async throws {
        try await withServer { _ in
            [.answer("204 No Content")]
        } _: { server, transfer in
            let url = "\(server.url)/a/../b%40c/./d?x=%2B1"
            let request = HTTPRequest(
                method: "POST", url: url,
                headers: [("Authorization", "Bearer secret"), ("Content-Type", "application/json"), ("X-Empty", "")],
                body: Array(#"{"a":1}"#.utf8)
            )
            #expect(try await transfer.exchange(request).status == 204)
            let seen = try #require(server.requests.first)
            #expect(seen.line == "POST /a/../b%40c/./d?x=%2B1 HTTP/1.1")
            #expect(seen.body == Array(#"{"a":1}"#.utf8))
            #expect(seen.values(of: "authorization") == ["Bearer secret"])
            #expect(seen.values(of: "content-type") == ["application/json"])
            #expect(seen.values(of: "x-empty") == [""])
            #expect(seen.values(of: "user-agent") == ["rollcall/test"])
            #expect(seen.values(of: "expect").isEmpty)
            #expect(seen.values(of: "cookie").isEmpty)
            #expect(seen.values(of: "accept-encoding").first?.contains("gzip") == true)
        }
    }

    @Test(
        "An exchange supports every method, with and without a body",
        arguments: ["GET", "POST", "DELETE", "PUT", "PATCH"])
    func methods(method: String) async throws {
        try await withServer { _ in
            [.answer()]
        } _: { server, transfer in
            for body in [nil, Array("body".utf8), [UInt8](repeating: 65, count: 2 << 20)] {
                let request = HTTPRequest(method: method, url: server.url + "/", body: body)
                #expect(try await transfer.exchange(request).status == 200)
                let seen = try #require(server.requests.last)
                #expect(seen.line == "\(method) / HTTP/1.1")
                #expect(seen.body == body ?? [])
                #expect(seen.values(of: "content-type").isEmpty)
                #expect(seen.values(of: "expect").isEmpty)
            }
        }
    }

    @Test("Consecutive reads reuse one connection")
    func keepAlive() async throws {
        try await withServer { _ in
            [.answer()]
        } _: { server, transfer in
            for _ in 0..<20 { _ = try await transfer.exchange(HTTPRequest(method: "GET", url: server.url)) }
            #expect(server.requests.count == 20)
            #expect(server.connections == 1)
        }
    }

    @Test(
        "Tasks that prefer the transfer's thread finish, whenever it is closed",
        arguments: [0, 1, 30, 10_000])
    func executor(yields: Int) async throws {
        let server = try ScriptedServer { request in [.answer(body: Array(request.line.utf8))] }
        defer { server.stop() }
        let url = server.url
        let transfer = CurlTransfer(settings: settings())
        let isClosedEarly = yields > 30
        let done = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask(executorPreference: transfer.executor) {
                    let request = HTTPRequest(method: "GET", url: "\(url)/\(number)")
                    let first = try? await transfer.exchange(request).body
                    for _ in 0..<yields { await Task.yield() }
                    let second = try? await transfer.exchange(request).body
                    return [first, second].allSatisfy { body in
                        body.map { $0 == Array("GET /\(number) HTTP/1.1".utf8) } ?? isClosedEarly
                    }
                }
            }
            // Closed while all are running.
            try? await eventually { server.requests.count >= 8 }
            if isClosedEarly { await transfer.close() }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(done == 8)
        await transfer.close()
        let after = await Task(executorPreference: transfer.executor) { 1 }.value
        #expect(after == 1)
    }

    @Test("Many concurrent exchanges use at most the allowed connections", arguments: [1, 4, 16])
    func concurrent(limit: Int) async throws {
        try await withServer(settings { $0.readsPerHost = limit }) { request in
            [.answer(body: Array(request.line.utf8))]
        } _: { server, transfer in
            let bodies = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
                for number in 0..<64 {
                    let request = HTTPRequest(method: "GET", url: "\(server.url)/\(number)")
                    group.addTask { (number, try await transfer.exchange(request).body) }
                }
                return try await group.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
            }
            #expect(bodies.count == 64)
            for (number, body) in bodies { #expect(body == Array("GET /\(number) HTTP/1.1".utf8)) }
            #expect(server.connections <= limit)
        }
    }

    @Test("Chunks, interim answers and trailers are accepted, and only the final answer's fields are kept")
    func chunks() async throws {
        try await withServer { _ in
            [
                .text("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"),
                .text("HTTP/1.1 200 OK\r\nX-Final: 1\r\nTransfer-Encoding: chunked\r\nTrailer: Retry-After\r\n\r\n"),
                .text("3\r\nabc\r\n"), .text("2;x=y\r\nde\r\n0\r\nRetry-After: 9\r\n\r\n"),
            ]
        } _: { server, transfer in
            let answer = try await transfer.exchange(HTTPRequest(method: "GET", url: server.url))
            #expect(answer.body == Array("abcde".utf8))
            #expect(answer.headers.map(\.name) == ["x-final", "transfer-encoding", "trailer"])
        }
    }

    @Test("Compressed bodies are decompressed")
    func gzip() async throws {
        let text = Array(#"{"data":[]}"#.utf8)
        try await withServer { _ in
            [.answer(headers: ["Content-Encoding: gzip"], body: GzipBytes.stored(text))]
        } _: { server, transfer in
            let answer = try await transfer.exchange(HTTPRequest(method: "GET", url: server.url))
            #expect(answer.body == text)
        }
    }

    @Test("Redirects are never followed", arguments: [301, 302, 303, 307, 308])
    func redirect(status: Int) async throws {
        try await withServer { request in
            [.answer("\(status) Moved", headers: ["Location: /elsewhere"])]
        } _: { server, transfer in
            let headers = [(name: "Authorization", value: "Bearer secret")]
            let answer = try await transfer.exchange(HTTPRequest(method: "GET", url: server.url, headers: headers))
            #expect(answer.status == status)
            #expect(answer.header("location") == "/elsewhere")
            #expect(server.requests.count == 1)
        }
    }

    @Test("Cookies are never kept")
    func cookies() async throws {
        try await withServer { _ in
            [.answer(headers: ["Set-Cookie: a=b"])]
        } _: { server, transfer in
            for _ in 0..<2 { _ = try await transfer.exchange(HTTPRequest(method: "GET", url: server.url)) }
            #expect(server.requests.allSatisfy { $0.values(of: "cookie").isEmpty })
        }
    }
}

import Core
import Foundation
import GatewaySimulator
import HTTPTransfer
import Testing

@Suite("Faults over HTTP, injected through the control paths")
struct FaultsOverHTTPTests {
    private static let session = "/api/v1/sessions/\(SampleWorld.session)"
    private static let group = "\(session)/groups/120363041234567890%40g.us"
    private static let removal = "\(group)/members/447700900103%40s.whatsapp.net"

    /// Serves a world in which a fault affects one request, and checks that the next one is normal.
    private func serve(
        _ rule: String, responseLimit: Int = 64 << 20,
        _ body: @escaping @Sendable (Client) async throws -> Void
    ) async throws -> SampleWorld {
        let sample = try SampleWorld(servesControlPaths: true)
        try await GatewaySimulatorTests.serve(sample, responseLimit: responseLimit) { client, _ in
            let rules = "[{ path: '*', \(rule) }]"
            let taken = try await client.ask("POST", "/_simulator/faults", ("accept", "*/*"), body: rules)
            #expect(taken.status == 204, "\(String(decoding: taken.body, as: UTF8.self))")
            try await body(client)
            #expect(try await client.ask("GET", "\(Self.session)/groups", ("x-api-key", "wa_full")).status == 200)
        }
        return sample
    }

    @Test(
        "A status and its Retry-After arrive as requested, before or after the effect",
        arguments: [
            ("status: 503, code: unavailable", "unavailable", nil, false),
            ("status: 429, retry_after: 7", "internal_error", "7", false),
            ("status: 429, retry_after_date: 60", "internal_error", "Wed, 18 Nov 2026 11:07:40 GMT", false),
            ("status: 500, after_effect: true", "internal_error", nil, true),
        ] as [(String, String, String?, Bool)])
    func statuses(rule: String, code: String, retryAfter: String?, takesEffect: Bool) async throws {
        let sample = try await serve(rule) { client in
            let answer = try await client.ask("DELETE", Self.removal, ("x-api-key", "wa_full"))
            #expect(rule.contains("status: \(answer.status)"))
            #expect(try JSONDecoder().decode(Envelope.self, from: Data(answer.body)).error.code == code)
            #expect(answer.header("retry-after") == retryAfter)
        }
        #expect(try (sample.roles()[sample.member] == nil) == takesEffect)
    }

    @Test("A redirect is sent without effect")
    func redirect() async throws {
        let sample = try await serve("redirect: 'https://elsewhere.example/'") { client in
            let answer = try await client.ask("DELETE", Self.removal, ("x-api-key", "wa_full"))
            #expect(answer.status == 307)
            #expect(answer.header("location") == "https://elsewhere.example/")
        }
        #expect(try sample.roles()[sample.member] == .member)
    }

    @Test("A body that is not JSON arrives as requested, text or bytes")
    func garbage() async throws {
        _ = try await serve("garbage: <html>busy</html>") { client in
            let answer = try await client.ask("GET", Self.group, ("x-api-key", "wa_full"))
            #expect(answer.header("content-type") == "text/html; charset=utf-8")
            #expect(String(decoding: answer.body, as: UTF8.self) == "<html>busy</html>")
        }
        _ = try await serve("garbage_bytes: '7b 22 ff C0 22'") { client in
            let answer = try await client.ask("GET", Self.group, ("x-api-key", "wa_full"))
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "application/json; charset=utf-8")
            #expect(answer.body == [0x7B, 0x22, 0xFF, 0xC0, 0x22])
        }
    }

    @Test("Changed fields and endless pages reach the client")
    func lies() async throws {
        _ = try await serve("change: { participantCount: -1, groupJid: '\"1@g.us\"' }, only_first: true") { client in
            let answer = try await client.ask("GET", Self.group, ("x-api-key", "wa_full"))
            let group = try JSONDecoder().decode(Group.self, from: Data(answer.body))
            #expect(group.participantCount == -1)
            #expect(group.groupJid == "1@g.us")
        }
        _ = try await serve("endless: repeated") { client in
            let answer = try await client.ask("GET", "\(Self.group)/members", ("x-api-key", "wa_full"))
            let page = try JSONDecoder().decode(Page<Member>.self, from: Data(answer.body))
            #expect(page.data.count == 4)
            #expect(page.nextCursor?.isEmpty == false)
        }
    }

    @Test("A gzip bomb is complete and valid gzip, and a client with a limit stops it")
    func bomb() async throws {
        let rule = "gzip_bomb: 3"
        _ = try await serve(rule) { client in
            let answer = try await client.ask("GET", Self.group, ("x-api-key", "wa_full"))
            let whole = try await client.ask("GET", Self.group, ("x-api-key", "wa_full"))
            #expect(answer.status == 200)
            #expect(answer.body.count == 3 << 20 + whole.body.count)
            #expect(answer.body.prefix(3 << 20).allSatisfy { $0 == UInt8(ascii: " ") })
            #expect(answer.body.suffix(whole.body.count) == whole.body[...])
        }
        _ = try await serve(rule, responseLimit: 1 << 20) { client in
            #expect(await client.fault("GET", Self.group) == .tooLarge(limit: 1 << 20))
        }
    }

    @Test("An empty answer can be a gzip bomb too")
    func bombOfNothing() async throws {
        let sample = try await serve("gzip_bomb: 1") { client in
            let answer = try await client.ask("DELETE", Self.removal, ("x-api-key", "wa_full"))
            #expect(answer.status == 200)
            #expect(answer.body.count == 1 << 20)
        }
        #expect(try sample.roles()[sample.member] == nil)
    }

    @Test("A hanging request waits until the client gives up", arguments: ["before", "after"])
    func hang(moment: String) async throws {
        let sample = try await serve("hang: \(moment)") { client in
            let fault = await client.fault("DELETE", Self.removal, timeout: .milliseconds(300))
            guard case .timedOut = fault else {
                Issue.record("\(String(describing: fault))")
                return
            }
        }
        #expect(try (sample.roles()[sample.member] == nil) == (moment == "after"))
    }

    @Test(
        "No waiting request keeps the server from closing",
        arguments: [
            ("hang: before", ""), ("hang: after", ""), ("delay: 86400000", "HTTP/1.1 404 Not Found"),
            ("drip: 60000", "HTTP/1.1 404 Not Found"),
        ])
    func closing(rule: String, firstLine: String) async throws {
        let sample = try SampleWorld(servesControlPaths: true)
        let (clients, announce) = AsyncStream.makeStream(of: Client.self)
        async let served: Void = {
            defer { announce.finish() }
            try await GatewaySimulatorTests.serve(sample) { client, _ in
                let rules = "[{ path: '*', \(rule) }]"
                _ = try await client.ask("POST", "/_simulator/faults", ("accept", "*/*"), body: rules)
                announce.yield(client)
                while sample.world.journal.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            }
        }()
        var answer: String?
        // Reads until the server closes the connection, after the body above has returned.
        for await client in clients {
            answer = try await client.exchangeRaw("GET /api/v2 HTTP/1.1\r\nHost: x\r\n\r\n")
            break
        }
        try await served
        #expect(answer?.prefix { $0 != "\r\n" } == firstLine[...])
    }
}

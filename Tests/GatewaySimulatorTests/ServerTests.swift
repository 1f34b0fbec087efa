import Core
import Foundation
import HTTPTransfer
import Testing

@testable import GatewaySimulator

@Suite("The simulator over HTTP")
struct ServerTests {
    @Test("Every documented call answers like the world itself, with every kind of key")
    func everyCall() async throws {
        let (served, direct) = (try SampleWorld(), try SampleWorld())
        try await serve(served) { client, _ in
            for key in ["wa_full", "wa_reader", "wa_sender", "wa_manager", "wa_club", "wa_nobody"] {
                for session in [SampleWorld.session, SampleWorld.foreignSession] {
                    for call in DocumentedCall.all {
                        let path = "/api/v1/sessions/\(session)\(call.path)"
                        let answer = try await client.ask(call.method, path, ("x-api-key", key), body: call.body)
                        let expected = direct.ask(call.method, call.path, key: key, body: call.body, session: session)
                        #expect(answer.status == expected.status, "\(call) with \(key)")
                        #expect(answer.body == expected.body, "\(call) with \(key)")
                    }
                }
            }
        }
        #expect(served.world.journal.map(\.status) == direct.world.journal.map(\.status))
        #expect(served.world.journal.map(\.path) == direct.world.journal.map(\.path))
        #expect(served.world.journal.map(\.effects) == direct.world.journal.map(\.effects))
    }

    @Test("Every documented error arrives with its envelope")
    func errors() async throws {
        let sample = try SampleWorld()
        try await serve(sample) { client, _ in
            func expect(
                _ status: Int, _ code: String, _ method: String, _ path: String, key: String = "wa_full",
                body: String = ""
            ) async throws {
                let path = "/api/v1/sessions/\(SampleWorld.session)\(path)"
                let answer = try await client.ask(method, path, ("authorization", "Bearer \(key)"), body: body)
                #expect(answer.status == status, "\(method) \(path)")
                let envelope = try JSONDecoder().decode(Envelope.self, from: Data(answer.body))
                #expect(envelope.error.code == code, "\(method) \(path)")
            }
            let group = sample.groupPath
            try await expect(400, "validation_error", "POST", "\(group)/members", body: #"{"participants":[]}"#)
            try await expect(400, "validation_error", "GET", "/contacts?limit=0")
            try await expect(401, "unauthorized", "GET", "/groups", key: "wa_wrong")
            try await expect(403, "forbidden", "GET", "/me", key: "wa_reader")
            try await expect(404, "not_found", "GET", "/groups/1%40g.us")
            try await expect(404, "not_found", "GET", "/groups", key: "wa_club")
            try await expect(
                404, "not_found", "POST", "\(group)/members/447700900999%40s.whatsapp.net/promote")
            try await expect(405, "method_not_allowed", "PUT", "/groups")
            try await expect(501, "not_implemented", "POST", "\(group)/members:approve")
            sample.world.setStatus("failed", of: sample.sessionID)
            try await expect(501, "not_implemented", "GET", "\(group)/invite")
            sample.world.setStatus("working", of: sample.sessionID)
            sample.world.setRole(.member, of: sample.own, in: sample.groupID)
            try await expect(403, "forbidden", "DELETE", "\(group)/members/447700900103%40s.whatsapp.net")
        }
    }

    @Test("One connection carries several requests, and a 204 has only headers")
    func keepAlive() async throws {
        let sample = try SampleWorld()
        try await serve(sample) { client, _ in
            let head = "Host: x\r\nx-api-key: wa_full\r\n"
            let path = "/api/v1/sessions/\(SampleWorld.session)\(sample.groupPath)"
            let text = try await client.exchangeRaw(
                "DELETE \(path)/members/447700900103%40s.whatsapp.net HTTP/1.1\r\n\(head)\r\n"
                    + "GET \(path)/members HTTP/1.1\r\n\(head)\r\n"
                    + "HEAD \(path) HTTP/1.1\r\n\(head)\r\n"
                    + "GET \(path) HTTP/1.1\r\n\(head)Connection: close\r\n\r\n")
            let heads = text.components(separatedBy: "HTTP/1.1 ").dropFirst()
            #expect(heads.map { $0.prefix(3) } == ["204", "200", "405", "200"])
            let removal = try #require(heads.first)
            #expect(removal.hasSuffix("\r\n\r\n"))
            #expect(!removal.lowercased().contains("content-length"))
            #expect(!removal.lowercased().contains("transfer-encoding"))
        }
        #expect(sample.world.journal.map(\.method) == ["DELETE", "GET", "HEAD", "GET"])
    }

    @Test("The journal has paths exactly as sent")
    func rawPaths() async throws {
        let sample = try SampleWorld()
        let paths = [
            "/groups/120363041234567890%40g.us", "/groups/120363041234567890@g.us", "/groups/%31%40g.us?a=%2B+",
        ]
        .map { "/api/v1/sessions/\(SampleWorld.session)\($0)" }
        try await serve(sample) { client, _ in
            for path in paths {
                _ = try await client.exchangeRaw("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            }
        }
        #expect(sample.world.journal.map(\.path) == paths)
    }

    @Test("A login token is checked against the published keys, and invalid ones are refused")
    func logins() async throws {
        let sample = try SampleWorld()
        let other = try await LoginAuthority().token(organisation: "school")
        try await serve(sample) { client, authority in
            let keys = try await client.ask("GET", "/.well-known/jwks.json", ("accept", "*/*"))
            #expect(keys.status == 200)
            #expect(String(decoding: keys.body, as: UTF8.self).contains(#""crv":"P-256""#))
            let path = "/api/v1/sessions/\(SampleWorld.session)/groups"
            func status(_ token: String) async throws -> Int {
                try await client.ask("GET", path, ("Authorization", "Bearer \(token)")).status
            }
            let token = try await authority.token(organisation: "school", lifetime: .seconds(60))
            #expect(try await status(token) == 200)
            #expect(try await status(authority.token(organisation: "club")) == 404)
            #expect(try await status(other) == 401)
            #expect(try await status(token + "x") == 401)
            #expect(try await status("eyJhbGciOiJub25lIn0.e30.") == 401)
            sample.clock.advance(byMilliseconds: 60_000)
            #expect(try await status(token) == 401)
        }
    }

    @Test("A body that is too long is refused without effect")
    func longBody() async throws {
        let sample = try SampleWorld()
        try await serve(sample) { client, _ in
            let path = "/api/v1/sessions/\(SampleWorld.session)\(sample.groupPath)/members"
            let body = String(repeating: " ", count: SimulatorServer.longestBody + 1)
            let answer = try await client.ask("POST", path, ("x-api-key", "wa_full"), body: body)
            #expect(answer.status == 413)
        }
        #expect(sample.world.journal.isEmpty)
    }

    @Test("A delayed answer arrives")
    func delay() async throws {
        let sample = try SampleWorld()
        sample.world.inject(FaultRule(path: "*", fault: .delay(milliseconds: 5)))
        try await serve(sample) { client, _ in
            let path = "/api/v1/sessions/\(SampleWorld.session)/groups"
            let answer = try await client.ask("GET", path, ("x-api-key", "wa_full"))
            #expect(answer.status == 200)
        }
    }

    @Test("A reset connection gives no answer, before or after the effect", arguments: [false, true])
    func reset(afterEffect: Bool) async throws {
        let sample = try SampleWorld()
        sample.world.inject(FaultRule(method: "DELETE", path: "*", fault: .reset(afterEffect: afterEffect)))
        try await serve(sample) { client, _ in
            let path = "/api/v1/sessions/\(SampleWorld.session)\(sample.groupPath)"
            let fault = await client.fault("DELETE", "\(path)/members/447700900103%40s.whatsapp.net")
            guard case .interrupted = fault else {
                Issue.record("\(String(describing: fault))")
                return
            }
            let answer = try await client.ask("GET", path, ("x-api-key", "wa_full"))
            #expect(answer.status == 200)
        }
        #expect(try (sample.roles()[sample.member] == nil) == afterEffect)
        #expect(sample.world.journal.map(\.status) == [afterEffect ? 204 : 0, 200])
    }

    @Test("A truncated answer ends early, and a slow-drip answer arrives complete")
    func truncationAndDrip() async throws {
        let sample = try SampleWorld()
        sample.world.inject(FaultRule(path: "*", fault: .truncate(bytes: 10)))
        sample.world.inject(FaultRule(path: "*", skip: 1, fault: .drip(milliseconds: 0)))
        try await serve(sample) { client, _ in
            let path = "/api/v1/sessions/\(SampleWorld.session)/me"
            let fault = await client.fault("GET", path)
            guard case .interrupted = fault else {
                Issue.record("\(String(describing: fault))")
                return
            }
            let dripped = try await client.ask("GET", path, ("x-api-key", "wa_full"))
            let whole = try await client.ask("GET", path, ("x-api-key", "wa_full"))
            #expect(dripped.status == 200)
            #expect(dripped.body == whole.body)
        }
    }

    @Test("A port in use is an error")
    func portTaken() async throws {
        let sample = try SampleWorld()
        try await serve(sample) { client, authority in
            let second = SimulatorServer(world: sample.world, authority: authority, port: client.port)
            await #expect(throws: (any Error).self) { try await second.withURL { _ in } }
        }
    }
}

import Core
import HTTPTransfer
import ScriptedServer
import Testing

@testable import GatewayAPI

@Suite("The client over a real connection", .timeLimit(.minutes(5)))
struct WireTests {
    /// Runs a test with a client of a scripted gateway.
    private func withGateway(
        _ script: @escaping @Sendable (ScriptedServer.Request) -> [ScriptedServer.Step],
        _ body: (ScriptedServer, GatewayClient) async throws -> Void
    ) async throws {
        let server = try ScriptedServer(script)
        defer { server.stop() }
        let transfer = CurlTransfer(settings: TransferSettings(userAgent: "rollcall/test", environment: [:]))
        do {
            try await body(server, try Sample.client(transfer, url: server.url))
        } catch {
            await transfer.close()
            throw error
        }
        await transfer.close()
    }

    @Test("Every call is sent once, with an encoded path and the token")
    func calls() async throws {
        try await withGateway { _ in
            [.answer("403 Forbidden", body: Array(#"{"error":{"code":"forbidden","message":"no"}}"#.utf8))]
        } _: { server, client in
            for call in AnyCall.reads + AnyCall.writes {
                let error = await #expect(throws: GatewayError.self) { try await call.run(client) }
                guard case .refused(_, let refusal)? = error else {
                    Issue.record("expected a refusal of \(call.testDescription), got \(String(describing: error))")
                    continue
                }
                #expect(refusal == Refusal(status: 403, code: "forbidden", message: "no"))
            }
            #expect(server.requests.count == 13)
            for request in server.requests {
                #expect(request.values(of: "authorization") == ["Bearer \(Sample.secret)"])
                #expect(request.values(of: "accept") == ["application/json"])
                #expect(!request.line.contains("@"))
                #expect(request.line.contains("%40") || !request.line.contains("/groups/"))
                #expect(request.values(of: "expect").isEmpty)
            }
        }
    }

    @Test("A member list of many pages is read")
    func roster() async throws {
        try await withGateway { request in
            let page = request.line.contains("cursor=%2B1") ? 1 : 0
            let body =
                #"{"data":[{"lid":"\#(page + 1)@lid","role":"member"}],"nextCursor":\#(page == 0 ? #""+1""# : "null")}"#
            return [.answer(headers: ["Content-Type: application/json"], body: Array(body.utf8))]
        } _: { server, client in
            let roster = try await client.members(of: Sample.group(), of: Sample.session())
            #expect(roster.members.map(\.account.description) == ["1@lid", "2@lid"])
            #expect(server.connections == 1)
        }
    }

    @Test("A change is sent once and its result is unknown if the gateway hangs up")
    func unknownOutcome() async throws {
        try await withGateway { request in
            request.line.hasPrefix("GET") ? [.answer(body: Array(#"{"data":[]}"#.utf8))] : [.close]
        } _: { server, client in
            for call in AnyCall.writes {
                _ = try await client.groups(of: Sample.session())
                let error = await #expect(throws: GatewayError.self) { try await call.run(client) }
                guard case .noAnswer(_, let fault)? = error else {
                    Issue.record("expected no answer, got \(String(describing: error))")
                    continue
                }
                #expect(fault.code == "interrupted")
                #expect(error?.kind.effectIsUnknown == true)
                #expect(!fault.message.contains("62812"))
            }
            #expect(server.requests.count { !$0.line.hasPrefix("GET") } == 4)
        }
    }

    @Test("A change was certainly not made if nobody listens")
    func unreachable() async throws {
        let server = try ScriptedServer { _ in [] }
        server.stop()
        while !server.hasEnded { try await Task.sleep(for: .milliseconds(1)) }
        let transfer = CurlTransfer(settings: TransferSettings(userAgent: "rollcall/test", environment: [:]))
        let client = try Sample.client(transfer, url: server.url)
        for call in AnyCall.writes {
            let error = await #expect(throws: GatewayError.self) { try await call.run(client) }
            #expect(error?.kind == .unreachable)
            #expect(error?.kind.effectIsUnknown == false)
        }
        await transfer.close()
    }
}

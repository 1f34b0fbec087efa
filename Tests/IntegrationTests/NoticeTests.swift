import Core
import Foundation
import ScriptedServer
import Testing

@Suite("Notices of runs", .timeLimit(.minutes(5))) struct NoticeTests {
    /// A path that only people who may write to the webhook know.
    private static let secret = "T0PS3CR3Tpath"

    /// A request to the server: method, path and body.
    private struct Call: Equatable {
        let line: String
        let body: String
        var json: [String: Any] {
            get throws {
                try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
            }
        }
    }

    private static let ok: [UInt8] = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)

    private static func answer(_ status: Int) -> [ScriptedServer.Step] {
        [.send(Array("HTTP/1.1 \(status) x\r\nContent-Length: 0\r\n\r\n".utf8))]
    }

    private func calls(_ server: ScriptedServer) -> [Call] {
        server.requests.map { request in
            let line = request.line.replacing(" HTTP/1.1", with: "")
            return Call(line: line, body: String(decoding: request.body, as: UTF8.self))
        }
    }

    private static let notify = """

        notify:
          - { url: { env: ALL }, on: [changes, failure, withheld] }
          - { url: { env: CHANGES }, on: [changes], format: slack }
          - { url: { file: secrets/withheld }, on: [withheld], format: slack }
        """
    private static let ping = "\nping: { url: { env: PING } }"

    private func town(_ more: String, on server: ScriptedServer) throws -> (Town, [String: String]) {
        let base = "http://127.0.0.1:\(server.port)"
        let town = try Town([
            "rollcall.yaml": Town.configuration + more, "secrets/withheld": "\(base)/withheld/\(Self.secret)\n",
        ])
        return (
            town,
            [
                "ALL": "\(base)/all/\(Self.secret)", "CHANGES": "\(base)/changes/\(Self.secret)",
                "PING": "\(base)/ping/\(Self.secret)?a=b",
            ]
        )
    }

    @Test("Notices go to the right receivers, and a monitor gets the start and the end") func delivery() async throws {
        let server = try ScriptedServer { _ in [.send(Self.ok)] }
        let (town, environment) = try town(Self.notify + Self.ping, on: server)
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url, environment)
            #expect(try await rollcall.run("plan").code == 3)
            #expect(server.requests.isEmpty)
            let result = try await rollcall.run("apply", "--yes")
            #expect(result.code == 3)
            #expect(!result.errors.contains("notice") && !result.errors.contains("ping"))
        }
        let calls = calls(server)
        let pings = calls.filter { $0.line.hasPrefix("GET") }.map(\.line)
        #expect(
            pings == [
                "GET /ping/\(Self.secret)/start?a=b", "GET /ping/\(Self.secret)/fail?a=b",
            ])
        #expect(
            calls.map(\.line).filter { $0.hasPrefix("POST") }.sorted() == [
                "POST /all/\(Self.secret)", "POST /changes/\(Self.secret)", "POST /withheld/\(Self.secret)",
            ])
        let all = try #require(try calls.first { $0.line.contains("/all/") }?.json)
        #expect(all["format"] as? String == "rollcall.notice/1")
        #expect(all["exit_code"] as? Int == 3)
        #expect(all["occasions"] as? [String] == ["changes", "failure", "withheld"])
        let slack = try #require(try calls.first { $0.line.contains("/withheld/") }?.json)
        #expect((slack["text"] as? String)?.contains("Choir board: 4 blocked") == true)
        for call in calls {
            #expect(!call.body.contains("447700900") && !call.body.contains(Town.token))
            #expect(!call.body.contains("\u{1B}") && !call.body.contains("\u{202E}"))
        }
    }

    @Test("A webhook gets only the events it subscribes to, and a successful run pings success") func subscriptions()
        async throws
    {
        let server = try ScriptedServer { _ in [.send(Self.ok)] }
        let (_, environment) = try town("", on: server)
        let town = try Town([
            "rollcall.yaml": Town.configuration + """

                notify:
                  - { url: { env: ALL }, on: [failure, withheld] }
                  - { url: { env: CHANGES }, on: [changes] }
                ping: { url: { env: PING } }
                """,
            "policies/town.yaml": """
            session: S1
            groups: { 120363000000000001@g.us: { members: [+44 7700 900103], mode: additive } }
            """,
        ])
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url, environment)
            let first = try await rollcall.run("apply", "--yes")
            let second = try await rollcall.run("apply", "--yes")
            #expect(first.code == 0 && second.code == 0)
        }
        let lines = calls(server).map { $0.line.replacing(Self.secret, with: "") }
        #expect(
            lines.filter { $0.hasPrefix("GET") } == [
                "GET /ping//start?a=b", "GET /ping/?a=b", "GET /ping//start?a=b", "GET /ping/?a=b",
            ])
        #expect(lines.filter { $0.hasPrefix("POST") } == ["POST /changes/"])
    }

    @Test("Notices report an unusable policy or plan, an unreachable gateway and a locked ledger")
    func runsThatDoNotBegin() async throws {
        let server = try ScriptedServer { _ in [.send(Self.ok)] }
        let (town, environment) = try town(
            "\nnotify: [{ url: { env: ALL }, on: [failure] }]" + Self.ping, on: server)
        let rollcall = town.rollcall(Town.nowhere, environment)
        #expect(try await rollcall.run("apply", "--yes").code == 69)
        try town.write("policies/town.yaml", "groups: { x: 1 }")
        #expect(try await rollcall.run("apply", "--yes").code == 65)
        try town.write("plan.json", "{}")
        #expect(try await rollcall.run("apply", "plan.json", "--yes").code == 65)
        let notices = try calls(server).filter { $0.line.hasPrefix("POST") }.map { try $0.json }
        let codes = notices.map { $0["exit_code"] as? Int }
        #expect(codes == [69, 65, 65])
        #expect(notices[0]["run"] as? String != nil && notices[1]["run"] is NSNull)
        let errors = try #require(notices[1]["errors"] as? [String])
        #expect(errors.first?.hasPrefix("policies/town.yaml:1:") == true)
        let pings = calls(server).map(\.line).filter { $0.hasPrefix("GET") }
        #expect(pings.count == 6 && pings.filter { $0.contains("/fail") }.count == 3)
    }

    /// How a server may fail.
    enum Trouble: CaseIterable {
        case refuses, isBusyOnce, isBusyAlways, hangsUp, redirects
    }

    @Test(
        "Notices never change a run's result; a failing server is retried, and the warning hides the URL",
        arguments: Trouble.allCases)
    func trouble(_ trouble: Trouble) async throws {
        let seen = Guarded(0)
        let server = try ScriptedServer { _ in
            let count = seen.withLock { count in
                count += 1
                return count
            }
            switch trouble {
            case .refuses: return Self.answer(404)
            case .isBusyOnce: return count == 1 ? Self.answer(503) : [.send(Self.ok)]
            case .isBusyAlways: return Self.answer(429)
            case .hangsUp: return [.close]
            case .redirects:
                return [.send(Array("HTTP/1.1 302 x\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n".utf8))]
            }
        }
        let (town, environment) = try town("\nnotify: [{ url: { env: ALL }, on: [failure] }]", on: server)
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url, environment)
            let result = try await rollcall.run("apply", "--yes")
            #expect(result.code == 3)
            let expected =
                switch trouble {
                case .refuses, .redirects: 1
                case .isBusyOnce: 2
                case .isBusyAlways, .hangsUp: 3
                }
            #expect(server.requests.count == expected)
            #expect(
                result.errors.contains("the notice to entry 1 of `notify` was not accepted")
                    == (trouble != .isBusyOnce))
            #expect(!result.errors.contains(Self.secret))
            let detailed = try await rollcall.run("apply", "--yes", "--log-level", "debug")
            #expect(!detailed.errors.contains(Self.secret) && !detailed.output.contains(Self.secret))
        }
        for name in ["rollcall.sqlite", "rollcall.sqlite-wal"]
        where FileManager.default.fileExists(atPath: town.path(name)) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: town.path(name)))
            #expect(bytes.firstRange(of: Data(Self.secret.utf8)) == nil)
        }
    }

    @Test("Notices leave the ledger free for the next run while they are sent") func freeLedger() async throws {
        let server = try ScriptedServer { _ in [.waitForHangUp] }
        let (town, environment) = try town("\nnotify: [{ url: { env: ALL }, on: [failure] }]", on: server)
        try await town.served { simulator in
            let first = Task { try await town.rollcall(simulator.url, environment).run("apply", "--yes") }
            try await waitUntil("a notice") { !server.requests.isEmpty }
            #expect(try await town.rollcall(simulator.url).run("apply", "--yes").code == 3)
            #expect(try await first.value.code == 3)
        }
    }

    @Test(
        "Notices with a missing or forbidden URL are not sent, and doctor reports them before",
        arguments: [
            ("", "is not set"), ("http://hooks.example.com/\(secret)", "contains no usable URL"),
            ("https://me:pw@hooks.example.com/\(secret)", "contains no usable URL"), ("  ", "is empty"),
        ])
    func unusableURL(url: String, words: String) async throws {
        let town = try Town([
            "rollcall.yaml": Town.configuration + "\nnotify: [{ url: { env: HOOK }, on: [failure] }]"
        ])
        let rollcall = town.rollcall(Town.nowhere, url.isEmpty ? [:] : ["HOOK": url])
        let result = try await rollcall.run("apply", "--yes")
        #expect(result.code == 69)
        #expect(
            result.errors.contains("the notice to entry 1 of `notify` was not sent: ") && result.errors.contains(words))
        #expect(!result.errors.contains(Self.secret))
        let doctor = try await rollcall.run("doctor")
        #expect(doctor.code == 3)
        #expect(doctor.output.contains("notify 1") && doctor.output.contains(words))
        #expect(!doctor.output.contains(Self.secret))
    }
}

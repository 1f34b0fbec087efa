import Foundation
import ScriptedServer
import Stage
import Testing

@Suite("Secrets: the token and people's numbers") struct SecretTests {
    /// The gateway's echo: the token and people's numbers, as an error's text or as a body.
    private static let echo = "Authorization: Bearer \(Town.token) for +44 7700 900101, 447700900102@s.whatsapp.net"

    /// Returns every file in the project's folder, except the one that must contain the token.
    private func files(of town: Town) throws -> [(name: String, bytes: Data)] {
        try FileManager.default.subpathsOfDirectory(atPath: town.path()).filter { $0 != "gateway.yaml" }.map { name in
            (name, FileManager.default.contents(atPath: town.path(name)) ?? Data())
        }
    }

    /// Returns the spellings of the token that occur in some bytes.
    private func leaks(in bytes: Data) -> [String] {
        let texts = [Town.token, "Bearer \(Town.token)", ":\(Town.token)"]
        let encoded = texts.map { String(Data($0.utf8).base64EncodedString().prefix { $0 != "=" }.dropLast(2)) }
        return ([Town.token] + encoded).filter { bytes.firstRange(of: Data($0.utf8)) != nil }
    }

    /// Returns the numbers of this town's people in a text, in any spelling.
    private func numbers(in text: String) -> [String] {
        let bare = text.filter { !" ()+-./".contains($0) }
        return bare.matches(of: /7700900[0-9]{3}/).map { String($0.output) }
    }

    /// Returns a town whose programs keep temporary files in its folder.
    private func town(_ faults: [String]) throws -> Town {
        let seed = try Town().text("gateway.yaml")
        let rules = faults.map { "\n  - \($0)" }.joined()
        return try Town(["gateway.yaml": "\(seed)\nfaults:\(rules)\n", "tmp/here": ""])
    }

    private func rollcall(_ town: Town, _ url: String) -> Program {
        town.rollcall(url, ["TMPDIR": town.path("tmp")])
    }

    /// Runs every command with much and with little logging, in both formats; returns the results by level.
    private func tell(_ program: Program) async throws -> [(level: String, result: ProgramResult)] {
        var told: [(String, ProgramResult)] = []
        for (level, format, outputFormat) in [
            ("debug", "text", "text"), ("debug", "json", "json"), ("default", "text", "json"),
            ("default", "json", "text"),
        ] {
            let logging = (level == "default" ? [] : ["--log-level", level]) + ["--log-format", format]
            for verb in [
                ["plan", "--format", outputFormat], ["apply", "--yes"], ["history", "--format", outputFormat],
                ["show", "last", "--format", outputFormat],
            ] { told.append((level, try await program.run(verb + logging))) }
        }
        return told
    }

    private func check(_ told: [(level: String, result: ProgramResult)], _ town: Town) throws {
        for (level, result) in told {
            #expect(result.signal == nil)
            #expect(leaks(in: Data((result.output + result.errors).utf8)).isEmpty)
            if level == "default" { #expect(numbers(in: result.errors) == [], "\(result.errors)") }
        }
        for file in try files(of: town) { #expect(leaks(in: file.bytes).isEmpty, "\(file.name)") }
    }

    @Test(
        "Secrets never get out, even if the gateway echoes them in codes, bodies and fields",
        arguments: [
            ["{ method: POST, path: \"*\", count: all, status: 403, code: \"\(echo)\" }"],
            ["{ method: POST, path: \"*\", count: all, status: 500, code: \"\(echo)\" }"],
            ["{ method: POST, path: \"*\", count: all, garbage: \"\(echo)\" }"],
            ["{ path: \"*/members\", count: all, garbage: \"\(echo)\" }"],
            ["{ path: \"*/members\", count: all, status: 422, code: \"\(echo)\" }"],
            ["{ path: \"*0001%40g.us/members\", count: all, change: { lid: '\"\(Town.token)\"' } }"],
            ["{ path: \"*/groups\", count: all, change: { subject: '\"\(echo)\"' } }"],
            ["{ path: \"*/sessions/S1\", count: all, change: { status: '\"\(echo)\"' } }"],
            ["{ path: \"*/sessions/S1\", count: all, change: { id: '\"\(echo)\"' } }"],
            ["{ path: \"*\", count: all, status: 401, code: \"\(echo)\" }"],
        ])
    func echoes(faults: [String]) async throws {
        let town = try town(faults)
        try await town.served { simulator in
            let told = try await tell(rollcall(town, simulator.url))
            #expect(told.contains { $0.result.errors.contains("debug") })
            try check(told, town)
        }
    }

    @Test(
        "Numbers in a gateway message stay out of logs, and the token out of everything",
        arguments: ["401 Unauthorized", "403 Forbidden", "500 Internal Server Error"])
    func messages(status: String) async throws {
        let body = Array(#"{"error":{"code":"c","message":"\#(Self.echo)","details":{"seen":"\#(Self.echo)"}}}"#.utf8)
        let server = try ScriptedServer { _ in [.answer(status, headers: ["X-Echo: \(Self.echo)"], body: body)] }
        defer { server.stop() }
        let town = try town([])
        let told = try await tell(rollcall(town, server.url))
        try check(told, town)
        #expect(told.contains { ($0.result.output + $0.result.errors).contains("[token]") })
        #expect(server.requests.allSatisfy { $0.values(of: "authorization") == ["Bearer \(Town.token)"] })
        #expect(server.requests.allSatisfy { !$0.line.contains(Town.token) })
    }

    @Test("Secrets stay out of the ledger's companions, the lock and the command line during calls")
    func underWay() async throws {
        let town = try town(["{ path: \"*/promote\", count: all, hang: before }"])
        try await town.served { simulator in
            let running = try rollcall(town, simulator.url).start(["apply", "--yes", "--log-level", "debug"])
            try await waitUntil("a call that hangs") {
                try await simulator.mutations().contains { $0.path.hasSuffix("/promote") }
            }
            let files = try files(of: town)
            for name in ["", "-wal", "-shm", ".lock"] {
                #expect(files.contains { $0.name == "rollcall.sqlite" + name }, "\(name)")
            }
            for file in files { #expect(leaks(in: file.bytes).isEmpty, "\(file.name)") }
            let commandLine = FileManager.default.contents(atPath: "/proc/\(running.identifier)/cmdline") ?? Data()
            #expect(commandLine.firstRange(of: Data("apply".utf8)) != nil)
            #expect(leaks(in: commandLine).isEmpty)
            running.send(SIGKILL)
            let result = await running.ending()
            #expect(leaks(in: Data((result.output + result.errors).utf8)).isEmpty)
        }
    }

    @Test("Secrets do not follow a redirect to another origin", arguments: ["GET", "POST"])
    func redirects(method: String) async throws {
        let elsewhere = try ScriptedServer { _ in [.answer(body: Array(#"{"data":[]}"#.utf8))] }
        defer { elsewhere.stop() }
        let town = try town(["{ method: \(method), path: \"*\", count: all, redirect: \"\(elsewhere.url)/x\" }"])
        try await town.served { simulator in
            let program = rollcall(town, simulator.url)
            let result = try await program.run("apply", "--yes", "--log-level", "debug")
            #expect(result.code == 3)
            #expect(result.output.contains("Rollcall does not follow redirects"))
            #expect(leaks(in: Data((result.output + result.errors).utf8)).isEmpty)
            #expect(try await simulator.mutations().isEmpty == (method == "GET"))
        }
        #expect(elsewhere.connections == 0)
    }

    @Test(
        "A token that is written in place of its variable's name stays out of messages",
        arguments: ["{ env: sk9Tq2vX7LmP4rWz }", "{ file: sk9Tq2vX7LmP4rWz }"])
    func writtenInPlace(source: String) async throws {
        let stage = try Stage(
            try SmallWorld().seed,
            files: [
                "rollcall.yaml": """
                gateways: { north: { url: "http://127.0.0.1:1", token: \(source) } }
                policies: [policies]
                """,
                "policies/a.yaml": "gateway: north\ngroups:\n" + (try SmallWorld.policy(1, members: [1])),
            ], environment: ["ROLLCALL_TOKEN": ""])
        let result = await stage.run("plan", "--log-level", "debug")
        #expect(result.code == 78)
        #expect(result.errors.contains("that `token` names"))
        #expect(!(result.output + result.errors).contains("sk9T"))
    }
}

import Core
import Stage
import Testing

@testable import GatewaySimulator

@Suite("Hostile text") struct HostileTextTests {
    /// Sets a title, clears the screen by the eight-bit form, reverses the text direction, and ends the line in every
    /// way.
    private static let hostile =
        "\u{1B}]0;x\u{7}\u{9B}2J\u{202E}\u{2066}\u{2028}\u{85}\r\n\u{0}\u{7F}\u{E0041}\u{F8FF}end"

    /// The same, as a quoted text in YAML and JSON.
    private static let escaped =
        #"\u001B]0;x\u0007\u009B2J\u202E\u2066\u2028\u0085\r\n\u0000\u007F\uDB40\uDC41\uF8FFend"#

    /// Returns the characters of an output, except line ends, that a terminal would act on.
    private static func acting(_ text: String) -> [String] {
        text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar != "\n"
            case .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate: true
            default: false
            }
        }.map { "U+" + String($0.value, radix: 16) }
    }

    private func check(_ result: CommandResult, _ context: String) {
        #expect(Self.acting(result.output) == [], "\(context): \(result.output.debugDescription)")
        #expect(Self.acting(result.errors) == [], "\(context): \(result.errors.debugDescription)")
    }

    private func stage(_ faults: [FaultRule] = [], status: String = "working") throws -> Stage {
        var world = try SmallWorld()
        for number in UInt64(1)...3 {
            try world.addGroup(number, members: [5, 7]) { $0.subject = "\(number)" + Self.hostile }
        }
        world.seed.sessions[0].status = status
        world.seed.sessions[0].label = Self.hostile
        for index in world.seed.people.indices { world.seed.people[index].name = Self.hostile }
        world.seed.faults = faults
        var policy = "groups:\n"
        for number in UInt64(1)...3 {
            policy += try SmallWorld.policy(
                number, members: [5, 6], more: #"name: "\u001B[31m\u009B\u202E\u2028\u0085""#)
        }
        let reason = #"{ who: "+62800000008", reason: "\u001B[31m\u009B\u202E" }"#
        policy = policy.replacing("members: [", with: "members: [\(reason), ")
        return try Stage(world.seed, files: ["policies/a\u{1B}[31m\u{9B}\u{202E}.yaml": policy])
    }

    /// Plans, applies and reads the history, in every format, with full logging.
    private func tryAll(_ stage: Stage, _ context: String) async {
        for logFormat in ["text", "json"] {
            let log = ["--log-level", "debug", "--log-format", logFormat]
            check(await stage.run(["plan", "--invite-links"] + log), context)
            check(await stage.run(["plan", "--format", "json"] + log), context)
        }
        check(await stage.run("apply", "--yes"), context)
        check(await stage.run("plan"), context)
        for format in ["text", "json"] {
            check(await stage.run("history", "--format", format), context)
            check(await stage.run("show", "last", "--format", format), context)
        }
        check(await stage.run("validate"), context)
    }

    @Test("Subjects, names, reasons and file names never control the terminal") func names() async throws {
        let stage = try stage()
        let plan = await stage.run("plan")
        #expect(plan.output.contains(#"1\u{1B}]0;x\u{7}\u{9B}2J\u{202E}"#))
        await tryAll(stage, "names")
    }

    @Test(
        "Gateway answers never control the terminal",
        arguments: [
            ("GET", "*/members", #"{ "error": { "code": "*", "message": "*" } }"#),
            ("GET", "*%40g.us", #"{ "error": { "code": "*", "message": "*", "details": { "*": "*" } } }"#),
            ("GET", "*", "*"), ("GET", "*", #"{ "*": "#),
            ("GET", "*/sessions/S1", #"{ "id": "S1", "status": "*", "phone": "*" }"#),
            ("GET", "*/members", #"{ "data": [ { "lid": "*", "role": "*" } ] }"#),
            ("GET", "*/contacts*", #"{ "data": [ { "jid": "*", "phone": "*" } ] }"#),
        ])
    func answers(method: String, path: String, body: String) async throws {
        for text in [Self.escaped, Self.hostile] {
            let answer = body.replacing("*", with: text)
            let stage = try stage([FaultRule(method: method, path: path, count: nil, fault: .garbage(answer))])
            await tryAll(stage, "\(method) \(path) \(body)")
        }
    }

    @Test("Error codes of refusals never control the terminal", arguments: ["GET", "POST"])
    func refusals(method: String) async throws {
        for (status, path) in [(403, "*/members*"), (404, "*/members*"), (500, "*/members*"), (403, "*"), (401, "*")] {
            let fault = Fault.status(status, code: Self.hostile)
            let stage = try stage([FaultRule(method: method, path: path, count: nil, fault: fault)])
            await tryAll(stage, "\(method) \(status) \(path)")
        }
    }

    @Test("A session's status never controls the terminal") func status() async throws {
        await tryAll(try stage(status: Self.hostile), "status")
    }

    @Test(
        "Command line and configuration never control the terminal",
        arguments: [
            ["show", "\u{1B}[31m"], ["show", "\u{9B}"], ["--\u{1B}[31m"], ["plan", "--format", "\u{1B}[31m\u{202E}"],
            ["plan", "--ledger", "/nowhere\u{1B}[31m/\u{202E}"], ["plan", "-c", "\u{1B}[31m\u{9B}"],
            ["plan", "--group", "\u{1B}[31m"], ["plan", "--session", "\u{1B}[31m"],
            ["validate", "\u{1B}[31m\u{202E}.yaml"], ["\u{1B}[31m\u{202E}"], ["init", "/nowhere/\u{1B}[31m"],
            ["show", "last", "--ledger", "/dev\u{1B}[31m/x"],
        ])
    func arguments(arguments: [String]) async throws {
        let result = await (try stage()).run(arguments)
        #expect(result.code != 0)
        check(result, "\(arguments)")
    }

    @Test(
        "The configuration never controls the terminal",
        arguments: [
            #"ledger: "\e[31m\u009B/x""#, #"gateway: { url: "http://127.0.0.1:1", token: { file: "\e[31m\u202E" } }"#,
            #"gateway: { url: "http://127.0.0.1:1", token: { env: "\e[31m\u202E" } }"#,
            #"gateway: { url: "http://\e[31m\u202E" }"#, #""\e[31m\u009B": 1"#, #"limits: { removals: "\e[31m" }"#,
            "gateways: { \"\\e[31m\\u009B\": { url: \"http://127.0.0.1:1\" } }",
            "gateway: { url: \"http://127.0.0.1:1\", ca_file: \"\\e[31m\\u202E\" }",
        ])
    func configuration(line: String) async throws {
        let stage = try stage()
        var lines = ["gateway: { url: \"http://127.0.0.1:1\" }", "policies: [policies]"]
        if line.hasPrefix("gateway") { lines.removeFirst() }
        try stage.write((lines + [line]).joined(separator: "\n") + "\n", to: "rollcall.yaml")
        check(await stage.run("plan", "--log-level", "debug"), line)
        check(await stage.run("validate"), line)
    }
}

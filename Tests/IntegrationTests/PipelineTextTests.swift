import Core
import Stage
import Testing

@testable import GatewaySimulator

@Suite("Hostile text with pipeline commands") struct PipelineTextTests {
    /// Returns lines that GitHub Actions or Azure Pipelines act on: two colons at the start, or two number signs with a
    /// bracket anywhere.
    private static func commands(in text: String) -> [Substring] {
        let lines = text.unicodeScalars.split { ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0) }
        return lines.map { Substring($0) }.filter { line in
            let shown = Substring(line.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint })
            return shown.drop { $0.isWhitespace }.hasPrefix("::") || shown.contains(/##[a-z]*\[/)
        }
    }

    private func check(_ result: CommandResult, _ context: String) {
        #expect(Self.commands(in: result.output) == [], "\(context)")
        #expect(Self.commands(in: result.errors) == [], "\(context)")
    }

    /// Tests name these by number, because the pipeline that runs them reads test arguments.
    private static let orders = [
        "::add-mask::a", " \u{A0}::error::a", "\u{200D}::error::a", "\r::error::a", "a\n::error::a",
        "a\u{2028}::error::a",
        "##[error]a", "a ##vso[task.setvariable variable=A]a", "#\u{200D}#[error]a",
    ]

    private func stage(_ order: String, _ faults: [FaultRule] = []) throws -> Stage {
        var world = try SmallWorld()
        for number in UInt64(1)...3 { try world.addGroup(number, members: [5, 7]) { $0.subject = order } }
        world.seed.sessions[0].label = order
        for index in world.seed.people.indices { world.seed.people[index].name = order }
        world.seed.faults = faults
        let quoted =
            "\"" + order.unicodeScalars.map { "\\U" + Self.padded(String($0.value, radix: 16)) }.joined() + "\""
        var policy = "groups:\n"
        policy += try SmallWorld.policy(1, members: [5, 6])
        policy += try SmallWorld.policy(2, members: [5, 6], more: "name: \(quoted)")
        policy += try SmallWorld.policy(3, members: [5, 6])
        policy = policy.replacing("members: [", with: "members: [{ who: \"+62800000008\", reason: \(quoted) }, ")
        return try Stage(world.seed, files: ["policies/\(order).yaml": policy])
    }

    private static func padded(_ digits: String) -> String {
        String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Plans, applies and reads the history, in every format, with full logging.
    private func tryAll(_ stage: Stage, _ context: String) async {
        for format in ["text", "json"] {
            let log = ["--log-level", "debug", "--log-format", format]
            check(await stage.run(["plan", "--format", format, "--color", "always"] + log), context)
            check(await stage.run(["plan", "--format", format] + log), context)
        }
        check(await stage.run("apply", "--yes"), context)
        for format in ["text", "json"] {
            check(await stage.run("history", "--format", format), context)
            check(await stage.run("show", "last", "--format", format), context)
        }
        check(await stage.run("validate"), context)
    }

    @Test("Subjects, names, reasons and file names never start a pipeline command", arguments: orders.indices)
    func names(number: Int) async throws {
        let order = Self.orders[number]
        let stage = try stage(order)
        #expect(await stage.run("plan").output.contains("a  \(try SmallWorld.group(1))  3 members"))
        await tryAll(stage, "order \(number)")
    }

    @Test("Gateway answers never start a pipeline command", arguments: orders.indices)
    func answers(number: Int) async throws {
        let order = Self.orders[number]
        let escaped = order.unicodeScalars.map { #"\u"# + Self.padded(String($0.value, radix: 16)).suffix(4) }.joined()
        let bodies = [order, #"{ "error": { "code": "\#(escaped)", "message": "\#(escaped)" } }"#]
        for (position, body) in bodies.enumerated() {
            let rule = FaultRule(method: "GET", path: "*/members", count: nil, fault: .garbage(body))
            await tryAll(try stage(order, [rule]), "order \(number) as body \(position)")
        }
        for method in ["GET", "POST"] {
            let rule = FaultRule(method: method, path: "*/members*", count: nil, fault: .status(403, code: order))
            await tryAll(try stage(order, [rule]), "order \(number) as \(method)'s code")
        }
    }

    @Test("An invalid file or a command line never starts a pipeline command", arguments: orders.indices)
    func mistakes(number: Int) async throws {
        let order = Self.orders[number]
        let stage = try stage("a")
        try stage.write("groups: [\n", to: "policies/\(order).yaml")
        let lines = [
            ["plan"], ["validate"], ["validate", order], ["show", order], [order], ["--\(order)"],
            ["plan", "-c", order],
            ["plan", "--format", order], ["plan", "--group", order], ["init", "/nowhere/\(order)"],
            ["show", "last", "--ledger", "/nowhere/\(order)"],
        ]
        for (position, arguments) in lines.enumerated() {
            let result = await stage.run(arguments)
            #expect(result.code != 0)
            check(result, "order \(number) in line \(position)")
        }
    }
}

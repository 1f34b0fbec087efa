import Core
import Foundation
import Stage
import Testing

@testable import GatewaySimulator

@Suite("Imported policies") struct ImportTests {
    /// Imports each session of a stage as a new policy that replaces the old one.
    private func importAll(_ sessions: [SessionSeed], on stage: Stage) async throws -> [CommandResult] {
        var results: [CommandResult] = []
        for session in sessions {
            results.append(await stage.run("import", "--session", session.id.text, "--mode", "exact"))
            try stage.write(results.last?.output ?? "", to: "policies/\(session.id).yaml")
        }
        return results
    }

    private func planned(_ stage: Stage) async throws -> (result: CommandResult, changes: Int) {
        let result = await stage.run("plan", "--format", "json", "--detailed-exitcode")
        let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let summary = document?["summary"] as? [String: Int] ?? [:]
        return (result, ["add", "promote", "demote", "remove", "errors"].reduce(0) { $0 + (summary[$1] ?? 1) })
    }

    @Test("A policy that is planned right after its import changes nothing, in any world", arguments: 1...100)
    func any(number: UInt64) async throws {
        let world = try RandomWorld(number)
        let stage = try Stage(world.seed, files: [:])
        for result in try await importAll(world.seed.sessions, on: stage) {
            #expect(result.code == 0, "\(result.errors)")
        }
        let (result, changes) = try await planned(stage)
        #expect(result.code == 0 && changes == 0, "world \(number): \(result.output)\(result.errors)")
        #expect(stage.world.mutations.isEmpty)
    }

    @Test(
        "An import changes nothing with hidden people, other spellings, duplicates and false lists", arguments: 1...100)
    func hard(number: UInt64) async throws {
        let world = try HardWorld(number)
        let stage = try Stage(world.seed, files: ["rollcall.yaml": world.configuration()])
        for result in try await importAll(world.seed.sessions, on: stage) {
            #expect(result.code == 0, "\(result.errors)")
        }
        let (result, changes) = try await planned(stage)
        #expect([0, 4].contains(result.code) && changes == 0, "world \(number): \(result.output)\(result.errors)")
    }

    @Test("An import names people, marks the own account, and keeps people known by LID") func shape() async throws {
        var world = try SmallWorld()
        world.seed.people[1].name = "Siti\u{1B}[2J # \"x\""
        world.seed.people[2].number = .hidden
        try world.addGroup(1, admins: [2], members: [3, 4]) { $0.subject = "Choir: \"A\" # 1\u{202E}" }
        let stage = try Stage(world.seed, files: [:])
        let result = await stage.run("import", "--session", "S1", "--out", stage.path("policies/a.yaml"))
        #expect(result.code == 1, "its folder is not there")
        try stage.write("", to: "policies/keep.txt")
        #expect(await stage.run("import", "--session", "S1", "--out", stage.path("policies/a.yaml")).code == 0)
        let text = try String(contentsOfFile: stage.path("policies/a.yaml"), encoding: .utf8)
        #expect(text.contains("      - \"+62800000001\"  # the session's own account\n"))
        #expect(text.contains("  siti2j_x: \"+62800000002\"  # Siti\\u{1B}[2J # \"x\"\n"))
        #expect(text.contains("    mode: additive\n    admins:\n"))
        #expect(text.contains("      - siti2j_x\n"))
        let lid = try #require(stage.world.lid(of: SmallWorld.phone(3)))
        #expect(text.contains("      - \"\(lid)\""))
        #expect(text.contains(#"    name: "Choir: \"A\" # 1\u202e""#))
        #expect(await stage.run("validate").code == 0)
        #expect(try await planned(stage).changes == 0)
        // A person who becomes known later is still the same person.
        stage.world.setNumber(of: try SmallWorld.phone(3), .shown)
        #expect(try await planned(stage).changes == 0)
        let again = await stage.run("import", "--session", "S1", "--out", stage.path("policies/a.yaml"))
        #expect(again.code == 1 && again.errors.contains("already exists"))
    }

    @Test("An import names everybody once, whatever other policies call them, and writes exact groups on request")
    func names()
        async throws
    {
        var world = try SmallWorld()
        for (person, name) in [(1, "Ana"), (2, "ana"), (3, "Null"), (4, "Аnа"), (5, "7 of 9"), (6, "Budi S.")] {
            world.seed.people[person].name = name
        }
        try world.addGroup(1, members: [2, 3, 4, 5, 6, 7])
        try world.addGroup(2, members: [2, 7])
        let known = "people: { chief: \"\(try SmallWorld.phone(2).e164)\", budi_s: \"+62800000099\" }\n"
        let stage = try Stage(world.seed, files: ["policies/known.yaml": known])
        let result = await stage.run(
            "import", "--session", "S1", "--mode", "exact", "--out", stage.path("policies/a.yaml"))
        #expect(result.code == 0)
        let text = try String(contentsOfFile: stage.path("policies/a.yaml"), encoding: .utf8)
        for line in [
            "  ana: \"+62800000003\"  # ana", "  \"null\": \"+62800000004\"  # Null", "  budi_s_2: \"+62800000007\"",
            "      - chief\n", "    mode: exact\n",
        ] {
            #expect(text.contains(line), "\(text)")
        }
        #expect(!text.contains("  chief:"))
        #expect(await stage.run("validate").code == 0)
        #expect(try await planned(stage).changes == 0)
    }

    @Test("An import says which groups it leaves out, and why") func leftOut() async throws {
        var world = try SmallWorld()
        for number: UInt64 in 1...3 { try world.addGroup(number, members: [2]) }
        let stage = try Stage(world.seed, files: [:])
        stage.world.inject(
            FaultRule(
                method: "GET", path: "*\(try SmallWorld.group(2).jid.replacing("@", with: "%40"))/members", count: nil,
                fault: .status(403, code: "forbidden")))
        let result = await stage.run("import", "--session", "S1")
        #expect(result.code == 3)
        #expect(result.output.contains("  # \(try SmallWorld.group(2)) (Group 2) could not be read"))
        #expect(result.errors.contains("the policy does not contain group \(try SmallWorld.group(2)): "))
        #expect(await stage.run("import", "--session", "S1", "--group", try SmallWorld.group(9).jid).code == 64)
        #expect(await stage.run("import", "--session", "S 1").code == 64)
        #expect(await stage.run("import", "--session", "NOSUCH").code == 3)
    }
}

extension ImportTests {
    @Test("An import or any other output with a missing folder is rejected before anything is read")
    func missingFolder() async throws {
        var world = try SmallWorld()
        try world.addGroup(1, members: [2])
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + SmallWorld.policy(1, members: [2])])
        for arguments in [
            ["import", "--session", "S1", "--out", stage.path("no/a.yaml")],
            ["plan", "--out", stage.path("no/a.json")],
        ] {
            let result = await stage.run(arguments)
            #expect(result.code == 1)
            #expect(result.errors.contains("cannot be written: No such file or directory; create its folder"))
        }
        #expect(stage.world.journal.isEmpty)
    }
}

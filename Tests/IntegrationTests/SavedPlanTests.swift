import Core
import Foundation
import RunLedger
import Stage
import Testing

@testable import GatewaySimulator

@Suite("Saved plans") struct SavedPlanTests {
    /// Returns a stage with two groups: in each, people 2 and 3 are wanted and person 9 is not.
    private func stage(limits: String = "") throws -> Stage {
        var world = try SmallWorld()
        try world.addGroup(1, members: [2, 9])
        try world.addGroup(2, members: [2, 9])
        return try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2, 3]))
                    + (try SmallWorld.policy(2, members: [2, 3])),
                "rollcall.yaml": Stage.configuration() + limits,
            ])
    }

    @Test("A saved plan is applied as saved, once") func once() async throws {
        let stage = try stage()
        #expect(await stage.run("plan", "--out", stage.path("p.json")).code == 0)
        #expect(stage.world.mutations.isEmpty)
        #expect(await stage.run("apply", stage.path("p.json"), "--yes").code == 0)
        for group: UInt64 in [1, 2] { #expect(try stage.world.members(group) == ["1*", "2", "3"]) }
        let again = await stage.run("apply", stage.path("p.json"), "--yes")
        #expect(again.code == 5)
        #expect(again.output.contains("x stale"))
        #expect(stage.world.mutations.count == 4)
        #expect(try await stage.ledger().run(matching: "last").status == .stale)
    }

    @Test("A saved plan skips a group that has changed, and does the others") func changedRoster() async throws {
        let stage = try stage()
        #expect(await stage.run("plan", "--out", stage.path("p.json")).code == 0)
        stage.world.join(try SmallWorld.phone(7), try SmallWorld.group(1))
        #expect(await stage.run("apply", stage.path("p.json"), "--yes").code == 5)
        #expect(try stage.world.members(1) == ["1*", "2", "7", "9"])
        #expect(try stage.world.members(2) == ["1*", "2", "3"])
    }

    @Test("A saved plan does nothing that the policy no longer asks for, and nothing new") func changedPolicy()
        async throws
    {
        let stage = try stage()
        #expect(await stage.run("plan", "--out", stage.path("p.json")).code == 0)
        // In group 1, person 9 may now stay; in group 2, person 4 is wanted too.
        try stage.write(
            "groups:\n" + (try SmallWorld.policy(1, members: [2, 3, 9]))
                + (try SmallWorld.policy(2, members: [2, 3, 4])),
            to: "policies/a.yaml")
        let result = await stage.run("apply", stage.path("p.json"), "--yes")
        #expect(result.code == 5)
        #expect(result.errors.contains("the policies have changed since the plan was saved"))
        #expect(try stage.world.members(1) == ["1*", "2", "9"])
        #expect(try stage.world.members(2) == ["1*", "2", "3"])
    }

    /// Reasons why a plan contains no changes of group 2, although it needs some.
    enum Silence: CaseIterable {
        case otherGroup, otherSession, newInPolicy, unreadable, nothingToDo, withheld, acceptedElsewhere
    }

    @Test("A saved plan changes nothing in a group that it does not contain", arguments: Silence.allCases)
    func silence(_ kind: Silence) async throws {
        let limits = "limits: { removals: 0, removals_floor: 0 }\n"
        let stage = try stage(limits: [.withheld, .acceptedElsewhere].contains(kind) ? limits : "")
        let both = try String(contentsOfFile: stage.path("policies/a.yaml"), encoding: .utf8)
        var narrowing = ["--group", try SmallWorld.group(1).jid]
        switch kind {
        case .otherGroup, .acceptedElsewhere: break
        case .otherSession:
            // Group 2 belongs to another session when the plan is made.
            try stage.write(
                try "groups:\n" + SmallWorld.policy(1, members: [2, 3])
                    + SmallWorld.policy(2, members: [2, 3], session: "S9"),
                to: "policies/a.yaml")
            narrowing = ["--session", "S1"]
        case .newInPolicy:
            try stage.write(try "groups:\n" + SmallWorld.policy(1, members: [2, 3]), to: "policies/a.yaml")
            narrowing = []
        case .unreadable:
            stage.world.inject(FaultRule(path: "*0002%40g.us/members", count: 1, fault: .status(403, code: "no")))
            narrowing = []
        case .nothingToDo:
            try stage.write(
                try "groups:\n" + SmallWorld.policy(1, members: [2, 3]) + SmallWorld.policy(2, members: [2, 9]),
                to: "policies/a.yaml")
            narrowing = []
        case .withheld:
            try stage.write(
                try "groups:\n" + SmallWorld.policy(1, members: [2, 3]) + SmallWorld.policy(2, members: [2]),
                to: "policies/a.yaml")
            narrowing = []
        }
        if kind == .acceptedElsewhere { narrowing += ["--accept-removals", "1"] }
        _ = await stage.run(["plan", "--out", stage.path("p.json")] + narrowing)
        try stage.write(both, to: "policies/a.yaml")
        if kind == .withheld { try stage.write(Stage.configuration(), to: "rollcall.yaml") }
        let result = await stage.run("apply", stage.path("p.json"), "--yes")
        // Groups that could not be planned, or were blocked, are reported again.
        let expected: [Silence: Int32] = [.unreadable: 5, .withheld: 4]
        #expect(result.code == expected[kind] ?? 0)
        #expect(result.output.contains("the saved plan blocks this change") == (kind == .withheld))
        #expect(try stage.world.members(1).contains("3"))
        #expect(try stage.world.members(2) == ["1*", "2", "9"])
        let elsewhere = await stage.run(
            "apply", stage.path("p.json"), "--yes", "--group", try SmallWorld.group(2).jid)
        #expect(elsewhere.code == expected[kind] ?? 64)
        #expect(try stage.world.members(2) == ["1*", "2", "9"])
    }

    @Test(
        "A saved plan that was edited or cut, or is something else, is rejected before anything is read",
        arguments: 0..<5)
    func altered(kind: Int) async throws {
        let stage = try stage()
        #expect(await stage.run("plan", "--out", stage.path("p.json")).code == 0)
        let text = try String(contentsOfFile: stage.path("p.json"), encoding: .utf8)
        let other =
            switch kind {
            case 0: text.replacing("+62800000003", with: "+62800000004")
            case 1: text.replacing("\"remove\"", with: "\"promote\"")
            case 2: String(text.dropLast(40))
            case 3: ""
            default: text.replacing("rollcall.plan/1", with: "rollcall.plan/2")
            }
        try stage.write(other, to: "p.json")
        let readings = stage.world.journal.count
        let result = await stage.run("apply", stage.path("p.json"), "--yes")
        #expect(result.code == 65)
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(stage.world.journal.count == readings)
    }

    @Test("A saved plan contains the accepted removals, and --accept-removals must match") func accepted()
        async throws
    {
        let stage = try stage(limits: "limits: { removals: 0, removals_floor: 0 }\n")
        #expect(await stage.run("plan", "--out", stage.path("p.json"), "--accept-removals", "2").code == 0)
        #expect(await stage.run("apply", stage.path("p.json"), "--yes", "--accept-removals", "3").code == 64)
        #expect(stage.world.mutations.isEmpty)
        #expect(await stage.run("apply", stage.path("p.json"), "--yes").code == 0)
        for group: UInt64 in [1, 2] { #expect(try stage.world.members(group) == ["1*", "2", "3"]) }
    }

    @Test("A saved plan is readable only by its owner, replaces an older one whole, and contains no secret") func file()
        async throws
    {
        let stage = try stage()
        #expect(await stage.run("plan", "--out", stage.path("p.json")).code == 0)
        #expect(await stage.run("plan", "--out", stage.path("p.json"), "--invite-links").code == 0)
        let attributes = try FileManager.default.attributesOfItem(atPath: stage.path("p.json"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let text = try String(contentsOfFile: stage.path("p.json"), encoding: .utf8)
        #expect(text.contains("rollcall.plan/1"))
        #expect(!text.contains(Stage.token) && !text.contains("chat.whatsapp.com"))
        let failed = await stage.run("plan", "--out", stage.path("no/such/folder.json"))
        #expect(failed.code == 1)
        #expect(failed.errors.contains("cannot be written"))
    }

    @Test(
        "A saved plan never overwrites any other file",
        arguments: ["rollcall.sqlite", "rollcall.yaml", "policies/a.yaml"])
    func otherFiles(name: String) async throws {
        let stage = try stage()
        #expect(await stage.run("plan").code == 0)
        let before = try Data(contentsOf: URL(fileURLWithPath: stage.path(name)))
        let result = await stage.run("plan", "--out", stage.path(name))
        #expect(result.code == 1 && result.errors.contains("exists and is not a saved plan"))
        if name != "rollcall.sqlite" {
            #expect(try Data(contentsOf: URL(fileURLWithPath: stage.path(name))) == before)
        }
        #expect(await stage.run("history").code == 0)
        #expect(await stage.run("plan").code == 0)
    }

    @Test("A saved plan can be applied in parts") func parts() async throws {
        let stage = try stage()
        let first = await stage.run("apply", "--yes", "--max-actions", "3")
        #expect(first.code == 3)
        #expect(stage.world.mutations.count == 3)
        #expect(first.output.contains("--max-actions"))
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
        #expect(await stage.run("apply", "--yes", "--max-actions", "3").code == 0)
        #expect(try stage.world.members(2) == ["1*", "2", "3"])
    }
}

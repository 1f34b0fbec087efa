import Core
import Foundation
import GatewaySimulator
import Stage
import Testing

@Suite("Changes that somebody else undoes each night") struct FlappingTests {
    /// What happens each night, and what plan and report finally say.
    struct Case: Sendable {
        var policy: [UInt64]
        var hand: @Sendable (Stage, PhoneNumber, GroupID) -> Void
        var warning: String
        var line: String
    }

    @Test(
        "Flapping is shown by plan, and listed by report",
        arguments: [
            Case(
                policy: [2, 3], hand: { $0.world.leave($1, $2) },
                warning:
                    "was added twice here in the last 30 days, and each time was gone again; find out which person, or "
                    + "which",
                line: "added 2 times, last on"),
            Case(
                policy: [2], hand: { $0.world.join($1, $2) },
                warning:
                    "was removed twice here in the last 30 days, and each time was back again; find out which person, "
                    + "or which",
                line: "removed 2 times, last on"),
        ])
    func membership(one: Case) async throws {
        var world = try SmallWorld()
        try world.addGroup(1, members: [2])
        let stage = try Stage(
            world.seed, files: ["policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: one.policy))])
        for _ in 0..<2 {
            one.hand(stage, try SmallWorld.phone(3), try SmallWorld.group(1))
            #expect(await stage.run("apply", "--yes").code == 0)
            stage.clock.advance(by: .seconds(86_400))
        }
        one.hand(stage, try SmallWorld.phone(3), try SmallWorld.group(1))
        let plan = await stage.run("plan").output
        #expect(plan.split(separator: "\n").count { $0.contains("warning") } == 1)
        #expect(plan.replacing(/\s+/, with: " ").contains(one.warning))
        #expect(await stage.run("report", "--out", stage.path("report.html")).code == 0)
        let page = try String(contentsOfFile: stage.path("report.html"), encoding: .utf8)
        #expect(page.contains(one.line))
    }

    @Test("A flapping demotion is shown, and only once if the admin is removed")
    func role() async throws {
        var world = try SmallWorld()
        try world.addGroup(1, members: [2])
        let stage = try Stage(
            world.seed, files: ["policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, admins: [1, 2]))])
        let (person, group) = (try SmallWorld.phone(2), try SmallWorld.group(1))
        for night in 0..<3 {
            let result = await stage.run("apply", "--yes")
            #expect(result.code == 0)
            #expect(
                result.output.contains(
                    "was promoted twice here in the last 30 days, and each time was no longer an admin")
                    == (night == 2))
            stage.world.setRole(.member, of: person, in: group)
            stage.clock.advance(by: .seconds(86_400))
        }
        for _ in 0..<2 {
            stage.world.leave(person, group)
            #expect(await stage.run("apply", "--yes").code == 0)
        }
        stage.world.leave(person, group)
        let plan = await stage.run("plan").output
        #expect(plan.contains("was added twice here") && !plan.contains("was promoted"))
    }
}

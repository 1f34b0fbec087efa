import Core
import GatewaySimulator
import Stage
import Testing

@Suite("The own account") struct OwnAccountTests {
    /// Returns a stage with one person to remove; the token may not ask for the own account.
    private func stage(
        own: String?, change: (inout SmallWorld) throws -> Void = { _ in }
    ) throws -> Stage {
        var world = try SmallWorld(permissions: [.read, .send])
        try world.addGroup(1, members: [2, 3])
        try change(&world)
        let ownLine = own.map { ", self: { S1: \"\($0)\" }" } ?? ""
        return try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2])),
                "rollcall.yaml": """
                gateway: { url: "http://127.0.0.1:1"\(ownLine) }
                policies: [policies]
                pace: { calls_per_minute: 0, settle: 1s }
                """,
            ])
    }

    @Test("An unknown own account removes nobody, and the output says how to fix that") func unknown() async throws {
        let stage = try stage(own: nil)
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 4)
        #expect(result.output.contains("the permission `manage`"))
        #expect(stage.world.calls.isEmpty)
    }

    @Test("The own account comes from the configuration if the token may not ask") func configured() async throws {
        let stage = try stage(own: try SmallWorld.phone(1).e164)
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2"])
    }

    @Test("The own account is found by the LID from WhatsApp if contacts do not have it") func foundByCheck()
        async throws
    {
        let stage = try stage(own: try SmallWorld.phone(1).e164) { world in
            world.seed.people[0].number = .absent
            world.seed.people[0].checkAnswersLID = true
        }
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2"])
        stage.world.clearJournal()
        #expect(await stage.run("plan").code == 0)
        #expect(stage.world.journal.allSatisfy { !$0.path.contains("check") })
    }

    @Test("A member list without the own account removes nobody") func missing() async throws {
        let stage = try stage(own: try SmallWorld.phone(9).e164)
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 4)
        #expect(result.output.contains("does not show the session's own account"))
        #expect(stage.world.calls.isEmpty)
    }
}

import Core
import GatewaySimulator
import Stage
import Testing

@Suite("Calls of a run") struct CallTests {
    /// Two people to add, one to promote, one to demote, two to remove.
    private func stage() throws -> Stage {
        var world = try SmallWorld()
        try world.addGroup(1, admins: [4], members: [2, 3, 5])
        let policy = "groups:\n" + (try SmallWorld.policy(1, admins: [1, 5], members: [4, 7, 6]))
        return try Stage(world.seed, files: ["policies/a.yaml": policy])
    }

    @Test("Apply sends exactly the planned calls, in order, with the @ of each JID encoded; a second run sends none")
    func order() async throws {
        let stage = try stage()
        #expect(await stage.run("apply", "--yes").code == 0)
        let base = "/api/v1/sessions/S1/groups/120363000000000001%40g.us/members"
        #expect(
            stage.world.calls == [
                "POST \(base)", "POST \(base)",
                "POST \(base)/62800000005%40s.whatsapp.net/promote",
                "POST \(base)/62800000004%40s.whatsapp.net/demote",
                "DELETE \(base)/62800000002%40s.whatsapp.net",
                "DELETE \(base)/62800000003%40s.whatsapp.net",
            ])
        #expect(
            stage.world.mutations.prefix(2).map(\.body) == [
                #"{"participants":["62800000006@s.whatsapp.net"]}"#,
                #"{"participants":["62800000007@s.whatsapp.net"]}"#,
            ])
        #expect(try stage.world.members(1) == ["1*", "4", "5*", "6", "7"])

        stage.world.clearJournal()
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.calls.isEmpty)
    }

    @Test("One call names several people only if the pace allows it") func batches() async throws {
        var world = try SmallWorld()
        try world.addGroup(1)
        let stage = try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2, 3, 4, 5, 6])),
                "rollcall.yaml": """
                gateway: { url: "http://127.0.0.1:1" }
                policies: [policies]
                pace: { calls_per_minute: 0, adds_per_call: 2, settle: 1s }
                """,
            ])
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.calls.count == 3)
        #expect(try stage.world.members(1) == ["1*", "2", "3", "4", "5", "6"])
    }

    @Test("A plan only reads") func planOnlyReads() async throws {
        let stage = try stage()
        #expect(await stage.run("plan", "--detailed-exitcode").code == 2)
        #expect(!stage.world.journal.isEmpty)
        #expect(stage.world.journal.allSatisfy { $0.method == "GET" })
    }

    @Test(
        "Offline commands make no calls",
        arguments: [["validate"], ["history"], ["--help"], ["plan", "--help"], ["--version"]])
    func offline(arguments: [String]) async throws {
        let stage = try stage()
        #expect(await stage.run(arguments).code == 0)
        #expect(stage.world.journal.isEmpty)
    }

    @Test("Calls keep the pace and its jitter, on the clock") func pace() async throws {
        var world = try SmallWorld()
        try world.addGroup(1)
        let stage = try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2, 3, 4])),
                "rollcall.yaml": """
                gateway: { url: "http://127.0.0.1:1" }
                policies: [policies]
                pace: { calls_per_minute: 20, jitter: 0.5, settle: 1s }
                """,
            ])
        #expect(await stage.run("apply", "--yes").code == 0)
        let times = stage.world.mutations.map(\.time.milliseconds)
        // Three seconds, lengthened by half of the allowed jitter of a half: the stage's random number is 0.5.
        #expect(zip(times, times.dropFirst()).map { $1 - $0 } == [3_750, 3_750])
    }

    @Test(
        "Look-ups of numbers keep a quarter of the pace, or the session's own rate if that is slower",
        arguments: [(60, nil, 250), (60, 6, 2_500), (6, 60, 2_500), (0, 6, 0)])
    func numberChecks(pace: Int, rate: Int?, pause: Int64) async throws {
        var world = try SmallWorld()
        world.seed.sessions[0].ratePerMinute = rate
        try world.addGroup(1)
        let stage = try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2, 3, 4])),
                "rollcall.yaml": Stage.configuration().replacing(
                    "calls_per_minute: 0", with: "calls_per_minute: \(pace)"),
            ])
        #expect(await stage.run("plan").code == 0)
        let times = stage.world.journal.filter { $0.path.contains("/contacts/check") }.map(\.time.milliseconds)
        #expect(zip(times, times.dropFirst()).map { $1 - $0 } == [pause, pause])
    }
}

@Suite("Repeated plans") struct PlanIdentityTests {
    @Test("Two plans of one state differ only in id and time", arguments: 1...20) func identical(number: UInt64)
        async throws
    {
        let world = try RandomWorld(number)
        let stage = try Stage(world.seed, files: ["policies/all.yaml": world.policy])
        func plan() async -> String {
            let text = await stage.run("plan", "--format", "json").output
            return text.split(separator: "\n").filter { !$0.contains(#""id""#) && !$0.contains(#""created_at""#) }
                .joined(separator: "\n")
        }
        let first = await plan()
        #expect(first.contains(#""format" : "rollcall.plan/1""#))
        stage.clock.advance(by: .seconds(60))
        #expect(await plan() == first)
    }
}

import GatewaySimulator
import Stage
import Testing

@Suite("Random worlds of people known two ways") struct TwoWaysWorldsTests {
    @Test(
        "In any spelling, wanted people stay, nobody is looked up twice, and in the end all groups match the policy",
        arguments: ChosenWorlds.numbers)
    func nights(number: UInt64) async throws {
        var world = try TwoWaysWorld(number)
        let judge = TwoWaysJudge(world)
        let stage = try Stage(
            world.seed,
            files: ["policies/all.yaml": world.policy, "rollcall.yaml": TwoWaysWorld.configuration],
            observer: { judge.see($0) })
        if ChosenWorlds.only != nil { print(world.policy, world.seed.people, separator: "\n") }
        for night in 0..<3 {
            if night > 0 {
                for event in world.day(stage) { judge.take(event, stage.world) }
            }
            let faults = world.faults()
            for rule in faults { stage.world.inject(rule) }
            judge.noteFailingChecks(faults.contains { $0.path == "*/contacts/check" })
            let sessions = world.sessionsTonight(night)
            // A plan learns what a run learns, for all sessions.
            if sessions.count == 2, world.flip(3) { try await planTwice(stage, judge, "night \(night)") }
            try await apply(stage, judge, sessions, "night \(night)")
            stage.world.clearFaults()
            judge.noteFailingChecks(false)
            stage.clock.advance(by: .seconds(26 * 3_600))
        }
        if world.flip(2) {
            // Somebody writes the new numbers into the policy.
            world.renew()
            judge.renew(world)
            try stage.write(world.policy, to: "policies/all.yaml")
        }
        for round in 0..<4 {
            stage.clock.advance(by: .seconds(20 * 86_400))
            try await apply(stage, judge, ["S1", "S2"], "round \(round)")
        }
        let output = await stage.run("plan").output
        #expect(judge.shortcomings(in: stage.world).isEmpty, "world \(number):\n\(output)")
        let earlier = stage.world.mutations.count
        try await apply(stage, judge, ["S1", "S2"], "the last run")
        #expect(stage.world.mutations.count == earlier, "world \(number) does not come to rest:\n\(output)")
        try await planTwice(stage, judge, "the end")
        #expect(judge.wrongs.isEmpty, "world \(number)")
    }

    private func apply(_ stage: Stage, _ judge: TwoWaysJudge, _ sessions: [String], _ when: String) async throws {
        let before = stage.world.trueGroups
        let earlier = stage.world.mutations.count
        let options = sessions.count == 1 ? ["--session", sessions[0]] : []
        let result = await stage.run(["apply", "--yes"] + options)
        if ChosenWorlds.only != nil {
            print(when, sessions, result.code, result.output, result.errors, separator: "\n")
            for call in stage.world.mutations.dropFirst(earlier) {
                print("call", call.sequence, call.status, call.method, call.path, call.effects)
            }
        }
        #expect([0, 3, 4].contains(result.code), "world \(judge.number), \(when): \(result.code)\n\(result.errors)")
        for call in stage.world.mutations.dropFirst(earlier) { judge.judge(call, when) }
        judge.noteLook(of: sessions, before: before, after: stage.world.trueGroups)
    }

    private func planTwice(_ stage: Stage, _ judge: TwoWaysJudge, _ when: String) async throws {
        var plans: [String] = []
        for _ in 0..<2 {
            let plan = await stage.run("plan", "--format", "json").output.split(separator: "\n")
                .filter { !$0.contains(#""id""#) && !$0.contains(#""created_at""#) }
            plans.append(plan.joined(separator: "\n"))
        }
        let lines = plans.map { $0.split(separator: "\n") }
        let differences = lines[1].difference(from: lines[0])
        #expect(differences.isEmpty, "world \(judge.number), \(when)")
        judge.noteLook(of: ["S1", "S2"], before: stage.world.trueGroups, after: stage.world.trueGroups)
    }
}

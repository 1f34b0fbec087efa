import Core
import GatewaySimulator
import RunLedger
import Stage
import Testing

@Suite("Many nights on an append-only store") struct UnforgettingNightsTests {
    @Test(
        "Changes that the store cannot show are neither undone nor repeated, and in the end all groups match the policy",
        arguments: ChosenWorlds.numbers)
    func nights(number: UInt64) async throws {
        let hard = try HardWorld(number)
        let seed = OtherHands.seed(of: hard)
        if ChosenWorlds.only != nil { print(hard, seed.behaviour, separator: "\n") }
        let admins = AdminWatch(hard)
        let stage = try Stage(
            seed, files: ["policies/all.yaml": hard.policy, "rollcall.yaml": hard.configuration()],
            observer: { admins.see($0) })
        var hands = OtherHands(hard, stage, admins, isBackfilled: seed.behaviour.beginsBackfilled)
        var generator = SeededGenerator(seed: number)
        var told: Set<String> = []
        for night in 0..<14 {
            if night > 0 || Bool.random(using: &generator) { hands.day() }
            // On some nights, nothing runs.
            if Int.random(in: 0..<6, using: &generator) > 0 {
                let off = hard.seed.sessions.map(\.id).filter { _ in Int.random(in: 0..<20, using: &generator) == 0 }
                for session in off { stage.world.setStatus("disconnected", of: session) }
                try await apply(on: stage, hard, hands, "night \(night)", told: &told)
                for session in off { stage.world.setStatus("working", of: session) }
            }
            stage.clock.advance(by: .seconds(26 * 3_600))
        }
        let wrongs = hard.wrongs(in: stage.world.mutations, meddled: hands.moved)
        #expect(wrongs.isEmpty, "world \(number)")
        try await comeToRest(stage, hard, &hands, told: &told)
        // The budget of adds was lifted too.
        let later = hard.wrongs(in: stage.world.mutations, meddled: hands.moved)
            .filter { !$0.contains("adds in 24 hours") }
        #expect(later.isEmpty, "world \(number)")
        #expect(admins.wrongs.isEmpty, "world \(number)")
    }

    /// Simulates days without others' changes, until people who decline are given up, limited changes are done, and
    /// nothing is left to do.
    private func comeToRest(
        _ stage: Stage, _ hard: HardWorld, _ hands: inout OtherHands, told: inout Set<String>
    ) async throws {
        let configuration = hard.configuration(
            limits: "{ removals: 100%, removals_per_run: 10000, min_other_admins: 0 }"
        )
        .replacing("adds_per_day: \(hard.addsPerDay)", with: "adds_per_day: 1000")
        try stage.write(configuration, to: "rollcall.yaml")
        var quiet = 0
        for round in 0..<30 where quiet < 2 {
            stage.clock.advance(by: .seconds(20 * 86_400))
            for _ in 0..<3 { hands.write() }
            hands.backfillAll()
            // Nobody can know that a person is an admin if they always write before a read.
            for _ in 0..<3 where round % 2 == 0 { hands.write() }
            let calls = try await apply(on: stage, hard, hands, "round \(round)", told: &told)
            quiet = calls.isEmpty ? quiet + 1 : 0
        }
        hands.backfillAll()
        for _ in 0..<3 { hands.write() }
        let last = try await apply(on: stage, hard, hands, "the last run", told: &told)
        let output = await stage.run("plan").output
        #expect(last.allSatisfy(hard.isHopeless), "world \(hard.number) does not come to rest:\n\(output)")
        // Nobody sees that adds of hidden people worked: they are given up, and missed once they leave.
        let lost = hands.moved.flatMap { group, people in
            people.intersection(hard.hidden).map { "\($0) is missing from \(group)" }
        }
        let shortcomings = hard.shortcomings(of: stage.world, departed: hands.moved).filter { !lost.contains($0) }
        #expect(shortcomings.isEmpty, "world \(hard.number):\n\(output)")
        #expect(await plan(stage) == plan(stage), "world \(hard.number)")
    }

    /// Applies the policy, checks the run against the general rules, and returns its calls.
    ///
    /// Findings in `told` are not reported again.
    @discardableResult
    private func apply(
        on stage: Stage, _ hard: HardWorld, _ hands: OtherHands, _ when: String, told: inout Set<String>
    ) async throws -> [GatewaySimulator.JournalEntry] {
        let earlier = stage.world.mutations
        let result = await stage.run("apply", "--yes")
        if ChosenWorlds.only != nil { print("\(when)\n\(result.output)") }
        let calls = Array(stage.world.mutations.dropFirst(earlier.count))
        if ChosenWorlds.only != nil {
            for call in calls {
                print("call", call.sequence, call.status, call.method, call.path, call.effects.map(\.outcome.rawValue))
            }
        }
        let ledger = try stage.ledger()
        let runs = try await ledger.latestRuns(100)
        let run = try #require(runs.first)
        let groups = try await ledger.groups(of: run.id)
        let actions = try await ledger.actions(of: run.id)
        var all: [ActionRecord] = []
        for run in runs { all += try await ledger.actions(of: run.id) }

        let position = "world \(hard.number), \(when)"
        #expect([0, 3, 4].contains(result.code), "\(position): \(result.code)\n\(result.errors)")
        let judge = CallJudge(hard)
        var wrongs: [String] = []
        if result.code == 3, !judge.isTrouble(groups, actions) {
            wrongs.append("\(when): exit code 3 without a reason")
        }
        wrongs +=
            judge.wrongs(of: calls, after: earlier, hands)
            + judge.wrongs(of: all, calls: earlier + calls, hands)
        let news = wrongs.filter { told.insert($0).inserted }
        if !news.isEmpty { Issue.record("\(position):\n\(news.joined(separator: "\n"))") }
        stage.clock.advance(by: .milliseconds(7))
        return calls
    }

    private func plan(_ stage: Stage) async -> String {
        await stage.run("plan", "--format", "json").output.split(separator: "\n")
            .filter { !$0.contains(#""id""#) && !$0.contains(#""created_at""#) }.joined(separator: "\n")
    }
}

import Core
import RunLedger
import Stage
import Testing

@testable import GatewaySimulator

@Suite("People waiting to be added") struct WaitingTurnTests {
    /// Returns a stage where twelve people are wanted in a group with only the own account, a few of them a day.
    private func stage(perDay: Int, groups: UInt64 = 1) throws -> Stage {
        var world = try SmallWorld()
        var policy = "groups:\n"
        for number in 1...groups {
            try world.addGroup(number)
            policy += try SmallWorld.policy(number, members: Array(2...13))
        }
        return try Stage(
            world.seed,
            files: [
                "policies/a.yaml": policy,
                "rollcall.yaml": Stage.configuration().replacing(
                    "settle: 1s", with: "settle: 1s, adds_per_day: \(perDay)"),
            ])
    }

    /// Returns the people that the next run adds, by small numbers; a repeated call counts again.
    private func nextNight(_ stage: Stage, _ arguments: String...) async throws -> [UInt64] {
        stage.clock.advance(by: .seconds(86_401))
        let before = stage.world.mutations.count
        _ = await stage.run(["apply", "--yes"] + arguments)
        return stage.world.mutations.dropFirst(before).flatMap(\.effects).map { $0.phone.digits - 62_800_000_000 }
    }

    @Test("A waiting person keeps their place if --max-actions ends the run before their turn") func maxActions()
        async throws
    {
        let stage = try stage(perDay: 3)
        for person in UInt64(2)...8 { #expect(try await nextNight(stage, "--max-actions", "1") == [person]) }
        #expect(try await nextNight(stage) == [9, 10, 11])
    }

    @Test("A waiting person keeps their place if repeated calls use up the day's budget") func sentAgain()
        async throws
    {
        let stage = try stage(perDay: 4)
        stage.world.inject(
            FaultRule(method: "POST", path: "*/members", count: 2, fault: .status(429, code: "x")))
        #expect(Set(try await nextNight(stage)) == [2, 3])
        #expect(try await nextNight(stage) == [4, 5, 6, 7])
        #expect(try await nextNight(stage) == [8, 9, 10, 11])
    }

    @Test("A waiting person keeps their place if the gateway asked to wait until the run was over") func refusedForNow()
        async throws
    {
        let stage = try stage(perDay: 4)
        stage.world.inject(
            FaultRule(method: "POST", path: "*/members", count: 4, fault: .status(429, code: "x")))
        _ = try await nextNight(stage)
        #expect(try await nextNight(stage) == [2, 3, 4, 5])
    }

    @Test(
        "A waiting person keeps their place if the run dies before their turn, and loses it if they may have been added"
    )
    func died() async throws {
        let stage = try stage(perDay: 3)
        #expect(try await nextNight(stage) == [2, 3, 4])
        // The next run dies while it sends the first of three adds.
        stage.clock.advance(by: .seconds(86_401))
        let ledger = try stage.ledger()
        let now = stage.clock.now()
        let run = try await ledger.begin(
            RunRecord(
                id: .random(at: now), command: "apply", startedAt: now, policyDigest: "", version: "", host: ""))
        let key = GroupKey(gateway: .default, session: try #require(SessionID("S1")), group: try SmallWorld.group(1))
        let people = try (UInt64(5)...7).map(SmallWorld.phone)
        let actions = people.enumerated().map { index, phone in
            ActionRecord(
                key: key, sequence: index + 1, operation: .add, phone: phone, source: "a:1:1", plannedAt: now)
        }
        let stored = try await ledger.record(groups: [], actions: actions, holds: [], of: run.id)
        try await ledger.rememberWaiting(
            [key.group: Set(try (UInt64(5)...13).map(SmallWorld.phone))], among: [key.group], of: key.sessionKey,
            at: now)
        try await ledger.commit([.sending([stored[0].id], at: now)])
        #expect(try await nextNight(stage) == [6, 7, 8])
        #expect(try await nextNight(stage) == [9, 10, 11])
        #expect(try await nextNight(stage) == [5, 12, 13])
    }

    @Test("A waiting person loses their place if the group's calls fail: another group has its turn") func forbidden()
        async throws
    {
        let stage = try stage(perDay: 12, groups: 2)
        stage.world.inject(
            FaultRule(
                method: "POST", path: "*0001%40g.us/members", count: nil, fault: .status(403, code: "forbidden")))
        _ = try await nextNight(stage)
        _ = try await nextNight(stage)
        #expect(try stage.world.members(2).count == 13)
    }
}

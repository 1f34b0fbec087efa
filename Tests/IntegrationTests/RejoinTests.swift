import Core
import RunLedger
import Stage
import Testing

@testable import GatewaySimulator

@Suite("Groups that people may not rejoin") struct RejoinTests {
    private static let rule = "rejoin: never"

    private func stage(_ members: [UInt64], change: (inout SmallWorld) throws -> Void = { _ in }) throws -> Stage {
        var world = try SmallWorld()
        try world.addGroup(1, members: [2, 3, 4])
        try change(&world)
        return try Stage(world.seed, files: ["policies/a.yaml": try policy(members)])
    }

    private func policy(_ members: [UInt64]) throws -> String {
        "groups:\n" + (try SmallWorld.policy(1, members: members, more: Self.rule))
    }

    @Test(
        "A person removed by an interrupted run did not leave, and is added when wanted again",
        arguments: [ActionStatus.sending, .accepted, .unknown])
    func brokenOff(status: ActionStatus) async throws {
        let stage = try stage([2, 3])
        #expect(await stage.run("plan").code == 0)
        // A run sent the removal, and died or was stopped before it checked.
        let ledger = try stage.ledger()
        stage.clock.advance(by: .seconds(60))
        let run = try await ledger.begin(
            RunRecord(
                id: .random(at: stage.clock.now()), command: "apply", startedAt: stage.clock.now(), policyDigest: "",
                version: "", host: ""))
        let key = GroupKey(gateway: .default, session: try #require(SessionID("S1")), group: try SmallWorld.group(1))
        let action = try #require(
            try await ledger.record(
                groups: [],
                actions: [
                    ActionRecord(
                        key: key, sequence: 1, operation: .remove, phone: try SmallWorld.phone(4), source: "a:1:1",
                        plannedAt: stage.clock.now())
                ], holds: [], of: run.id
            ).first)
        try await ledger.commit([.sending([action.id], at: stage.clock.now())])
        if status != .sending {
            let settled = SettledAction(id: action.id, phone: action.phone, outcome: ActionOutcome(status: status))
            try await ledger.commit([.settled([settled], in: key, size: nil, at: stage.clock.now())])
        }
        stage.world.leave(try SmallWorld.phone(4), try SmallWorld.group(1))

        try stage.write(try policy([2, 3, 4]), to: "policies/a.yaml")
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3", "4"])
    }

    @Test("A person seen after a removal without effect, and gone since, has left") func leftAfterwards()
        async throws
    {
        let stage = try stage([2, 3])
        stage.world.inject(FaultRule(method: "DELETE", path: "*", count: nil, fault: .status(204, code: "x")))
        #expect(await stage.run("apply", "--yes").code == 3)
        stage.clock.advance(by: .seconds(86_400))
        try stage.write(try policy([2, 3, 4]), to: "policies/a.yaml")
        #expect(await stage.run("apply", "--yes").output.contains("No changes"))
        stage.clock.advance(by: .seconds(86_400))
        stage.world.leave(try SmallWorld.phone(4), try SmallWorld.group(1))
        for _ in 0..<2 {
            #expect(await stage.run("apply", "--yes").output.contains("they left, or somebody else removed them"))
            stage.clock.advance(by: .seconds(86_400))
        }
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
    }

    @Test("A person seen only by LID who left is not added when the number is known", arguments: [true, false])
    func seenByLID(isPinned: Bool) async throws {
        let stage = try stage([2, 3]) { world in
            world.seed.people[3].number = .hidden
            world.seed.people[3].lid = LID(digits: 150_000_000_000_004)
            world.seed.people[3].checkAnswersLID = !isPinned
        }
        #expect(await stage.run("apply", "--yes").output.contains("not identified"))
        stage.world.leave(try SmallWorld.phone(4), try SmallWorld.group(1))
        #expect(await stage.run("apply", "--yes").code == 0)
        let who = "{ phone: \"\(try SmallWorld.phone(4).e164)\", lid: 150000000000004@lid }"
        try stage.write(
            isPinned
                ? "people: { p: \(who) }\n" + (try policy([2, 3])).replacing("members: [", with: "members: [p, ")
                : try policy([2, 3, 4]), to: "policies/a.yaml")
        for _ in 0..<2 {
            #expect(await stage.run("apply", "--yes").output.contains("they left, or somebody else removed them"))
        }
        #expect(stage.world.calls.isEmpty)
    }
}

import GatewaySimulator
import Membership
import RunLedger
import Stage
import Testing

@Suite("One run at a time") struct LockTests {
    private func stage() throws -> Stage {
        var world = try SmallWorld()
        try world.addGroup(1)
        return try Stage(
            world.seed, files: ["policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2, 3]))])
    }

    @Test("a second apply ends with 6 and says who has the ledger; plan and history go on") func second() async throws {
        let stage = try stage()
        let ledger = try stage.ledger()
        guard case .acquired(let lock) = try RunLock.attempt(ledger: ledger.path) else {
            Issue.record("the lock is taken")
            return
        }
        let run = RunID(at: stage.clock.now(), randomness: (1, 2))
        try lock.sign(run: run, since: stage.clock.now(), host: "elsewhere")

        let result = await stage.run("apply", "--yes")
        #expect(result.code == 6)
        #expect(result.errors.contains("run \(run), at work since \(stage.clock.now()) on elsewhere"))
        #expect(await stage.run("apply", "--yes", "--wait", "10m").code == 6)
        #expect(stage.world.calls.isEmpty)
        #expect(await stage.run("plan").code == 0)
        #expect(await stage.run("history").code == 0)
        withExtendedLifetime(lock) {}
    }

    @Test("the lock goes with the run that had it") func released() async throws {
        let stage = try stage()
        for _ in 0..<3 { #expect(await stage.run("apply", "--yes").code == 0) }
    }
}

@Suite("After a run that died") struct RecoveryTests {
    /// A ledger in which a run died while it was sending the add of person 2; that of person 3 was planned.
    private func stage(wasAdded: Bool, lag: Lag = Lag()) async throws -> (Stage, RunID) {
        var world = try SmallWorld()
        try world.addGroup(1)
        world.seed.behaviour.lag = lag
        let stage = try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2, 3])),
                "rollcall.yaml": """
                gateway: { url: "http://127.0.0.1:1" }
                policies: [policies]
                pace: { calls_per_minute: 0, settle: 5s }
                """,
            ])
        let ledger = try stage.ledger()
        let run = try await ledger.begin(
            RunRecord(
                id: .random(at: stage.clock.now()), command: "apply", startedAt: stage.clock.now(), policyDigest: "",
                version: "0", host: "stage"))
        let key = GroupKey(gateway: .default, session: world.session, group: try SmallWorld.group(1))
        let actions = try [2, 3].enumerated().map { index, person in
            ActionRecord(
                key: key, sequence: index + 1, operation: "add", phone: try SmallWorld.phone(person), source: "a:1:1",
                plannedAt: stage.clock.now())
        }
        let stored = try await ledger.record(groups: [], actions: actions, holds: [], of: run.id)
        try await ledger.markSending([try #require(stored.first).id], at: stage.clock.now())
        if wasAdded { stage.world.join(try SmallWorld.phone(2), try SmallWorld.group(1)) }
        return (stage, run.id)
    }

    @Test(
        "what it sent and never learned of is looked up, not sent again", arguments: [Lag(), Lag(milliseconds: 4_000)])
    func lookedUp(lag: Lag) async throws {
        let (stage, run) = try await stage(wasAdded: true, lag: lag)
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 0)
        #expect(result.errors.contains("an earlier run died"))
        #expect(stage.world.mutations.map(\.body) == [#"{"participants":["62800000003@s.whatsapp.net"]}"#])
        let ledger = try stage.ledger()
        #expect(try await ledger.run(matching: run.text).status == .interrupted)
        #expect(try await ledger.actions(of: run).map(\.status) == [.confirmed, .skipped])
    }

    @Test("what never arrived is sent by the next run") func neverArrived() async throws {
        let (stage, run) = try await stage(wasAdded: false)
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
        #expect(try await stage.ledger().actions(of: run).map(\.status) == [.unknown, .skipped])
    }
}

import Core
import GatewaySimulator
import Glibc
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

    @Test("A second apply ends with 6 and names the run that has the lock; plan and history still work") func second()
        async throws
    {
        let stage = try stage()
        let ledger = try stage.ledger()
        guard case .acquired(let lock) = try RunLock.attempt(ledger: ledger.path) else {
            Issue.record("the lock is already held")
            return
        }
        let run = RunID(at: stage.clock.now(), randomness: (1, 2))
        try lock.sign(run: run, since: stage.clock.now(), host: "elsewhere")

        let result = await stage.run("apply", "--yes")
        #expect(result.code == 6)
        #expect(result.errors.contains("run \(run), running since \(stage.clock.now()) on elsewhere"))
        #expect(await stage.run("apply", "--yes", "--wait", "10m").code == 6)
        #expect(stage.world.calls.isEmpty)
        #expect(await stage.run("plan").code == 0)
        #expect(await stage.run("history").code == 0)
        withExtendedLifetime(lock) {}
    }

    @Test("The lock ends with its run") func released() async throws {
        let stage = try stage()
        for _ in 0..<3 { #expect(await stage.run("apply", "--yes").code == 0) }
    }
}

@Suite("After a run that died") struct RecoveryTests {
    /// Returns a ledger in which a run died while it sent the add of person 2; the add of person 3 was planned.
    ///
    /// The statuses are those of earlier attempts of the same call.
    private func stage(
        wasAdded: Bool, lag: Lag = Lag(), after statuses: [Int] = []
    ) async throws -> (Stage, RunID) {
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
                key: key, sequence: index + 1, operation: .add, phone: try SmallWorld.phone(person), source: "a:1:1",
                plannedAt: stage.clock.now())
        }
        let stored = try await ledger.record(groups: [], actions: actions, holds: [], of: run.id)
        let first = try #require(stored.first)
        for status in statuses {
            try await ledger.commit([.sending([first.id], at: stage.clock.now())])
            let outcome = ActionOutcome(status: status == 429 ? .failed : .unknown, httpStatus: status)
            let settled = SettledAction(id: first.id, phone: first.phone, outcome: outcome)
            try await ledger.commit([.settled([settled], in: key, size: nil, at: stage.clock.now())])
        }
        try await ledger.commit([.sending([first.id], at: stage.clock.now())])
        if wasAdded { stage.world.join(try SmallWorld.phone(2), try SmallWorld.group(1)) }
        return (stage, run.id)
    }

    @Test(
        "A sent call without a result is checked, not sent again", arguments: [Lag(), Lag(milliseconds: 4_000)])
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

    @Test("A call that never arrived is sent by the next run") func neverArrived() async throws {
        let (stage, run) = try await stage(wasAdded: false)
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
        #expect(try await stage.ledger().actions(of: run).map(\.status) == [.unknown, .skipped])
    }

    @Test(
        "A call refused or failed before the crash is sent by the next run", arguments: [[429], [429, 429], [503]])
    func lostAfterRefusals(statuses: [Int]) async throws {
        let (stage, _) = try await stage(wasAdded: false, after: statuses)
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
    }

    @Test("The results of a died run are counted, and its groups are not called unchanged") func counted() async throws
    {
        let (stage, run) = try await stage(wasAdded: true)
        let ledger = try stage.ledger()
        let row = try #require(try await ledger.actions(of: run).first)
        let taken = SettledAction(
            id: row.id, phone: row.phone, outcome: ActionOutcome(status: .accepted, httpStatus: 204))
        try await ledger.commit([.settled([taken], in: row.key, size: nil, at: stage.clock.now())])
        _ = try await ledger.record(
            groups: [GroupRunRecord(key: row.key, name: nil, status: .skipped, sizeBefore: 1)], actions: [],
            holds: [HoldRecord(key: row.key, kind: "unresolved", phone: nil, lid: nil, message: "hidden")], of: run)
        #expect(await stage.run("apply", "--yes").code == 0)
        let dead = try await ledger.run(matching: run.text)
        #expect(dead.tally == RunTally(changes: ActionCounts(adds: 1), holds: 1, errors: 1))
        let group = try #require(try await ledger.groups(of: run).first)
        #expect(group.status == .incomplete)
        #expect(group.errorCode == "interrupted")
    }

    /// Returns a run that died while it removed people from group 1, who are no longer there.
    private func removing(_ people: [UInt64], on stage: Stage, by session: SessionID) async throws -> RunID {
        let ledger = try stage.ledger()
        let run = try await ledger.begin(
            RunRecord(
                id: .random(at: stage.clock.now()), command: "apply", startedAt: stage.clock.now(), policyDigest: "",
                version: "0", host: "stage"))
        let key = GroupKey(gateway: .default, session: session, group: try SmallWorld.group(1))
        let actions = try people.enumerated().map { index, person in
            ActionRecord(
                key: key, sequence: index + 1, operation: .remove, phone: try SmallWorld.phone(person),
                source: "a:1:1", plannedAt: stage.clock.now())
        }
        let stored = try await ledger.record(groups: [], actions: actions, holds: [], of: run.id)
        try await ledger.commit([.sending(stored.map(\.id), at: stage.clock.now())])
        for person in people { stage.world.leave(try SmallWorld.phone(person), try SmallWorld.group(1)) }
        return run.id
    }

    @Test("A person removed by a run that died did not leave, and may be added again") func removedByUs() async throws {
        var world = try SmallWorld()
        try world.addGroup(1, members: [2, 3])
        func policy(_ members: [UInt64]) throws -> String {
            "groups:\n" + (try SmallWorld.policy(1, members: members, more: "rejoin: never"))
        }
        let stage = try Stage(world.seed, files: ["policies/a.yaml": try policy([2, 3])])
        #expect(await stage.run("apply", "--yes").code == 0)
        let run = try await removing([3], on: stage, by: world.session)
        try stage.write(try policy([2]), to: "policies/a.yaml")
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try await stage.ledger().actions(of: run).map(\.status) == [.confirmed])
        try stage.write(try policy([2, 3]), to: "policies/a.yaml")
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
    }

    @Test("A group that a died run made small is not treated as a member list that lost half its members")
    func madeSmall()
        async throws
    {
        var world = try SmallWorld()
        try world.addGroup(1, members: [2, 3, 4, 5, 6])
        let stage = try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1)),
                "rollcall.yaml": Stage.configuration("limits: { removals: 100% }"),
            ])
        #expect(await stage.run("plan").code == 0)
        let run = try await removing([2, 3, 4, 5], on: stage, by: world.session)
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*"])
        #expect(try await stage.ledger().actions(of: run).allSatisfy { $0.status == .confirmed })
    }
}

@Suite("After a plan that died") struct DeadPlanTests {
    @Test("The next run closes the row of a died plan, but not of a live one, which blocks nobody")
    func closed() async throws {
        var world = try SmallWorld()
        try world.addGroup(1)
        let stage = try Stage(
            world.seed, files: ["policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2]))])
        let ledger = try stage.ledger()
        func plan() async throws -> RunID {
            try await ledger.begin(
                RunRecord(
                    id: .random(at: stage.clock.now()), command: "plan", startedAt: stage.clock.now(), policyDigest: "",
                    version: "0", host: "stage")
            ).id
        }
        let dead = try await plan()
        do {
            let sign = try LivenessLock(ledger: ledger.path)
            try sign.acquire()
            let alive = try await plan()
            #expect(await stage.run("apply", "--yes").code == 0)
            #expect(await stage.run("plan").code == 0)
            #expect(try await ledger.run(matching: alive.text).status == .running)
            #expect(try await ledger.run(matching: dead.text).status == .running)
            try await ledger.finish(
                RunRecord(
                    id: alive, command: "plan", startedAt: stage.clock.now(), finishedAt: stage.clock.now(),
                    status: .succeeded, policyDigest: "", version: "0", host: "stage"))
            withExtendedLifetime(sign) {}
        }
        for verb in [["plan"], ["apply", "--yes"]] {
            let another = try await plan()
            #expect(await stage.run(verb).code == 0)
            let closed = try await ledger.run(matching: another.text)
            #expect(closed.status == .interrupted)
            #expect(closed.finishedAt != nil)
        }
        #expect(try await ledger.run(matching: dead.text).status == .interrupted)
        #expect(try await ledger.latestRuns(10).allSatisfy { $0.status != .running })
    }

    @Test("A live plan keeps its row during an apply, and a killed one loses it")
    func killed() async throws {
        let town = try Town([
            "gateway.yaml": try Town().text("gateway.yaml")
                + "\nfaults:\n  - { method: GET, path: \"*/members\", delay: 100000 }\n"
        ])
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            let plan = try rollcall.start(["plan"])
            try await waitUntil("the reading") { simulator.journal.text.contains("/members") }
            #expect(try await rollcall.run("apply", "--yes").code == 3)
            let ledger = try Ledger(path: town.path("rollcall.sqlite"))
            #expect(try await ledger.latestRuns(2).map(\.status) == [.incomplete, .running])
            plan.send(SIGKILL)
            _ = await plan.ending()
            #expect(try await rollcall.run("plan").code == 3)
            #expect(try await ledger.latestRuns(3).map(\.status) == [.incomplete, .incomplete, .interrupted])
        }
    }
}

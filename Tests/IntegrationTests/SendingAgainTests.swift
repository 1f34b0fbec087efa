import Core
import Reconciliation
import RunLedger
import Stage
import Testing

@testable import GatewaySimulator

@Suite("Failed calls") struct SendingAgainTests {
    private func stage(
        groups: UInt64 = 1, wanted: [UInt64] = [2], configuration: String = Stage.configuration(),
        change: (inout SmallWorld) throws -> Void = { _ in }
    ) throws -> Stage {
        var world = try SmallWorld()
        var policy = "groups:\n"
        for number in 1...groups {
            try world.addGroup(number)
            policy += try SmallWorld.policy(number, members: wanted)
        }
        try change(&world)
        return try Stage(world.seed, files: ["policies/a.yaml": policy, "rollcall.yaml": configuration])
    }

    /// Returns the attempts of the last run, as status and code.
    private func attempts(_ stage: Stage) async throws -> [String] {
        let ledger = try stage.ledger()
        return try await ledger.attempts(of: ledger.run(matching: "last").id).map { attempt in
            "\(attempt.status.rawValue) \(attempt.httpStatus.map(String.init) ?? attempt.errorCode ?? "-")"
        }
    }

    @Test("A call without effect is sent again after the pause that the gateway asks for, each attempt on record")
    func refusedForNow() async throws {
        let stage = try stage()
        stage.world.inject(
            FaultRule(method: "POST", path: "*", count: 2, fault: .status(429, code: "busy", retryAfter: 7)))
        let start = stage.clock.now()
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try await attempts(stage) == ["failed 429", "failed 429", "accepted 204"])
        #expect(stage.clock.now().milliseconds - start.milliseconds >= 14_000)
        #expect(try stage.world.members(1) == ["1*", "2"])
    }

    @Test(
        "A call with a lost answer is not sent again if the member list shows its effect",
        arguments: [500, 502, 503, 504])
    func effectShows(status: Int) async throws {
        let stage = try stage()
        stage.world.inject(FaultRule(method: "POST", path: "*", fault: .statusAfterEffect(status, code: "x")))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try await attempts(stage) == ["unknown \(status)"])
        #expect(stage.world.calls.count == 1)
        let ledger = try stage.ledger()
        #expect(try await ledger.actions(of: ledger.run(matching: "last").id).map(\.status) == [.confirmed])
    }

    @Test("A call that may have had its effect is sent at most twice, and checked by the next run")
    func uncertain() async throws {
        let stage = try stage()
        stage.world.inject(FaultRule(method: "POST", path: "*", count: nil, fault: .reset(afterEffect: false)))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(try await attempts(stage) == ["unknown interrupted", "unknown interrupted"])
        let journal = stage.world.journal
        let sent = journal.filter { $0.method == "POST" }.map(\.sequence)
        #expect(
            journal.contains {
                $0.method == "GET" && $0.path.hasSuffix("/members") && (sent[0]..<sent[1]) ~= $0.sequence
            })
        stage.world.clearFaults()
        // It may also have been declined: it counts as a try, and the next one comes a day later.
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*"])
        stage.clock.advance(by: .seconds(86_400))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2"])
    }

    @Test("A permanently failed call is sent once", arguments: [400, 401, 403, 404, 501]) func refused(status: Int)
        async throws
    {
        let stage = try stage()
        stage.world.inject(FaultRule(method: "POST", path: "*", count: nil, fault: .status(status, code: "x")))
        #expect(await stage.run("apply", "--yes").code == (status == 401 ? 77 : 3))
        #expect(try await attempts(stage) == ["failed \(status)"])
    }

    @Test("A call for several people is repeated only for those who do not show") func batch() async throws {
        let stage = try stage(
            wanted: [2, 3],
            configuration: Stage.configuration().replacing("settle: 1s", with: "settle: 1s, adds_per_call: 2")
        ) { world in world.seed.people[2].adds = .declines }
        stage.world.inject(FaultRule(method: "POST", path: "*", fault: .statusAfterEffect(504, code: "x")))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(
            stage.world.mutations.map(\.body) == [
                #"{"participants":["62800000002@s.whatsapp.net","62800000003@s.whatsapp.net"]}"#,
                #"{"participants":["62800000003@s.whatsapp.net"]}"#,
            ])
    }

    @Test("Every send counts against the day's budget") func budget() async throws {
        let stage = try stage(
            wanted: [2, 3, 4],
            configuration: Stage.configuration().replacing("settle: 1s", with: "settle: 1s, adds_per_day: 3"))
        stage.world.inject(
            FaultRule(method: "POST", path: "*", fault: .status(503, code: "x", retryAfter: 1)))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(stage.world.calls.count == 3)
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.calls.count == 3)
    }

    @Test("Calls that fail in group after group stop the session's calls") func breaker() async throws {
        let stage = try stage(groups: 6)
        stage.world.inject(FaultRule(method: "POST", path: "*", count: nil, fault: .status(500, code: "x")))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(stage.world.calls.count == 3 * 2)
    }

    @Test("Reads that fail in group after group stop the session's reads, and no other session's")
    func readBreaker() async throws {
        let other = try #require(SessionID("S2"))
        let stage = try stage(
            groups: 40,
            configuration: Stage.configuration("read: { concurrency: 2 }")
        ) { world in
            world.seed.sessions.append(
                SessionSeed(id: other, organisation: "org", account: try SmallWorld.phone(1)))
            for index in 35..<40 { world.seed.groups[index].sessions = [other] }
        }
        var policy = "groups:\n"
        for number in UInt64(1)...40 {
            policy += try SmallWorld.policy(number, members: [2], session: number > 35 ? "S2" : "S1")
        }
        try stage.write(policy, to: "policies/a.yaml")
        stage.world.inject(
            FaultRule(method: "GET", path: "*/S1/groups/*/members", count: nil, fault: .hang(afterEffect: true)))
        #expect(await stage.run("apply", "--yes").code == 3)
        let read = Set(stage.world.journal.filter { $0.path.contains("/S1/groups/") }.map(\.path))
        #expect(read.count <= 6)
        #expect(try stage.world.members(36) == ["1*", "2"])
    }
}

@Suite("Deadlines") struct DeadlineTests {
    private func stage() throws -> Stage {
        var world = try SmallWorld()
        try world.addGroup(1)
        return try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2, 3, 4, 5, 6, 7, 8])),
                "rollcall.yaml": Stage.configuration().replacing("calls_per_minute: 0", with: "calls_per_minute: 2"),
            ])
    }

    @Test("A deadline stops the run in time, skips the rest, and the next run continues") func inTime() async throws {
        let stage = try stage()
        let start = stage.clock.now()
        #expect(await stage.run("apply", "--yes", "--deadline", "2m").code == 3)
        #expect(stage.clock.now().milliseconds - start.milliseconds <= 120_000)
        let ledger = try stage.ledger()
        let rows = try await ledger.actions(of: ledger.run(matching: "last").id)
        let (done, left) = (rows.prefix { $0.status == .confirmed }, rows.drop { $0.status == .confirmed })
        #expect((1...4).contains(done.count))
        #expect(left.allSatisfy { $0.status == .skipped && $0.error == StopReason.deadlinePassed.message })
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1).count == 8)
    }

    @Test("A deadline during the reads changes nothing, and no pause outlasts it", arguments: ["", "asking"])
    func whileReading(kind: String) async throws {
        let stage = try stage()
        let start = stage.clock.now()
        if kind.isEmpty {
            stage.world.inject(
                FaultRule(method: "GET", path: "*/members", count: nil, fault: .status(503, code: "x", retryAfter: 14)))
        }
        // Number look-ups are 7.5 seconds apart at two changes a minute.
        let result = await stage.run("apply", "--yes", "--deadline", "10s")
        #expect(result.code == 3)
        #expect(result.errors.contains("the deadline passed before Rollcall had read the groups"))
        #expect(stage.world.calls.isEmpty)
        #expect(stage.clock.now().milliseconds - start.milliseconds <= 10_000)
    }

    @Test("Neither a waiting gateway nor an unconfirmed change outlasts the deadline")
    func patience() async throws {
        for fault in [Fault.status(429, code: "x", retryAfter: 14), .status(204, code: "x")] {
            let stage = try stage()
            let start = stage.clock.now()
            stage.world.inject(FaultRule(method: "POST", path: "*", count: nil, fault: fault))
            #expect(await stage.run("apply", "--yes", "--deadline", "70s").code == 3)
            #expect(stage.clock.now().milliseconds - start.milliseconds <= 70_000)
        }
    }
}

@Suite("Pace across runs") struct PaceTests {
    @Test("The pace continues from the last call of the previous run") func acrossRuns() async throws {
        var world = try SmallWorld()
        try world.addGroup(1)
        let stage = try Stage(
            world.seed,
            files: [
                "policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2])),
                "rollcall.yaml": Stage.configuration().replacing("calls_per_minute: 0", with: "calls_per_minute: 2"),
            ])
        #expect(await stage.run("apply", "--yes").code == 0)
        try stage.write("groups:\n" + (try SmallWorld.policy(1, members: [2, 3])), to: "policies/a.yaml")
        #expect(await stage.run("apply", "--yes").code == 0)
        let times = stage.world.mutations.map(\.time.milliseconds)
        #expect(times.count == 2)
        #expect(times[1] - times[0] >= 30_000)
    }
}

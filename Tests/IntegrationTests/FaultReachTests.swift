import Core
import RunLedger
import Stage
import Testing

@testable import GatewaySimulator

@Suite("The reach of a failure") struct FaultReachTests {
    /// Returns a stage with groups of one session, each with one person to add.
    private func stage(groups count: UInt64, newcomer: UInt64 = 6, configuration: String = "") throws -> Stage {
        var world = try SmallWorld()
        var policy = "groups:\n"
        for number in 1...count {
            try world.addGroup(number, members: [5])
            policy += try SmallWorld.policy(number, members: [5, newcomer])
        }
        return try Stage(
            world.seed, files: ["policies/a.yaml": policy, "rollcall.yaml": Stage.configuration(configuration)])
    }

    @Test(
        "A disconnected session is sent no changes, whichever read reports it",
        arguments: [
            "/api/v1/sessions/S1", "*/groups", "*0001%40g.us/members", "*/contacts", "*/contacts/check",
        ])
    func notConnected(path: String) async throws {
        let stage = try stage(groups: 3)
        stage.world.inject(
            FaultRule(method: "GET", path: path, count: nil, fault: .status(501, code: "not_implemented")))
        for verb in [["plan"], ["apply", "--yes"]] {
            let result = await stage.run(verb)
            #expect(result.code == 3)
            #expect(result.output.contains("the session is not connected to WhatsApp (501"))
        }
        #expect(stage.world.calls.isEmpty)
        let ledger = try stage.ledger()
        let groups = try await ledger.groups(of: ledger.run(matching: "last").id)
        #expect(groups.allSatisfy { $0.status == .failed && $0.errorCode == "not_implemented" })
    }

    @Test("A session that disconnects during a check of its changes is sent no more") func later()
        async throws
    {
        let stage = try stage(groups: 3, configuration: "read: { concurrency: 1 }")
        stage.world.inject(
            FaultRule(
                method: "GET", path: "*/members", skip: 3, count: nil, fault: .status(501, code: "not_implemented")))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(stage.world.calls.count == 1)
        let ledger = try stage.ledger()
        let actions = try await ledger.actions(of: ledger.run(matching: "last").id)
        #expect(actions.map(\.status) == [.accepted, .skipped, .skipped])
    }

    @Test("A disconnected session does not hold up other sessions") func otherSession() async throws {
        var world = try SmallWorld()
        world.seed.sessions.append(
            SessionSeed(
                id: try #require(.init("S2")), organisation: "org", account: try SmallWorld.phone(1)))
        try world.addGroup(1, members: [5])
        try world.addGroup(2, members: [5], session: .init("S2"))
        let policy =
            "groups:\n" + (try SmallWorld.policy(1, members: [5, 6]))
            + (try SmallWorld.policy(2, members: [5, 6], session: "S2"))
        let stage = try Stage(world.seed, files: ["policies/a.yaml": policy])
        stage.world.inject(
            FaultRule(method: "GET", path: "*/S1/contacts/check", fault: .status(501, code: "not_implemented")))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(try stage.world.members(1) == ["1*", "5"])
        #expect(try stage.world.members(2) == ["1*", "5", "6"])
    }

    @Test("A gateway that keeps asking to wait is not asked for one group after another") func rateLimit()
        async throws
    {
        let stage = try stage(groups: 9, configuration: "read: { concurrency: 1 }")
        stage.world.inject(
            FaultRule(
                method: "GET", path: "*/members", count: nil,
                fault: .status(429, code: "rate_limited", retryAfter: .seconds(60))))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(stage.world.journal.count { $0.isFaulty } == 5)
        let ledger = try stage.ledger()
        let groups = try await ledger.groups(of: ledger.run(matching: "last").id)
        #expect(
            groups.map(\.errorCode)
                == Array(repeating: "rate_limited", count: 5) + Array(repeating: "session_given_up", count: 4))
    }

    @Test("A token rejected at an invite link ends the run before any change") func invite()
        async throws
    {
        let stage = try stage(groups: 2)
        stage.world.setAdds(of: try SmallWorld.phone(6), .declines)
        #expect(await stage.run("apply", "--yes").code == 3)
        stage.world.clearJournal()
        stage.world.join(try SmallWorld.phone(9), try SmallWorld.group(1))
        stage.world.inject(
            FaultRule(method: "GET", path: "*/invite", count: nil, fault: .status(401, code: "unauthorized")))
        for verb in [["plan", "--invite-links"], ["apply", "--yes", "--invite-links"]] {
            let result = await stage.run(verb)
            #expect(result.code == 77)
            #expect(result.errors.contains("check the token"))
        }
        #expect(stage.world.calls.isEmpty)
    }

    @Test(
        "A token rejected while groups are read is not tried again, whichever read reports it",
        arguments: ["*/members", "*/contacts", "*/contacts/*lid"])
    func rejectedReading(path: String) async throws {
        var world = try SmallWorld()
        var policy = "groups:\n"
        for number: UInt64 in 1...5 {
            // This member is unknown, so their contact is read separately.
            let hidden = 10 + number
            world.seed.people[Int(hidden) - 1].number = .absent
            try world.addGroup(number, members: [5, hidden])
            policy += try SmallWorld.policy(number, members: [5, 6])
        }
        let stage = try Stage(
            world.seed,
            files: [
                "policies/a.yaml": policy, "rollcall.yaml": Stage.configuration("read: { concurrency: 1 }"),
            ])
        stage.world.inject(
            FaultRule(method: "GET", path: path, count: nil, fault: .status(401, code: "unauthorized")))
        #expect(await stage.run("plan").code == 77)
        #expect(stage.world.journal.count { $0.isFaulty } == 1)
        #expect(stage.world.journal.last?.isFaulty == true)
    }
}

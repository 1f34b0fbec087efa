import Core
import RunLedger
import Stage
import Testing

@testable import GatewaySimulator

@Suite("Failures") struct FaultTests {
    /// Returns a stage with three groups of one session, each with one person to add.
    private func stage(
        _ change: (inout SmallWorld) throws -> Void = { _ in }, configuration: String = Stage.configuration()
    ) throws -> Stage {
        var world = try SmallWorld()
        for number in 1...3 { try world.addGroup(UInt64(number), members: [5]) }
        try change(&world)
        var policy = "groups:\n"
        for number in 1...3 { policy += try SmallWorld.policy(UInt64(number), members: [5, 6]) }
        return try Stage(world.seed, files: ["policies/a.yaml": policy, "rollcall.yaml": configuration])
    }

    private func rows(_ stage: Stage) async throws -> [ActionRecord] {
        let ledger = try stage.ledger()
        return try await ledger.actions(of: ledger.run(matching: "last").id)
    }

    private func groups(_ stage: Stage) async throws -> [GroupRunStatus] {
        let ledger = try stage.ledger()
        return try await ledger.groups(of: ledger.run(matching: "last").id).map(\.status)
    }

    @Test("A failure in one group leaves the others done, and sets the exit code") func isolation() async throws {
        let stage = try stage()
        stage.world.inject(
            FaultRule(method: "POST", path: "*0002%40g.us/members", fault: .status(403, code: "forbidden")))
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 3)
        #expect(result.output.contains("give the token the permission `send`"))
        #expect(try stage.world.members(1) == ["1*", "5", "6"])
        #expect(try stage.world.members(2) == ["1*", "5"])
        #expect(try stage.world.members(3) == ["1*", "5", "6"])
        #expect(try await groups(stage) == [.changed, .failed, .changed])
        let failed = try #require(try await rows(stage).first { $0.status == .failed })
        #expect(failed.httpStatus == 403)
        #expect(failed.errorCode == "forbidden")
    }

    @Test("A failure to read one group leaves the others done") func unreadableGroup() async throws {
        let stage = try stage()
        stage.world.inject(
            FaultRule(method: "GET", path: "*0002%40g.us/members", count: nil, fault: .garbage("<html>no</html>")))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(try await groups(stage) == [.changed, .failed, .changed])
        #expect(stage.world.calls.allSatisfy { !$0.contains("0002%40g.us") })
    }

    @Test("After one call of a session that is not connected, no more are sent") func sessionDown() async throws {
        let stage = try stage()
        stage.world.inject(
            FaultRule(method: "POST", path: "*", count: nil, fault: .status(501, code: "not_implemented")))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(stage.world.calls.count == 1)
        #expect(try await rows(stage).map(\.status) == [.failed, .skipped, .skipped])
    }

    @Test("Rejected credentials end everything with the first call") func credentials() async throws {
        let stage = try stage()
        stage.world.inject(
            FaultRule(method: "POST", path: "*", count: nil, fault: .status(401, code: "unauthorized")))
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 77)
        #expect(stage.world.calls.count == 1)
        #expect(try await stage.ledger().run(matching: "last").exitCode == 77)
    }

    @Test("A token rejected while reading sends nothing, and the exit code is 77") func refusedToken()
        async throws
    {
        let stage = try stage()
        stage.world.inject(FaultRule(path: "*", count: nil, fault: .status(401, code: "unauthorized")))
        for verb in ["plan", "apply"] {
            let result = await stage.run([verb] + (verb == "apply" ? ["--yes"] : []))
            #expect(result.code == 77)
            #expect(result.errors.contains("rejected the token"))
        }
        #expect(stage.world.calls.isEmpty)
    }

    @Test("A gateway without any useful answer gives exit code 69", arguments: [500, 502, 503])
    func unreachable(status: Int) async throws {
        let stage = try stage()
        stage.world.inject(FaultRule(path: "*", count: nil, fault: .status(status, code: "broken")))
        #expect(await stage.run("plan").code == 69)
        #expect(await stage.run("apply", "--yes").code == 69)
    }

    @Test("A person who declines makes the run incomplete, and the output names them") func declined()
        async throws
    {
        let stage = try stage()
        stage.world.setAdds(of: try SmallWorld.phone(6), .declines)
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 3)
        #expect(result.output.contains("+62800000006"))
        #expect(try await rows(stage).map(\.status) == [.declined, .declined, .declined])
        #expect(try await groups(stage) == [.incomplete, .incomplete, .incomplete])
    }

    @Test("Changes in a lagging store are waited for and confirmed") func lag() async throws {
        let stage = try stage { world in world.seed.behaviour.lag = Lag(milliseconds: 700, reads: 2) }
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try await rows(stage).allSatisfy { $0.status == .confirmed })
    }

    @Test("If the member list cannot be read again, nothing is confirmed, and the next run checks")
    func notReadAgain() async throws {
        let stage = try stage()
        stage.world.inject(
            FaultRule(method: "GET", path: "*0002%40g.us/members", skip: 1, count: nil, fault: .status(500, code: "x")))
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 3)
        #expect(result.output.contains("the member list could not be read again"))
        #expect(try await rows(stage).map(\.status) == [.confirmed, .accepted, .confirmed])
        #expect(try await groups(stage) == [.changed, .incomplete, .changed])
        stage.world.clearFaults()
        stage.world.clearJournal()
        let ledger = try stage.ledger()
        let first = try await ledger.run(matching: "last").id
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.calls.isEmpty)
        #expect(try await ledger.actions(of: first).map(\.status) == [.confirmed, .confirmed, .confirmed])
    }

    @Test(
        "A doubtful member list after an add confirms nothing and removes nobody",
        arguments: [
            RosterDistortion(isEmpty: true), RosterDistortion(lacksOwnAccount: true), RosterDistortion(missing: 8),
        ])
    func doubtfulAfterwards(distortion: RosterDistortion) async throws {
        var world = try SmallWorld()
        try world.addGroup(1, members: Array(2...9))
        let policy = "groups:\n" + (try SmallWorld.policy(1, members: Array(2...8) + [10]))
        let (group, change) = (try SmallWorld.group(1), FirstChange())
        let stage = try Stage(world.seed, files: ["policies/a.yaml": policy]) { _ in change.tell() }
        change.then { stage.world.distort(group, distortion) }
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(try await rows(stage).map(\.status) == [.accepted, .skipped])
        #expect(stage.world.trueGroup(group)?.members.count == 10)
        stage.world.distort(group, RosterDistortion())
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.trueGroup(group)?.members.count == 9)
    }

    @Test("A person not seen after the add is not promoted") func promotionWaits() async throws {
        var world = try SmallWorld()
        try world.addGroup(1, members: [5])
        let policy = "groups:\n" + (try SmallWorld.policy(1, admins: [1, 6, 7], members: [5]))
        let stage = try Stage(world.seed, files: ["policies/a.yaml": policy])
        stage.world.setAdds(of: try SmallWorld.phone(6), .declines)
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(try await rows(stage).map(\.status) == [.declined, .confirmed, .skipped, .confirmed])
        #expect(try stage.world.members(1) == ["1*", "5", "7*"])
        #expect(stage.world.calls.allSatisfy { !$0.contains("62800000006%40s.whatsapp.net/promote") })
    }

    @Test("A failed promotion removes no admin of that group") func promotionFails() async throws {
        var world = try SmallWorld()
        try world.addGroup(1, admins: [4], members: [5, 2])
        let policy = "groups:\n" + (try SmallWorld.policy(1, admins: [1, 5], members: [4]))
        let stage = try Stage(world.seed, files: ["policies/a.yaml": policy])
        stage.world.inject(FaultRule(method: "POST", path: "*/promote", fault: .status(400, code: "validation_error")))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(try await rows(stage).map(\.status) == [.failed, .skipped, .confirmed])
        #expect(try stage.world.members(1) == ["1*", "4*", "5"])
    }

    @Test("Blocked removals leave the rest done, and the exit code is 4") func withheld() async throws {
        let stage = try stage { world in
            for index in world.seed.groups.indices { world.seed.groups[index].distortion.countOffset = 3 }
        }
        stage.world.join(try SmallWorld.phone(9), try SmallWorld.group(1))
        #expect(await stage.run("plan").code == 4)
        #expect(await stage.run("apply", "--yes").code == 4)
        #expect(try stage.world.members(1) == ["1*", "5", "6", "9"])
        #expect(try await groups(stage) == [.withheld, .withheld, .withheld])
    }

    @Test("An account that is not an admin fails the group with both causes, and nothing is sent") func notAdmin()
        async throws
    {
        var world = try SmallWorld()
        try world.addGroup(1, admins: [2], actsAsAdmin: false)
        let policy = "groups:\n" + (try SmallWorld.policy(1, admins: [2], members: [1, 6]))
        let stage = try Stage(world.seed, files: ["policies/a.yaml": policy])
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 3)
        #expect(result.output.contains("the session's account is not an admin here"))
        #expect(stage.world.calls.isEmpty)
    }

    @Test("Adds beyond the day's budget wait for a later day, also after crashes") func budget() async throws {
        let stage = try stage(
            configuration: """
                gateway: { url: "http://127.0.0.1:1" }
                policies: [policies]
                pace: { calls_per_minute: 0, settle: 1s, adds_per_day: 2 }
                """)
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.calls.count == 2)
        #expect(await stage.run("apply", "--yes").output.contains("deferred"))
        #expect(stage.world.calls.count == 2)
        stage.clock.advance(by: .seconds(86_401))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.calls.count == 3)
        #expect(try stage.world.members(3) == ["1*", "5", "6"])
    }
}

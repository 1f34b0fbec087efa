import GatewaySimulator
import Membership
import RunLedger
import Stage
import Testing

@Suite("What is not known for certain") struct DoubtTests {
    private func stage(
        _ policy: String, configuration: String = "", change: (inout SmallWorld) throws -> Void
    ) throws -> Stage {
        var world = try SmallWorld()
        try change(&world)
        return try Stage(
            world.seed,
            files: ["policies/a.yaml": "groups:\n" + policy, "rollcall.yaml": Stage.configuration(configuration)])
    }

    @Test(
        "spares a creator whose LID only WhatsApp tells, by whatever spelling the policy knows them",
        arguments: [UInt64(2), 900])
    func hiddenCreator(spelling: UInt64) async throws {
        let stage = try stage(try SmallWorld.policy(1, members: [3, spelling])) { world in
            world.seed.people[1].number = .absent
            world.seed.people[1].checkAnswersLID = true
            world.seed.people[1].otherNumbers = [try SmallWorld.phone(900)]
            try world.addGroup(1, admins: [2], members: [3]) { $0.creator = PhoneNumber(digits: 62_800_000_002) }
        }
        for _ in 0..<3 { #expect(await stage.run("apply", "--yes").code == 0) }
        #expect(stage.world.calls.isEmpty)
    }

    @Test("counts each try of someone who declines once, though the own account is not known") func tries()
        async throws
    {
        var world = try SmallWorld(permissions: [.read, .send])
        world.seed.people[1].adds = .declines
        try world.addGroup(1, members: [3]) { $0.distortion = RosterDistortion(isEmpty: true) }
        let stage = try Stage(
            world.seed, files: ["policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2, 3]))])
        var days: [Int] = []
        for day in 0..<20 {
            let before = stage.world.calls.count
            _ = await stage.run("apply", "--yes")
            if stage.world.calls.dropFirst(before).contains(where: { $0.hasSuffix("/members") }) { days.append(day) }
            stage.world.distort(try SmallWorld.group(1), RosterDistortion())
            stage.clock.advance(by: .seconds(86_400))
        }
        #expect(days == [0, 1, 3, 7])
    }

    @Test("a promotion that fails every night keeps no ordinary member whom the policy does not want")
    func failedPromotion() async throws {
        let stage = try stage(try SmallWorld.policy(1, admins: [1, 2])) { world in
            try world.addGroup(1, admins: [3], members: [2, 4])
        }
        stage.world.inject(FaultRule(path: "*/promote", count: nil, fault: .status(404, code: "not_found")))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(try stage.world.members(1) == ["1*", "2", "3*"])
    }

    @Test(
        "takes nobody away while WhatsApp cannot be asked about someone who is wanted and not seen",
        arguments: [true, false])
    func unanswered(isOffline: Bool) async throws {
        let stage = try stage(try SmallWorld.policy(1, members: [3, 900])) { world in
            world.seed.people[1].otherNumbers = [try SmallWorld.phone(900)]
            try world.addGroup(1, members: [2, 3])
        }
        if !isOffline {
            stage.world.inject(
                FaultRule(method: "GET", path: "*/contacts/check", count: 4, fault: .status(500, code: "x")))
        }
        let result = await stage.run(["apply", "--yes"] + (isOffline ? ["--offline-identities"] : []))
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
        #expect(stage.world.calls.allSatisfy { $0.hasPrefix("POST") })
        #expect(result.output.contains("WhatsApp could not be asked about a number"))
        stage.world.clearJournal()
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
        #expect(stage.world.calls.isEmpty)
    }

    @Test("is not held against anybody: whose LID was told for one group stays unresolved in another")
    func toldElsewhere() async throws {
        let stage = try stage(
            (try SmallWorld.policy(1, members: [2])) + (try SmallWorld.policy(2, members: [3]))
        ) { world in
            world.seed.people[1].number = .absent
            world.seed.people[1].checkAnswersLID = true
            try world.addGroup(1, members: [2])
            try world.addGroup(2, members: [2, 3])
        }
        let first = await stage.run("plan").output
        #expect(first.contains("unresolved"))
        #expect(first == (await stage.run("plan").output))
    }

    @Test("spares a creator who is named by LID and listed by number") func creatorListedByNumber() async throws {
        let creator = try SmallWorld.phone(2)
        let stage = try stage(try SmallWorld.policy(1, members: [3])) { world in
            try world.addGroup(1) {
                $0.members.insert(GroupSeed.Member(phone: creator, role: .admin), at: 0)
                $0.members.append(
                    GroupSeed.Member(phone: PhoneNumber(digits: 62_800_000_003) ?? creator, role: .member))
                $0.creator = creator
                $0.ownerForm = .lid
                $0.distortion = RosterDistortion(listedByNumber: 2)
            }
        }
        for _ in 0..<2 { #expect(await stage.run("apply", "--yes").code == 0) }
        #expect(stage.world.calls.isEmpty)
    }

    @Test("takes nobody away by a number on which the contacts of two groups disagree") func disputed() async throws {
        let stage = try stage(
            (try SmallWorld.policy(1, members: [3])) + (try SmallWorld.policy(2, members: [3]))
        ) { world in
            for number in UInt64(1)...2 { try world.addGroup(number, members: [2, 3]) }
        }
        let lid = try #require(stage.world.lid(of: try SmallWorld.phone(2)))
        stage.world.inject(
            FaultRule(
                path: "*/contacts", skip: 1, count: nil,
                fault: .garbage(
                    #"{"data":[{"lid":"\#(lid)","phoneJid":"62800000077@s.whatsapp.net"}],"nextCursor":null}"#)))
        let result = await stage.run("apply", "--yes")
        #expect(stage.world.calls.isEmpty)
        #expect(result.output.contains("unresolved"))
    }
}

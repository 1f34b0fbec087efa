import Core
import RunLedger
import Stage
import Testing

@testable import GatewaySimulator

@Suite("Doubt") struct DoubtTests {
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
        "A creator whose LID only WhatsApp shows stays, with any spelling in the policy",
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

    @Test("Each try of a person who declines counts once, even if the own account is unknown") func tries()
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

    @Test(
        "A short member list removes nobody, however many runs added people since, and calls nobody declined",
        arguments: [
            RosterDistortion(missing: 8, countOffset: -8), RosterDistortion(missing: 8),
            RosterDistortion(missing: 3, lacksOwnAccount: true, countOffset: -4), RosterDistortion(countOffset: 5),
        ])
    func shortRoster(distortion: RosterDistortion) async throws {
        let wanted = Array(UInt64(3)...13)
        let stage = try stage(try SmallWorld.policy(1, members: wanted)) { world in
            try world.addGroup(1, members: wanted)
        }
        #expect(await stage.run("apply", "--yes").code == 0)
        let group = try SmallWorld.group(1)
        stage.world.join(try SmallWorld.phone(2), group)
        stage.world.distort(group, distortion)
        // A person whose add must be confirmed, so that the group is read again at the end in any case.
        stage.world.leave(try SmallWorld.phone(3), group)
        for _ in 0..<3 {
            _ = await stage.run("apply", "--yes")
            #expect(try stage.world.members(1).contains("2"))
        }
        #expect(!(await stage.run("plan").output.contains("declined")))
        stage.world.distort(group, RosterDistortion())
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*"] + wanted.map { "\($0)" })
    }

    @Test("A promotion that fails every night does not keep a member that the policy does not want")
    func failedPromotion() async throws {
        let stage = try stage(try SmallWorld.policy(1, admins: [1, 2])) { world in
            try world.addGroup(1, admins: [3], members: [2, 4])
        }
        stage.world.inject(FaultRule(path: "*/promote", count: nil, fault: .status(404, code: "not_found")))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(try stage.world.members(1) == ["1*", "2", "3*"])
    }

    @Test(
        "Nobody is removed while WhatsApp cannot be asked about a wanted person who is not seen",
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
        #expect(result.output.contains("Rollcall could not look up 1 number (of a person in the policy"))
        stage.world.clearJournal()
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
        #expect(stage.world.calls.isEmpty)
    }

    @Test("A LID known from one group stays unresolved in another")
    func knownElsewhere() async throws {
        let stage = try stage(
            (try SmallWorld.policy(1, members: [2])) + (try SmallWorld.policy(2, members: [3]))
        ) { world in
            world.seed.people[1].number = .absent
            world.seed.people[1].checkAnswersLID = true
            try world.addGroup(1, members: [2])
            try world.addGroup(2, members: [2, 3])
        }
        let first = await stage.run("plan").output
        #expect(first.contains("not identified"))
        #expect(first == (await stage.run("plan").output))
    }

    @Test("A creator named by LID and listed by number stays") func creatorListedByNumber() async throws {
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

    @Test("A number that two groups' contacts give to different people removes nobody") func disputed() async throws {
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
        #expect(result.output.contains("not identified"))
    }

    @Test("A person known by LID and listed by number stays", arguments: ["keep", "members", "pinned"])
    func listedByNumber(list: String) async throws {
        let lid = "150000000000002@lid"
        let old = try SmallWorld.phone(800).e164
        let who = list == "pinned" ? "p: { phone: \"\(old)\", lid: \(lid) }" : "p: { lid: \(lid) }"
        let policy = try SmallWorld.policy(1, members: [3], more: list == "keep" ? "keep: [p]" : "")
            .replacing("members: [", with: list == "keep" ? "members: [" : "members: [p, ")
        var world = try SmallWorld()
        world.seed.people[1].lid = LID(digits: 150_000_000_000_002)
        try world.addGroup(1, members: [2, 3]) { $0.distortion = RosterDistortion(listedByNumber: 2) }
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "people: { \(who) }\ngroups:\n" + policy])
        #expect([0, 3].contains(await stage.run("apply", "--yes").code))
        #expect(stage.world.calls.isEmpty)
        // Without a contact that links the two, nobody can know.
        stage.world.setNumber(of: try SmallWorld.phone(2), .absent)
        let hidden = try Stage(
            world.hiding(1), files: ["policies/a.yaml": "people: { \(who) }\ngroups:\n" + policy])
        _ = await hidden.run("apply", "--yes")
        #expect(hidden.world.calls.allSatisfy { $0.hasPrefix("POST") })
    }

    @Test("A person whose LID has a new number stays until the policy has it", arguments: [false, true])
    func changedNumber(strangerComes: Bool) async throws {
        let stage = try stage(try SmallWorld.policy(1, members: [2, 3])) { world in
            try world.addGroup(1, members: [2, 3])
        }
        #expect(await stage.run("apply", "--yes").code == 0)
        stage.world.changeNumber(of: try SmallWorld.phone(2), to: try SmallWorld.phone(70))
        if strangerComes { stage.world.join(try SmallWorld.phone(4), try SmallWorld.group(1)) }
        for _ in 0..<3 { #expect([0, 3].contains(await stage.run("apply", "--yes").code)) }
        #expect(try stage.world.members(1) == ["1*", "3", "70"])
        try stage.write("groups:\n" + (try SmallWorld.policy(1, members: [70, 3])), to: "policies/a.yaml")
        stage.world.join(try SmallWorld.phone(5), try SmallWorld.group(1))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "3", "70"])
    }

    @Test(
        "A person with a new number stays whatever another group's contacts show, read alone or together",
        arguments: ["additive", "exact"], [true, false])
    func changedNumberElsewhere(mode: String, readsAll: Bool) async throws {
        // The other group does not name the person, and reads its contacts because of somebody else.
        func policy(_ wanted: [UInt64], other: [UInt64]) throws -> String {
            "groups:\n" + (try SmallWorld.policy(1, members: wanted))
                + (try SmallWorld.policy(2, members: other, more: "mode: \(mode)"))
        }
        var world = try SmallWorld()
        try world.addGroup(1, members: [2, 3])
        try world.addGroup(2, members: [2])
        let stage = try Stage(world.seed, files: ["policies/a.yaml": try policy([2, 3], other: [2])])
        #expect(await stage.run("apply", "--yes").code == 0)
        stage.world.changeNumber(of: try SmallWorld.phone(2), to: try SmallWorld.phone(70))
        try stage.write(try policy([2, 3], other: [5]), to: "policies/a.yaml")
        let narrowing = readsAll ? [] : ["--group", try SmallWorld.group(2).jid]
        for _ in 0..<2 { _ = await stage.run(["plan"] + narrowing) }
        for _ in 0..<2 { #expect([0, 3].contains(await stage.run("apply", "--yes").code)) }
        #expect(try stage.world.members(1) == ["1*", "3", "70"])
        #expect(try stage.world.members(2) == (mode == "exact" ? ["1*", "5"] : ["1*", "5", "70"]))
        try stage.write(try policy([70, 3], other: [5]), to: "policies/a.yaml")
        stage.world.clearJournal()
        for _ in 0..<2 { #expect(await stage.run("apply", "--yes").code == 0) }
        #expect(try stage.world.members(1) == ["1*", "3", "70"])
        let group = try SmallWorld.group(1).jid
        #expect(!stage.world.calls.contains { $0.contains(group) })
    }

    @Test("A creator in the group is never listed as expired, and has the same number each night")
    func creatorOutOfTerm() async throws {
        var world = try SmallWorld()
        try world.addGroup(1, members: [2, 3]) {
            $0.creator = PhoneNumber(digits: 62_800_000_002)
            $0.ownerForm = .lid
        }
        let entry = "{ who: \"\(try SmallWorld.phone(2).e164)\", from: 2199-01-01 }"
        let policy = try SmallWorld.policy(1, members: [3]).replacing("members: [", with: "members: [\(entry), ")
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + policy])
        // A person to add, then a new member: contacts are read for both, and afterwards for nobody.
        stage.world.leave(try SmallWorld.phone(3), try SmallWorld.group(1))
        let first = await stage.run("plan", "--format", "json").output
        stage.world.join(try SmallWorld.phone(3), try SmallWorld.group(1))
        let second = await stage.run("plan", "--format", "json").output
        let third = await stage.run("plan", "--format", "json").output
        for output in [first, second, third] {
            #expect(!output.contains("out_of_term"))
            #expect(output.contains("\"creator\"") && output.contains("+62800000002"))
        }
    }

    @Test("A conflict between policy and gateway about a LID's number is reported each night") func pinnedElsewhere()
        async throws
    {
        let lid = "150000000000002@lid"
        var world = try SmallWorld()
        world.seed.people[1].lid = LID(digits: 150_000_000_000_002)
        try world.addGroup(1, members: [2, 3])
        let policy = try SmallWorld.policy(1, members: [3]).replacing("members: [", with: "members: [budi, ")
        let people = "people: { budi: { phone: \"\(try SmallWorld.phone(800).e164)\", lid: \(lid) } }\n"
        let stage = try Stage(world.seed, files: ["policies/a.yaml": people + "groups:\n" + policy])
        for _ in 0..<3 {
            #expect(
                await stage.run("plan").output.contains("the gateway reports another number for the `lid:` of budi"))
        }
        #expect(stage.world.calls.isEmpty)
    }

    @Test("A promotion that no member list shows does not remove an admin") func promotionWithoutEffect()
        async throws
    {
        let stage = try stage(
            try SmallWorld.policy(1, admins: [1, 3], members: [2], more: "limits: { min_admins: 2 }")
        ) {
            try $0.addGroup(1, admins: [2], members: [3])
        }
        stage.world.inject(FaultRule(path: "*/promote", count: nil, fault: .status(204, code: "x")))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(try stage.world.members(1) == ["1*", "2*", "3"])
    }

    @Test("A demotion that the store does not show yet is remembered") func openDemotion() async throws {
        let stage = try stage(
            try SmallWorld.policy(1, admins: [1, 2], members: [3], more: "limits: { min_admins: 2 }")
        ) {
            $0.seed.behaviour.lag = Lag(milliseconds: 30_000)
            try $0.addGroup(1, admins: [2, 3])
        }
        #expect(await stage.run("apply", "--yes").code == 3)
        try stage.write(
            "groups:\n" + (try SmallWorld.policy(1, admins: [1], members: [2, 3], more: "limits: { min_admins: 2 }")),
            to: "policies/a.yaml")
        _ = await stage.run("apply", "--yes")
        #expect(try stage.world.members(1) == ["1*", "2*", "3"])
    }

    @Test("A member list that changed since the adds removes nobody") func changedSince() async throws {
        let group = try SmallWorld.group(1)
        let change = FirstChange()
        var world = try SmallWorld()
        try world.addGroup(1, members: [2, 3, 4])
        let stage = try Stage(
            world.seed, files: ["policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2, 3, 5]))]
        ) { _ in change.tell() }
        // Right after the add, somebody else corrupts the group's list.
        change.then { stage.world.distort(group, RosterDistortion(countOffset: 3)) }
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(try stage.world.members(1) == ["1*", "2", "3", "4", "5"])
    }

    @Test("An empty list right before a removal is reported, and not as a success") func emptyBeforeRemoval()
        async throws
    {
        let stage = try stage(try SmallWorld.policy(1, members: [2, 3, 5])) { try $0.addGroup(1, members: [2, 3, 4]) }
        stage.world.inject(
            FaultRule(
                method: "GET", path: "*/members", skip: 2, count: 1, fault: .garbage(#"{"data":[],"nextCursor":null}"#))
        )
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 3)
        #expect(result.output.contains("the gateway lists no members"))
        #expect(try stage.world.members(1) == ["1*", "2", "3", "4", "5"])
    }

    @Test("A removal with a lost answer is not repeated once the group no longer supports it")
    func resentRemoval()
        async throws
    {
        let stage = try stage(try SmallWorld.policy(1, members: [2, 3])) { try $0.addGroup(1, members: [2, 3, 4]) }
        stage.world.inject(FaultRule(method: "DELETE", path: "*", count: nil, fault: .status(503, code: "x")))
        stage.world.inject(
            FaultRule(
                method: "GET", path: "*/groups", skip: 1, count: nil,
                fault: .change([AnswerChange("participantCount", to: "77")], onlyFirst: false)))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(stage.world.calls.count == 1)
    }

    @Test("A different spelling of the number does not make a person who declined a new person")
    func declinedUnderAnotherSpelling()
        async throws
    {
        let stage = try stage(try SmallWorld.policy(1, members: [2])) { world in
            world.seed.people[1].adds = .declines
            world.seed.people[1].otherNumbers = [try SmallWorld.phone(900)]
            try world.addGroup(1)
        }
        #expect(await stage.run("apply", "--yes").code == 3)
        try stage.write("groups:\n" + (try SmallWorld.policy(1, members: [900])), to: "policies/a.yaml")
        _ = await stage.run("apply", "--yes")
        #expect(stage.world.calls.count == 1)
    }

    @Test("A person who left is recognised by any spelling of the number") func leftUnderAnotherSpelling() async throws
    {
        let stage = try stage(try SmallWorld.policy(1, members: [2, 3], more: "rejoin: never")) { world in
            world.seed.people[1].otherNumbers = [try SmallWorld.phone(900)]
            try world.addGroup(1, members: [2, 3])
        }
        #expect(await stage.run("apply", "--yes").code == 0)
        stage.world.leave(try SmallWorld.phone(2), try SmallWorld.group(1))
        try stage.write(
            "groups:\n" + (try SmallWorld.policy(1, members: [900, 3], more: "rejoin: never")), to: "policies/a.yaml")
        #expect(await stage.run("apply", "--yes").output.contains("rejoin: never"))
        #expect(stage.world.calls.isEmpty)
    }

    @Test("A small daily budget never adds anybody without a look-up") func askedInTurn() async throws {
        let stage = try stage(try SmallWorld.policy(1, members: [901, 902, 4], more: "mode: additive")) { world in
            for (index, spelling) in [(1, UInt64(901)), (2, 902)] {
                world.seed.people[index].otherNumbers = [try SmallWorld.phone(spelling)]
            }
            try world.addGroup(1, members: [2, 3])
        }
        try stage.write(
            Stage.configuration().replacing("settle: 1s", with: "settle: 1s, adds_per_day: 1"), to: "rollcall.yaml")
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.mutations.flatMap(\.effects).map(\.phone) == [try SmallWorld.phone(4)])
    }

    @Test("A person kept under another spelling is not changed, whatever else the policy says")
    func keptUnderAnotherSpelling() async throws {
        let kept = try SmallWorld.phone(900).e164
        let stage = try stage(
            (try SmallWorld.policy(1, admins: [1, 2], more: "keep: [\"\(kept)\"]"))
                + (try SmallWorld.policy(2, members: [2, 3], more: "keep: [\"\(kept)\"]"))
        ) { world in
            world.seed.people[1].otherNumbers = [try SmallWorld.phone(900)]
            try world.addGroup(1, members: [2])
            try world.addGroup(2)
        }
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.mutations.flatMap(\.effects).map(\.phone) == [try SmallWorld.phone(3)])
    }

    @Test("A newcomer with a hidden number is recognised by the policy's LID, in the same run")
    func pinnedNewcomer() async throws {
        var world = try SmallWorld()
        world.seed.people[1].lid = LID(digits: 150_000_000_000_002)
        world.seed.people[1].number = .hidden
        try world.addGroup(1, members: [3])
        let who = "{ phone: \"\(try SmallWorld.phone(2).e164)\", lid: 150000000000002@lid }"
        let policy = try SmallWorld.policy(1, members: [3]).replacing("admins: [", with: "admins: [p, ")
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "people: { p: \(who) }\ngroups:\n" + policy])
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 0)
        #expect(result.output.contains("1 added, 1 promoted"))
        #expect(try stage.world.members(1) == ["1*", "2*", "3"])
    }

    @Test("A person known by LID whose policy number is not found gets the advice to correct the number")
    func numberNotFound() async throws {
        let stage = try stage(try SmallWorld.policy(1, admins: [1, 900])) { world in
            world.seed.people[1].number = .hidden
            world.seed.people[1].checkAnswersLID = true
            world.seed.people[1].otherNumbers = [try SmallWorld.phone(900)]
            world.seed.behaviour.takesLIDs = false
            try world.addGroup(1, members: [2])
        }
        for night in 0..<3 {
            let result = await stage.run("apply", "--yes")
            #expect(result.code == 3)
            #expect(result.output.contains("WhatsApp knows it by another number") == (night > 0))
            stage.clock.advance(by: .seconds(86_400))
        }
    }

    @Test("A person known only by LID is promoted if the gateway accepts LIDs")
    func byLID() async throws {
        let stage = try stage(try SmallWorld.policy(1, admins: [1, 900])) { world in
            world.seed.people[1].number = .hidden
            world.seed.people[1].checkAnswersLID = true
            world.seed.people[1].otherNumbers = [try SmallWorld.phone(900)]
            try world.addGroup(1, members: [2])
        }
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2*"])
        #expect(stage.world.calls.count == 1)
    }

    @Test("An add that no member list shows is neither done nor declined") func noRoster() async throws {
        let stage = try stage(try SmallWorld.policy(1, members: [2])) { world in
            try world.addGroup(1) { $0.distortion = RosterDistortion(isEmpty: true) }
        }
        let first = await stage.run("apply", "--yes")
        #expect(first.code == 3)
        #expect(first.output.contains("1 change sent, not confirmed yet"))
        #expect(!first.output.contains("1 added"))
        let second = await stage.run("apply", "--yes")
        #expect(second.output.contains("no member list since then could be trusted"))
        #expect(second.output.contains("the gateway lists no members"))
        #expect(stage.world.calls.count == 1)
    }

    @Test("A second entry that starts by date is not a new try for a person who declined") func calendar()
        async throws
    {
        let person = try SmallWorld.phone(2).e164
        let stage = try stage(
            (try SmallWorld.policy(1)).replacing(
                "members: []",
                with:
                    "members: [{ who: \"\(person)\", until: 2026-11-23, reason: trial }, { who: \"\(person)\", reason: regular }]"
            )
        ) { world in
            world.seed.people[1].adds = .declines
            try world.addGroup(1)
        }
        #expect(await stage.run("apply", "--yes").code == 3)
        stage.clock.advance(by: .seconds(20 * 3_600))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.calls.count == 1)
    }

    @Test("At most two LIDs are looked up a night, however long the contact lists are") func renewal() async throws {
        var world = try SmallWorld(people: 60)
        var policy = "groups:\n"
        for number in UInt64(1)...10 {
            try world.addGroup(number, members: Array(2...60))
            policy += try SmallWorld.policy(number, members: Array(3...60), more: "mode: additive")
        }
        world.seed.people[1].number = .hidden
        let stage = try Stage(world.seed, files: ["policies/a.yaml": policy])
        for night in 0..<20 {
            stage.world.clearJournal()
            #expect(await stage.run("apply", "--yes").code == 0)
            if night > 0 { #expect(stage.world.journal.count <= 14, "night \(night)") }
            stage.clock.advance(by: .seconds(86_400))
        }
    }
}

extension SmallWorld {
    /// Returns the seed with one person, by index, without any contact.
    fileprivate func hiding(_ index: Int) -> WorldSeed {
        var seed = seed
        seed.people[index].number = .absent
        return seed
    }
}

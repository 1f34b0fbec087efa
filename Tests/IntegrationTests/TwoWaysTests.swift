import Core
import RunLedger
import Stage
import Testing

@testable import GatewaySimulator

@Suite("People known two ways") struct TwoWaysTests {
    private func text(_ person: UInt64) throws -> String { "\"\(try SmallWorld.phone(person).e164)\"" }

    @Test("A leaving admin known two ways counts once: a lost removal without effect is sent again the next night")
    func countedOnce() async throws {
        var world = try SmallWorld()
        try world.addGroup(1, admins: [2, 3], members: [4])
        let policy = try SmallWorld.policy(1, admins: [1, 2], members: [4], more: "limits: { min_admins: 2 }")
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + policy])
        stage.world.inject(FaultRule(method: "DELETE", path: "*", count: nil, fault: .reset(afterEffect: false)))
        #expect(await stage.run("apply", "--yes").code == 3)
        #expect(try stage.world.members(1) == ["1*", "2*", "3*", "4"])
        stage.world.clearFaults()
        stage.clock.advance(by: .seconds(3_600))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2*", "4"])
    }

    @Test("A pin with two numbers is not a conflict if WhatsApp says that they are one account") func canonicalPin()
        async throws
    {
        var world = try SmallWorld()
        world.seed.people[1].lid = LID(digits: 150_000_000_000_002)
        world.seed.people[1].otherNumbers = [try SmallWorld.phone(900)]
        try world.addGroup(1, members: [2])
        let policy = try SmallWorld.policy(1, members: []).replacing("admins: [", with: "admins: [p, ")
        let people = "people: { p: { phone: \(try text(900)), lid: 150000000000002@lid } }\n"
        let stage = try Stage(world.seed, files: ["policies/a.yaml": people + "groups:\n" + policy])
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2*"])
    }

    @Test("A person whose number changed stays in every session of the gateway, whichever knew the old number")
    func changedNumber() async throws {
        var world = try SmallWorld()
        let other = try #require(SessionID("S2"))
        world.seed.sessions.append(
            SessionSeed(id: other, organisation: "org", account: try SmallWorld.phone(5)))
        try world.addGroup(1, members: [2, 3])
        try world.addGroup(2, admins: [5], members: [2, 4], actsAsAdmin: false, session: other)
        let first = try SmallWorld.policy(1, members: [3], more: "keep: [\(try text(2))]")
        let second = try SmallWorld.policy(
            2, admins: [5], members: [1, 4], session: "S2", more: "keep: [\(try text(2))]")
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + first])
        // Only the first session has ever known the old number.
        #expect(await stage.run("apply", "--yes").code == 0)
        stage.world.changeNumber(of: try SmallWorld.phone(2), to: try SmallWorld.phone(902))
        try stage.write("groups:\n" + first + second, to: "policies/a.yaml")
        for arguments in [["apply", "--yes", "--session", "S2"], ["apply", "--yes"]] {
            #expect(await stage.run(arguments).code == 0)
            #expect(try stage.world.members(2) == ["1", "4", "5*", "902"])
            #expect(try stage.world.members(1) == ["1*", "3", "902"])
            stage.clock.advance(by: .seconds(86_400))
        }
    }

    @Test("The first run and later runs plan a person known only by LID alike") func byLIDAlone() async throws {
        var world = try SmallWorld()
        world.seed.people[1].lid = LID(digits: 150_000_000_000_002)
        try world.addGroup(1, members: [2])
        let policy = try SmallWorld.policy(1).replacing("admins: [", with: "admins: [p, ")
        let stage = try Stage(
            world.seed, files: ["policies/a.yaml": "people: { p: { lid: 150000000000002@lid } }\ngroups:\n" + policy])
        var plans: [String] = []
        for _ in 0..<3 {
            let plan = await stage.run("plan")
            #expect(plan.code == 0)
            plans.append(plan.output)
            stage.clock.advance(by: .seconds(86_400))
        }
        #expect(Set(plans).count == 1)
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2*"])
    }

    @Test(
        "A person named by LID in a no-rejoin group, and later by number in another, is not added again",
        arguments: [true, false])
    func rejoin(plansBetween: Bool) async throws {
        var world = try SmallWorld()
        world.seed.people[1].number = .hidden
        try world.addGroup(1, members: [2, 3])
        try world.addGroup(2, members: [4])
        let never = try SmallWorld.policy(1, members: [2, 3], more: "rejoin: never")
        let other = try SmallWorld.policy(2, members: [4], more: "mode: additive")
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + never + other])
        _ = await stage.run("plan", "--offline-identities")
        stage.world.leave(try SmallWorld.phone(2), try SmallWorld.group(1))
        stage.world.join(try SmallWorld.phone(2), try SmallWorld.group(2))
        stage.world.setNumber(of: try SmallWorld.phone(2), .shown)
        stage.clock.advance(by: .seconds(86_400))
        if plansBetween { _ = await stage.run("plan") }
        let result = await stage.run("apply", "--yes")
        #expect(result.output.contains("left: they left, or somebody else removed them"))
        #expect(try stage.world.members(1) == ["1*", "3"])
    }

    @Test("A person is not called declined if WhatsApp could not be asked, and is found later") func unchecked()
        async throws
    {
        var world = try SmallWorld()
        world.seed.people[1].otherNumbers = [try SmallWorld.phone(900)]
        try world.addGroup(1, members: [2])
        let policy = try SmallWorld.policy(1, members: [900], more: "mode: additive")
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + policy])
        stage.world.inject(FaultRule(path: "*/contacts/check", count: nil, fault: .status(500, code: "internal")))
        let first = await stage.run("apply", "--yes")
        #expect(first.code == 3)
        #expect(first.output.contains("they declined, or they are in the group under another number"))
        stage.world.clearFaults()
        stage.clock.advance(by: .seconds(3_600))
        let second = await stage.run("apply", "--yes")
        #expect(second.code == 0)
        #expect(!second.output.contains("declined"))
        let run = try #require(try await stage.ledger().latestRuns(2).last)
        #expect(try await stage.ledger().actions(of: run.id).map(\.status) != [.declined])
    }

    @Test("A person whose entry is outside its dates is removed for that reason, in any spelling") func trueReason()
        async throws
    {
        var world = try SmallWorld()
        world.seed.people[1].otherNumbers = [try SmallWorld.phone(900)]
        try world.addGroup(1, members: [2, 3])
        let policy = try SmallWorld.policy(1, members: [3])
            .replacing("members: [", with: "members: [{ who: \(try text(900)), until: 2026-11-01 }, ")
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + policy])
        let result = await stage.run("apply", "--yes")
        #expect(result.output.contains("(the entry ended on 2026-11-01)"))
        #expect(try stage.world.members(1) == ["1*", "3"])
    }

    @Test("A number with an extra zero does not remove somebody else") func trunkZero() async throws {
        var world = try SmallWorld()
        world.seed.behaviour.strangersAreOnWhatsApp = false
        try world.addGroup(1, members: [2])
        let zero = "\"+6208\(String(try SmallWorld.phone(2).digits).dropFirst(3))\""
        let policy = try SmallWorld.policy(1, members: []).replacing("members: []", with: "members: [\(zero)]")
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + policy])
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 4)
        #expect(result.output.contains("this member is probably a person of the policy"))
        #expect(try stage.world.members(1) == ["1*", "2"])
    }

    @Test("A person known only by LID is found in the ledger by LID and by name") func foundByLID() async throws {
        var world = try SmallWorld()
        world.seed.people[1].lid = LID(digits: 150_000_000_000_002)
        world.seed.people[1].number = .hidden
        world.seed.behaviour.takesLIDs = true
        try world.addGroup(1, members: [2])
        let policy = try SmallWorld.policy(1).replacing("admins: [", with: "admins: [p, ")
        let stage = try Stage(
            world.seed, files: ["policies/a.yaml": "people: { p: { lid: 150000000000002@lid } }\ngroups:\n" + policy])
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2*"])
        for name in ["p", "150000000000002@lid"] {
            #expect(await stage.run("explain", name).output.contains("promote"))
            #expect(await stage.run("history", "--person", name).output.contains("apply"))
        }
    }

    @Test("A person known to two sessions, to one by an old number, is protected in the run that learns it")
    func learnedTogether() async throws {
        let town = try Town([
            "gateway.yaml": """
            behaviour: { store: follows, last_seen: absent }
            organisations: { town: { keys: { key: { token: \(Town.token) } } } }
            people:
              p1: "+447700900101"
              p2: { phone: "+447700900102", lid: 10000000000001@lid }
              p3: "+447700900103"
              p4: "+447700900104"
              p5: "+447700900105"
            sessions: { S1: { organisation: town, account: p1 }, S2: { organisation: town, account: p5 } }
            groups:
              120363000000000001@g.us: { session: S1, admins: [p1, p3], members: [p2] }
              120363000000000002@g.us: { session: S2, admins: [p5, p4], members: [p2] }
            faults:
              - path: "*/S1/contacts*"
                count: all
                garbage: '{"data":[{"id":1,"lid":"10000000000001@lid","phoneJid":"447700900900@s.whatsapp.net","phoneNumber":"+447700900900"},{"id":2,"lid":"100000000000001@lid","phoneJid":"447700900101@s.whatsapp.net"},{"id":3,"lid":"100000000000002@lid","phoneJid":"447700900103@s.whatsapp.net"}],"nextCursor":null}'
            """,
            "policies/town.yaml": """
            groups:
              120363000000000001@g.us:
                { session: S1, admins: ["+447700900101", "+447700900103"], keep: ["+447700900900"] }
              120363000000000002@g.us:
                { session: S2, admins: ["+447700900105", "+447700900104"], keep: ["+447700900900"] }
            """,
        ])
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url)
            let plans = [try await rollcall.run("plan"), try await rollcall.run("plan")]
            for plan in plans {
                #expect(plan.code == 0, "\(plan.errors)")
                #expect(!plan.output.contains("remove"), "\(plan.output)")
            }
            #expect(plans[0].output == plans[1].output)
        }
    }

    @Test("A person known by number in one session and by LID in another is found by the first run")
    func shownElsewhere() async throws {
        var world = try SmallWorld()
        world.seed.people[1].otherNumbers = [try SmallWorld.phone(900)]
        let other = try #require(SessionID("S2"))
        world.seed.sessions.append(
            SessionSeed(id: other, organisation: "org", account: try SmallWorld.phone(5), numbers: [:]))
        world.seed.sessions[0].numbers = [try SmallWorld.phone(2): .hidden]
        try world.addGroup(1, members: [2, 3])
        try world.addGroup(2, admins: [5], members: [2, 4], actsAsAdmin: false, session: other)
        let groups =
            try SmallWorld.policy(1, members: [900, 3])
            + SmallWorld.policy(2, admins: [5], members: [1, 900, 4], session: "S2")
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + groups])
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(stage.world.mutations.isEmpty)
    }

    @Test("A look-up is not repeated each night while WhatsApp cannot answer") func paced() async throws {
        var world = try SmallWorld()
        world.seed.people[1].adds = .declines
        try world.addGroup(1, members: [3])
        let policy = try SmallWorld.policy(1, members: [2, 3])
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + policy])
        stage.world.inject(FaultRule(path: "*/contacts/check", count: nil, fault: .status(500, code: "internal")))
        for _ in 0..<7 {
            _ = await stage.run("apply", "--yes")
            stage.clock.advance(by: .seconds(86_400))
        }
        #expect(stage.world.mutations.count == 3)
    }

    @Test("A plain member with two numbers is not a conflict, and is looked up once") func plainPin()
        async throws
    {
        var world = try SmallWorld()
        world.seed.people[1].lid = LID(digits: 150_000_000_000_002)
        world.seed.people[1].otherNumbers = [try SmallWorld.phone(900)]
        try world.addGroup(1, members: [2])
        let policy = try SmallWorld.policy(1, members: []).replacing("members: [", with: "members: [p")
        let people = "people: { p: { phone: \(try text(900)), lid: 150000000000002@lid } }\n"
        let byNumber = try SmallWorld.policy(1, members: [2])
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + byNumber])
        _ = await stage.run("plan")
        try stage.write(people + "groups:\n" + policy, to: "policies/a.yaml")
        for _ in 0..<2 {
            #expect(!(await stage.run("plan").output.contains("belongs to another number")))
            stage.clock.advance(by: .seconds(86_400))
        }
        #expect(stage.world.journal.count { $0.path.contains("contacts/check") } == 1)
    }
}

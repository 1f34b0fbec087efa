import Core
import Stage
import Testing

@testable import GatewaySimulator

/// Failures that random worlds found for people known two ways, each reduced to the minimum.
@Suite("A person whose number changes or has two spellings") struct ChangedNumberTests {
    private func text(_ person: UInt64) throws -> String { "\"\(try SmallWorld.phone(person).e164)\"" }

    private static let lid: UInt64 = 150_000_000_000_002

    private func pin(_ number: UInt64) throws -> String {
        "people: { p: { phone: \(try text(number)), lid: \(Self.lid)@lid } }\n"
    }

    /// Returns a policy for a group that names the person `p` beside its members.
    private func withPerson(_ group: UInt64, members: [UInt64], more: String = "") throws -> String {
        try SmallWorld.policy(group, members: members, more: more).replacing("members: [", with: "members: [p, ")
    }

    private func world() throws -> SmallWorld {
        var world = try SmallWorld()
        world.seed.people[1].lid = LID(digits: Self.lid)
        world.seed.people[1].otherNumbers = [try SmallWorld.phone(900)]
        return world
    }

    @Test(
        "A person whose pin and entry have different spellings stays and is added once, hidden or not",
        arguments: [NumberVisibility.shown, .hidden], [true, false])
    func pinnedByOther(number: NumberVisibility, isThere: Bool) async throws {
        var world = try world()
        world.seed.people[1].number = number
        try world.addGroup(1, members: isThere ? [2, 3] : [3])
        try world.addGroup(2, members: [2, 3])
        let groups = try SmallWorld.policy(1, members: [2, 3]) + withPerson(2, members: [3])
        let stage = try Stage(world.seed, files: ["policies/a.yaml": try pin(900) + "groups:\n" + groups])
        for _ in 0..<4 {
            _ = await stage.run("apply", "--yes")
            #expect(try stage.world.members(1) == ["1*", "2", "3"])
            stage.clock.advance(by: .seconds(20 * 86_400))
        }
        #expect(stage.world.mutations.count { $0.method == "DELETE" } == 0)
        #expect(stage.world.mutations.count { $0.status == 204 } == (isThere ? 0 : 1))
    }

    @Test("A pin with a dead number removes nobody while a wanted person is not seen") func deadPin() async throws {
        var world = try world()
        world.seed.behaviour.strangersAreOnWhatsApp = false
        world.seed.behaviour.takesLIDs = true
        world.seed.people[1].number = .hidden
        try world.addGroup(1, members: [2, 3])
        try world.addGroup(2, members: [3])
        let groups = try SmallWorld.policy(1, members: [900, 3]) + withPerson(2, members: [3])
        let stage = try Stage(world.seed, files: ["policies/a.yaml": try pin(2) + "groups:\n" + groups])
        stage.world.changeNumber(of: try SmallWorld.phone(2), to: try SmallWorld.phone(902))
        for _ in 0..<3 {
            _ = await stage.run("apply", "--yes")
            #expect(try stage.world.members(1) == ["1*", "3", "902"])
            stage.clock.advance(by: .seconds(86_400))
        }
    }

    @Test("A person who left is not added again after the policy gets the new number", arguments: [true, false])
    func leftAndChanged(isPinned: Bool) async throws {
        var world = try world()
        try world.addGroup(1, members: [2, 3])
        try world.addGroup(2, members: [2, 3])
        func policy(_ number: UInt64) throws -> String {
            if isPinned {
                return try pin(number) + "groups:\n" + withPerson(1, members: [3], more: "rejoin: never")
                    + withPerson(2, members: [3])
            }
            return try "groups:\n" + SmallWorld.policy(1, members: [number, 3], more: "rejoin: never")
                + SmallWorld.policy(2, members: [number, 3])
        }
        let stage = try Stage(world.seed, files: ["policies/a.yaml": try policy(2)])
        _ = await stage.run("apply", "--yes")
        stage.world.changeNumber(of: try SmallWorld.phone(2), to: try SmallWorld.phone(902))
        stage.world.leave(try SmallWorld.phone(902), try SmallWorld.group(1))
        stage.clock.advance(by: .seconds(86_400))
        _ = await stage.run("apply", "--yes")
        try stage.write(policy(902), to: "policies/a.yaml")
        for _ in 0..<4 {
            _ = await stage.run("apply", "--yes")
            #expect(try stage.world.members(1) == ["1*", "3"])
            stage.clock.advance(by: .seconds(20 * 86_400))
        }
        #expect(stage.world.mutations.isEmpty)
    }

    @Test(
        "A person whose number changes right after their add is not treated as a stranger",
        arguments: ["always", "never"])
    func addedAndChanged(rejoin: String) async throws {
        var world = try world()
        try world.addGroup(1, members: [3])
        let policy = try SmallWorld.policy(1, members: [2, 3], more: "rejoin: \(rejoin)")
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + policy])
        #expect(await stage.run("apply", "--yes").code == 0)
        stage.world.changeNumber(of: try SmallWorld.phone(2), to: try SmallWorld.phone(902))
        for _ in 0..<3 {
            stage.clock.advance(by: .seconds(86_400))
            _ = await stage.run("apply", "--yes")
            #expect(try stage.world.members(1) == ["1*", "3", "902"])
        }
    }

    @Test("A person is added by the policy's number, not by one they gave up") func givenUp()
        async throws
    {
        var world = try world()
        try world.addGroup(1, members: [3])
        try world.addGroup(2, members: [2, 3])
        let groups = try SmallWorld.policy(1, members: [900, 3]) + SmallWorld.policy(2, members: [900, 3])
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + groups])
        _ = await stage.run("apply", "--yes")
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
        stage.world.changeNumber(of: try SmallWorld.phone(2), to: try SmallWorld.phone(902))
        stage.world.leave(try SmallWorld.phone(902), try SmallWorld.group(1))
        stage.clock.advance(by: .seconds(20 * 86_400))
        _ = await stage.run("apply", "--yes")
        #expect(try stage.world.members(1) == ["1*", "3", "902"])
        #expect(try stage.world.members(2) == ["1*", "3", "902"])
    }

    @Test("A person listed by another spelling is demoted, because Rollcall looks up who has that number now")
    func demoted() async throws {
        var world = try world()
        try world.addGroup(1, admins: [2, 3])
        let stage = try Stage(
            world.seed,
            files: ["policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, admins: [1, 900, 3]))])
        _ = await stage.run("apply", "--yes")
        stage.world.changeNumber(of: try SmallWorld.phone(2), to: try SmallWorld.phone(902))
        try stage.write(
            "groups:\n" + SmallWorld.policy(1, admins: [1, 3], members: [900]), to: "policies/a.yaml")
        stage.clock.advance(by: .seconds(20 * 86_400))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "3*", "902"])
    }

    @Test("A person who left stays out while WhatsApp cannot say who has the other spelling")
    func leftUnasked() async throws {
        var world = try world()
        try world.addGroup(1, members: [2, 3])
        let policy = try SmallWorld.policy(1, members: [900, 3, 4], more: "rejoin: never")
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + policy])
        _ = await stage.run("plan", "--offline-identities")
        stage.world.leave(try SmallWorld.phone(2), try SmallWorld.group(1))
        stage.clock.advance(by: .seconds(86_400))
        stage.world.inject(FaultRule(path: "*/contacts/check", count: nil, fault: .status(500, code: "internal")))
        let result = await stage.run("apply", "--yes")
        #expect(result.output.contains("somebody has left, Rollcall could not look up this number"))
        #expect(try stage.world.members(1) == ["1*", "3"])
        stage.world.clearFaults()
        stage.clock.advance(by: .seconds(86_400))
        _ = await stage.run("apply", "--yes")
        #expect(try stage.world.members(1) == ["1*", "3", "4"])
    }

    @Test("A person is found in the ledger by every number that they had") func history() async throws {
        var world = try world()
        try world.addGroup(1, members: [2, 3])
        let stage = try Stage(
            world.seed,
            files: ["policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, admins: [1, 2, 3]))])
        #expect(await stage.run("apply", "--yes").code == 0)
        stage.world.changeNumber(of: try SmallWorld.phone(2), to: try SmallWorld.phone(902))
        try stage.write("groups:\n" + SmallWorld.policy(1, admins: [1, 902, 3]), to: "policies/a.yaml")
        stage.world.join(try SmallWorld.phone(4), try SmallWorld.group(1))
        stage.clock.advance(by: .seconds(86_400))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "3*", "902*"])
        #expect(await stage.run("history", "--person", try SmallWorld.phone(902).e164).output.contains("apply"))
        // Either number finds what is done under the new one.
        try stage.write("groups:\n" + SmallWorld.policy(1, admins: [1, 3], members: [902]), to: "policies/a.yaml")
        stage.clock.advance(by: .seconds(86_400))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "3*", "902"])
        for number in [2, 902] as [UInt64] {
            let history = await stage.run("history", "--person", try SmallWorld.phone(number).e164).output
            #expect(history.split(separator: "\n").count { $0.contains(" apply ") } == 2, "\(history)")
        }
    }
}

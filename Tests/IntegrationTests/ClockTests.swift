import Core
import GatewaySimulator
import RunLedger
import Stage
import Testing

@Suite("After a night with a fast clock") struct ClockTests {
    private static let leaps: [Duration] = [
        .seconds(3_600), .seconds(86_400 * 366), .seconds(86_400 * 36_525),
    ]

    private func stage(
        members: [UInt64], wanted: [UInt64], more: String = "", pace: String = "",
        change: (inout SmallWorld) -> Void = { _ in }
    ) throws -> Stage {
        var world = try SmallWorld()
        change(&world)
        try world.addGroup(1, members: members)
        let policy = "groups:\n" + (try SmallWorld.policy(1, members: wanted, more: more))
        let stage = try Stage(world.seed, files: ["policies/a.yaml": policy])
        try stage.write(
            Stage.configuration().replacing("settle: 1s", with: "settle: 1s\(pace)"), to: "rollcall.yaml")
        return stage
    }

    @Test("Adds of a fast clock count against the budget for a day, not for a year", arguments: leaps) func budget(
        leap: Duration
    )
        async throws
    {
        let stage = try stage(members: [], wanted: [2, 3, 4, 5], pace: ", adds_per_day: 2")
        stage.clock.goAhead(by: leap)
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
        stage.clock.goAhead(by: .zero)
        stage.clock.advance(by: .seconds(600))
        let next = await stage.run("apply", "--yes")
        #expect(next.errors.contains("records with a time in the future"))
        #expect(try stage.world.members(1) == ["1*", "2", "3"], "not two more on the same day")
        // An hour later the clock reaches the recorded time, which then counts unchanged.
        stage.clock.advance(by: .seconds(86_401 + 3_600))
        let later = await stage.run("apply", "--yes")
        #expect(later.code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3", "4", "5"])
    }

    @Test("A slow clock does not give the day's budget twice", arguments: [2, 365])
    func budgetBehind(days: Int64) async throws {
        let stage = try stage(members: [], wanted: [2, 3, 4, 5, 6, 7], pace: ", adds_per_day: 2")
        #expect(await stage.run("apply", "--yes").code == 0)
        stage.clock.goAhead(by: .seconds(-days * 86_400))
        _ = await stage.run("apply", "--yes")
        stage.clock.goAhead(by: .zero)
        stage.clock.advance(by: .seconds(60))
        let before = try stage.world.members(1).count
        _ = await stage.run("apply", "--yes")
        #expect(try stage.world.members(1).count == before)
    }

    @Test("Calls keep the pace and never wait for a year after a fast clock", arguments: leaps) func pace(
        leap: Duration
    ) async throws {
        let stage = try stage(members: [], wanted: [2])
        try stage.write(
            Stage.configuration().replacing("calls_per_minute: 0", with: "calls_per_minute: 1"), to: "rollcall.yaml")
        stage.clock.goAhead(by: leap)
        #expect(await stage.run("apply", "--yes").code == 0)
        stage.clock.goAhead(by: .zero)
        try stage.write(
            "groups:\n" + (try SmallWorld.policy(1, members: [2, 3])), to: "policies/a.yaml")
        let start = stage.clock.now()
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
        #expect(stage.clock.now().milliseconds - start.milliseconds < 600_000)
    }

    @Test("A person who declined is tried again when due, despite a fast clock", arguments: leaps) func declined(
        leap: Duration
    ) async throws {
        let stage = try stage(members: [], wanted: [2]) { $0.seed.people[1].adds = .declines }
        stage.clock.goAhead(by: leap)
        _ = await stage.run("apply", "--yes")
        stage.clock.goAhead(by: .zero)
        stage.clock.advance(by: .seconds(60))
        _ = await stage.run("apply", "--yes")
        #expect(stage.world.mutations.count == 1, "not again on the same day")
        stage.clock.advance(by: .seconds(86_400 * 8))
        _ = await stage.run("apply", "--yes")
        #expect(stage.world.mutations.count == 2)
    }

    @Test("WhatsApp's answer about a number expires despite a fast clock", arguments: leaps) func checks(leap: Duration)
        async throws
    {
        let stage = try stage(members: [], wanted: [40])
        stage.clock.goAhead(by: leap)
        _ = await stage.run("plan")
        stage.clock.goAhead(by: .zero)
        _ = await stage.run("plan")
        let asked = { stage.world.journal.filter { $0.path.contains("/contacts/check") }.count }
        #expect(asked() == 1)
        stage.clock.advance(by: .seconds(86_400 * 31))
        _ = await stage.run("plan")
        #expect(asked() == 2)
    }

    @Test(
        "After a fast clock, people who left still differ from people we removed", arguments: leaps,
        [true, false])
    func sightings(leap: Duration, removesAhead: Bool) async throws {
        let stage = try stage(members: [2, 3, 4], wanted: [3, 4], more: "rejoin: never")
        if removesAhead { stage.clock.goAhead(by: leap) }
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "3", "4"])
        stage.clock.goAhead(by: removesAhead ? .zero : leap)
        // People we removed may come back; people seen since who left may not be brought back.
        stage.world.join(try SmallWorld.phone(2), try SmallWorld.group(1))
        try stage.write(
            "groups:\n" + (try SmallWorld.policy(1, members: [2, 3, 4], more: "rejoin: never")), to: "policies/a.yaml")
        stage.clock.advance(by: .seconds(60))
        _ = await stage.run("plan")
        stage.world.leave(try SmallWorld.phone(2), try SmallWorld.group(1))
        stage.clock.goAhead(by: .zero)
        stage.clock.advance(by: .seconds(86_400))
        #expect(await stage.run("apply", "--yes").output.contains("left: they left, or somebody else removed them"))
        #expect(try stage.world.members(1) == ["1*", "3", "4"])
    }

    @Test("A member list that lost over half of its members is waited for, but not for a year", arguments: leaps)
    func shrinkage(leap: Duration) async throws {
        let all = Array(UInt64(2)...20)
        let stage = try stage(members: all, wanted: all)
        #expect(await stage.run("apply", "--yes").code == 0)
        for person in UInt64(6)...20 { stage.world.leave(try SmallWorld.phone(person), try SmallWorld.group(1)) }
        try stage.write("groups:\n" + (try SmallWorld.policy(1, members: [3, 4, 5])), to: "policies/a.yaml")
        stage.clock.goAhead(by: leap)
        #expect(await stage.run("apply", "--yes").code == 4)
        stage.clock.goAhead(by: .zero)
        stage.clock.advance(by: .seconds(60))
        #expect(await stage.run("apply", "--yes").code == 4)
        #expect(stage.world.mutations.isEmpty)
        stage.clock.advance(by: .seconds(2 * 86_400))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "3", "4", "5"])
    }

    @Test("Prune keeps what the next night needs", arguments: leaps) func prune(leap: Duration) async throws {
        let stage = try stage(members: [], wanted: [2, 3, 4, 5], pace: ", adds_per_day: 2")
        #expect(await stage.run("apply", "--yes").code == 0)
        stage.clock.goAhead(by: leap)
        #expect(await stage.run("plan").code == 0)
        #expect(await stage.run("ledger", "prune", "--keep", "90d", "--yes").code == 0)
        stage.clock.goAhead(by: .zero)
        stage.clock.advance(by: .seconds(3_600))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
    }

    @Test("Doctor and plan report the clock for a week") func told() async throws {
        let stage = try stage(members: [2], wanted: [2])
        stage.clock.goAhead(by: .seconds(86_400 * 3_650))
        #expect(await stage.run("plan").code == 0)
        stage.clock.goAhead(by: .zero)
        for _ in 0..<2 {
            #expect(await stage.run("doctor").output.contains("records with a time in the future"))
            #expect(await stage.run("plan").errors.contains("records with a time in the future"))
        }
        stage.clock.advance(by: .seconds(86_400 * 8))
        #expect(!(await stage.run("doctor").output.contains("records with a time in the future")))
        #expect(!(await stage.run("plan").errors.contains("records with a time in the future")))
    }

    @Test("A night with a slow clock does not make the next one forget") func behind() async throws {
        let stage = try stage(members: [], wanted: [2, 3, 4, 5], pace: ", adds_per_day: 2")
        #expect(await stage.run("apply", "--yes").code == 0)
        stage.clock.goAhead(by: .seconds(-86_400 * 366))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
        stage.clock.goAhead(by: .zero)
        stage.clock.advance(by: .seconds(3_600))
        #expect(await stage.run("apply", "--yes").code == 0)
        #expect(try stage.world.members(1) == ["1*", "2", "3"])
    }

    @Test("Nothing runs in a year that cannot be recorded", arguments: ["plan", "apply"])
    func strangeYear(command: String) async throws {
        let stage = try stage(members: [2], wanted: [3])
        stage.clock.goAhead(by: .seconds(86_400 * 365 * 9_000))
        let result = await stage.run(command == "apply" ? ["apply", "--yes"] : ["plan"])
        #expect(result.code == 1)
        #expect(result.errors.contains("this machine's clock says 110"))
        #expect(stage.world.calls.isEmpty)
        stage.clock.goAhead(by: .zero)
        #expect(await stage.run("apply", "--yes").code == 0)
    }
}

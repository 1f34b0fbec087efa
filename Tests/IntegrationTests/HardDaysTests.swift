import Core
import GatewaySimulator
import Stage
import Testing

@Suite("Many nights in a hard world") struct HardDaysTests {
    @Test(
        "No night harms or pesters anybody, and in the end all groups match the policy",
        arguments: ChosenWorlds.numbers)
    func nights(number: UInt64) async throws {
        let hard = try HardWorld(number)
        if ChosenWorlds.only != nil { print(hard) }
        var generator = SeededGenerator(seed: number)
        let admins = AdminWatch(hard)
        let stage = try Stage(
            hard.seed, files: ["policies/all.yaml": hard.policy, "rollcall.yaml": hard.configuration()],
            observer: { admins.see($0) })
        var departed: [GroupID: Set<PhoneNumber>] = [:]
        for night in 0..<12 {
            let before = stage.world.mutations.count
            let result = await stage.run("apply", "--yes")
            #expect(
                [0, 3, 4].contains(result.code), "world \(number), night \(night): \(result.code)\n\(result.errors)")
            if ChosenWorlds.only != nil { print("night \(night)\n\(result.output)") }
            let calls = Array(stage.world.mutations.dropFirst(before))
            checkNight(night, calls, hard)
            if night == 1 { for group in hard.distorted { stage.world.distort(group, RosterDistortion()) } }
            if night < 8 { meddle(with: stage.world, hard, &departed, using: &generator) }
            stage.clock.advance(by: .seconds(26 * 3_600))
        }
        #expect(admins.wrongs.isEmpty, "world \(number)")

        // People who decline are tried more and more rarely, and finally no more. Limits are lifted, so that blocked
        // changes are done.
        try stage.write(
            hard.configuration(limits: "{ removals: 100%, removals_per_run: 10000 }"), to: "rollcall.yaml")
        for _ in 0..<10 {
            stage.clock.advance(by: .seconds(20 * 86_400))
            _ = await stage.run("apply", "--yes")
        }
        #expect(hard.wrongs(in: stage.world.mutations, meddled: departed).isEmpty, "world \(number)")
        stage.world.clearJournal()
        let last = await stage.run("apply", "--yes")
        #expect(
            stage.world.mutations.allSatisfy(hard.isHopeless), "world \(number) does not come to rest:\n\(last.output)")
        #expect(
            hard.shortcomings(of: stage.world, departed: departed).isEmpty, "world \(number):\n\(last.output)")
        #expect(await plan(stage) == plan(stage), "world \(number)")
    }

    /// Checks the rules for one night's calls.
    private func checkNight(_ night: Int, _ calls: [JournalEntry], _ hard: HardWorld) {
        for entry in calls where entry.method == "DELETE" || entry.path.hasSuffix("demote") {
            for effect in entry.effects where night < 2 {
                #expect(
                    !hard.distorted.contains(effect.group), "world \(hard.number): \(entry.path) on a doubtful roster")
            }
        }
        let added = calls.filter { $0.path.hasSuffix("/members") }.flatMap(\.effects)
        #expect(
            Set(added.map { "\($0.group) \(hard.account($0.phone))" }).count == added.count,
            "world \(hard.number), night \(night): someone was added twice")
    }

    /// Makes a person leave, or join by the invite link, without Rollcall.
    private func meddle(
        with world: SimulatedWorld, _ hard: HardWorld, _ departed: inout [GroupID: Set<PhoneNumber>],
        using generator: inout SeededGenerator
    ) {
        guard let group = hard.groups.randomElement(using: &generator), Int.random(in: 0..<3, using: &generator) == 0
        else { return }
        let members = world.trueGroup(group.id)?.roles ?? [:]
        let others = members.keys.filter { members[$0] == .member && $0 != group.own }.sorted()
        if Bool.random(using: &generator), let person = others.randomElement(using: &generator) {
            world.leave(person, group.id)
            departed[group.id, default: []].insert(person)
        } else if let person = hard.seed.people.filter({ $0.isOnWhatsApp && members[$0.phone] == nil })
            .randomElement(using: &generator), members.count < min(group.sizeLimit, group.groupSize)
        {
            world.join(person.phone, group.id)
            departed[group.id, default: []].insert(person.phone)
        }
    }

    private func plan(_ stage: Stage) async -> String {
        await stage.run("plan", "--format", "json").output.split(separator: "\n")
            .filter { !$0.contains(#""id""#) && !$0.contains(#""created_at""#) }.joined(separator: "\n")
    }
}

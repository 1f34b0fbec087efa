import Core
import GatewaySimulator
import Stage
import Testing

@Suite("Nights without changes") struct SteadyStateTests {
    @Test("N groups with other spellings in the policy cost at most N + 4 reads") func otherSpellings()
        async throws
    {
        let count: UInt64 = 20
        var world = try SmallWorld(people: 40)
        var policy = "groups:\n"
        for number in 1...count {
            let (account, spelling) = (number + 1, 900 + number)
            world.seed.people[Int(account) - 1].otherNumbers = [try SmallWorld.phone(spelling)]
            try world.addGroup(number, members: [account, 30])
            policy += try SmallWorld.policy(
                number, members: number % 2 == 0 ? [30, spelling] : [30],
                more: number % 2 == 0 ? "" : "keep: [\"\(try SmallWorld.phone(spelling).e164)\"]")
        }
        let stage = try Stage(world.seed, files: ["policies/a.yaml": policy])
        #expect(await stage.run("apply", "--yes").code == 0)
        for night in 0..<3 {
            stage.clock.advance(by: .seconds(86_400))
            stage.world.clearJournal()
            #expect(await stage.run("apply", "--yes").code == 0)
            #expect(stage.world.mutations.isEmpty)
            #expect(stage.world.journal.count <= Int(count) + 4, "night \(night)")
        }
    }

    @Test("N groups of a session cost at most N + 4 reads, with or without hidden members", arguments: [false, true])
    func reads(hidesSome: Bool) async throws {
        let count: UInt64 = 200
        var world = try SmallWorld(people: 40)
        var policy = "groups:\n"
        for number in 1...count {
            let members = (0..<5).map { 2 + (number * 7 + $0) % 38 }
            try world.addGroup(number, members: Array(Set(members)).sorted())
            policy += try SmallWorld.policy(
                number, members: Array(Set(members)).sorted().filter { !hidesSome || $0 % 10 != 0 })
        }
        if hidesSome {
            for index in world.seed.people.indices where (index + 1) % 10 == 0 {
                world.seed.people[index].number = .hidden
            }
        }
        let stage = try Stage(world.seed, files: ["policies/a.yaml": policy])
        #expect(await stage.run("apply", "--yes").code == 0)
        for night in 0..<10 {
            stage.world.clearJournal()
            #expect(await stage.run("apply", "--yes").code == 0)
            #expect(stage.world.mutations.isEmpty)
            #expect(stage.world.journal.count <= Int(count) + 4, "night \(night)")
            stage.clock.advance(by: .seconds(86_400))
        }
    }
}

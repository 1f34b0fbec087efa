import Core
import GatewaySimulator
import Stage
import Testing

@Suite("Random worlds") struct RandomWorldTests {
    @Test("Any world matches its policy after one apply, and then nothing is left to do", arguments: 1...100)
    func converges(number: UInt64) async throws {
        let world = try RandomWorld(number)
        let stage = try Stage(
            world.seed,
            files: [
                "policies/all.yaml": world.policy,
                "rollcall.yaml": Stage.configuration(
                    "limits: { removals: 100%, removals_per_run: 1000, min_other_admins: 0 }"),
            ])

        let applied = await stage.run("apply", "--yes")
        #expect(applied.code == 0, "\(applied.output)\(applied.errors)\n\(world.policy)")
        for (group, roles) in world.expected {
            #expect(stage.world.trueGroup(group)?.roles == roles, "\(group)\n\(applied.output)\n\(world.policy)")
        }
        for entry in stage.world.mutations {
            for effect in entry.effects {
                #expect(
                    world.untouchable[effect.group]?.contains(effect.phone) == false,
                    "\(entry.method) \(entry.path) names someone who is never to be touched")
                #expect(effect.outcome.isChange, "\(entry.method) \(entry.path) was needless")
            }
        }

        stage.world.clearJournal()
        let again = await stage.run("plan", "--detailed-exitcode")
        #expect(again.code == 0, "\(again.output)")
        #expect(stage.world.mutations.isEmpty)
    }
}

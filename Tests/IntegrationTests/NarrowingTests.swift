import Core
import GatewaySimulator
import Stage
import Testing

@Suite("Runs on some groups") struct NarrowingTests {
    private func stage() throws -> Stage {
        var world = try SmallWorld()
        var policy = "groups:\n"
        for (number, name) in [(1, "Year 5"), (2, "Year 6"), (3, "Staff")] as [(UInt64, String)] {
            try world.addGroup(number) { $0.subject = name }
            policy += try SmallWorld.policy(number, members: [9], more: "name: \"\(name)\"")
        }
        return try Stage(world.seed, files: ["policies/a.yaml": policy])
    }

    @Test(
        "A run selects groups by id, name or pattern",
        arguments: [
            (["120363000000000003@g.us"], [3]), (["Year 5"], [1]), (["staff"], [3]), (["Year *"], [1, 2]),
            (["*@g.us"], [1, 2, 3]),
            (["Year ?", "Staff"], [1, 2, 3]), (["*0001@g.us", "Staff"], [1, 3]),
        ])
    func groups(names: [String], expected: [UInt64]) async throws {
        let stage = try stage()
        #expect(await stage.run(["apply", "--yes", "--group"] + names).code == 0)
        let changed = try (1...3 as ClosedRange<UInt64>).filter { try stage.world.members($0).contains("9") }
        #expect(changed == expected)
    }

    @Test("A run selects sessions by pattern, and lists what exists if nothing matches") func sessions() async throws {
        #expect(try await stage().run("plan", "--session", "S*").code == 0)
        let session = try await stage().run("plan", "--session", "T*")
        #expect(session.code == 64)
        #expect(session.errors.contains("They use: S1"))
        let group = try await stage().run("plan", "--group", "year")
        #expect(group.code == 64)
        #expect(
            group.errors.contains("Did you mean 120363000000000001@g.us (Year 5), 120363000000000002@g.us (Year 6)?"))
    }
}

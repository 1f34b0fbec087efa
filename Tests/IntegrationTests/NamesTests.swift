import Core
import GatewaySimulator
import Stage
import Testing

@Suite("Names of people who lose something") struct NamesTests {
    private func stage(_ policy: String) throws -> Stage {
        var world = try SmallWorld()
        world.seed.people[2].name = "Colin | <b>"
        try world.addGroup(1, members: [2, 3, 4])
        try world.addGroup(2, members: [4])
        return try Stage(world.seed, files: ["policies/a.yaml": policy])
    }

    private func policy(_ people: [UInt64], members: String) throws -> String {
        let named = try people.map { "p\($0): \"\(try SmallWorld.phone($0).e164)\"" }.joined(separator: ", ")
        return try "people: { \(named) }\ngroups:\n"
            + SmallWorld.policy(1).replacing("members: []", with: "members: [\(members)]")
            + SmallWorld.policy(2).replacing("members: []", with: "members: [p4]")
    }

    @Test("A name comes from the policy, the last applied policy, or the person's own nickname, which is marked")
    func names() async throws {
        let stage = try stage(try policy([2, 4], members: "p2, p4, \"\(try SmallWorld.phone(3).e164)\""))
        #expect(await stage.run("apply", "--yes").code == 0)
        // Person 2 left the whole policy, 4 only this group, and no policy had a name for 3.
        try stage.write(try policy([4, 5], members: "p5"), to: "policies/a.yaml")
        let plan = await stage.run("plan")
        for line in [
            "- remove   +62800000002  p2", "- remove   +62800000003  ~Colin | <b>", "- remove   +62800000004  p4",
        ] {
            #expect(plan.output.contains(line), "\(plan.output)")
        }
        let json = await stage.run("plan", "--format", "json").output
        for person in ["p2", "~Colin | <b>", "p4"] { #expect(json.contains(#""person" : "\#(person)""#)) }
        let markdown = await stage.run("plan", "--format", "markdown").output
        #expect(markdown.contains(#"| `-` remove | "#))
        #expect(!markdown.contains("<b> |"))
        #expect(markdown.contains("Colin"))
        #expect(await stage.run("apply", "--yes").code == 0)
        let run = await stage.run("show", "last").output
        for person in ["p2", "~Colin | <b>", "p4"] { #expect(run.contains(person)) }
    }
}

import Core
import GatewaySimulator
import Stage
import Testing

@Suite("Session and group lists") struct ListingTests {
    private func stage(permissions: Set<Permission>? = nil, change: (inout SmallWorld) -> Void = { _ in }) throws
        -> Stage
    {
        var world = try SmallWorld(permissions: permissions)
        let other = try #require(SessionID("S2"))
        world.seed.sessions[0].label = "Office \u{1B}[31m"
        world.seed.sessions.append(
            SessionSeed(id: other, organisation: "org", account: try SmallWorld.phone(5), status: "qr_pending"))
        try world.addGroup(1, members: [2, 3])
        try world.addGroup(2, admins: [2], actsAsAdmin: false)
        try world.addGroup(3, admins: [5], members: [4], actsAsAdmin: false, session: other)
        change(&world)
        return try Stage(
            world.seed, files: ["policies/a.yaml": "groups:\n" + (try SmallWorld.policy(1, members: [2, 3]))])
    }

    @Test("The session list names every session of the token, without terminal control characters") func sessions()
        async throws
    {
        let result = try await stage().run("sessions")
        #expect(result.code == 0)
        let lines = result.output.split(separator: "\n").map { $0.replacing(/\ +/, with: " ") }
        #expect(lines.count == 3)
        #expect(lines.first == "SESSION STATE OWN NUMBER LABEL")
        #expect(lines[1].hasPrefix("S1 working +62800000001 Office "))
        #expect(!lines[1].contains("\u{1B}"))
        #expect(lines[2].hasPrefix("S2 qr_pending"))
        #expect(try await stage().run("sessions", "--format", "json").output.contains(#""session" : "S2""#))
    }

    @Test("The group list shows the own account's role in each group, and whether a policy has the group") func groups()
        async throws
    {
        let result = try await stage().run("groups")
        #expect(result.code == 0, "\(result.errors)")
        let rows = result.output.split(separator: "\n").map { $0.replacing(/\ +/, with: " ") }
        #expect(
            rows.dropFirst().prefix(3) == [
                "S1 120363000000000001@g.us 3 admin yes Group 1", "S1 120363000000000002@g.us 2 member no Group 2",
                "S2 120363000000000003@g.us 3 admin no Group 3",
            ])
        let one = try await stage().run("groups", "--session", "S2", "--format", "json")
        #expect(one.output.contains(#""own_role" : "admin""#))
        #expect(!one.output.contains("S1"))
    }

    @Test(
        "A forbidden list names the missing permission, and a missing session gets no groups"
    )
    func refused() async throws {
        let forbidden = try await stage(permissions: [.read, .send]).run("sessions")
        #expect(forbidden.code == 69)
        #expect(forbidden.errors.contains("give the token the permission `manage`"))
        #expect(try await stage(permissions: [.read]).run("groups", "--session", "S1").code == 0)
        let nobody = try await stage().run("groups", "--session", "S9")
        #expect(nobody.code == 69)
        #expect(try await stage().run("groups", "--session", "S1", "S9").code == 3)
    }
}

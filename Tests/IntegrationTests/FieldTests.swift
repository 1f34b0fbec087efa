import Foundation
import Testing

/// A group on a gateway that behaves as its public source shows, with the built program and simulator.
///
/// Person 7 has the number +44 7700 900107, and person 1 is the own account.
struct Field {
    /// Lines below `behaviour:` in the seed file.
    var behaviour = "store: append_only"
    /// Lines below the group in the seed file.
    var group = "admins: [p1, p2], members: [p3, p4]"
    /// The policy's lines for the group.
    var policy = "admins: [p1, p2], members: [p3, p4]"
    /// More lines of the configuration's gateway section.
    var gateway = ""
    /// More people of the seed file.
    var people = ""
    /// More people of the policy.
    var named = ""
    /// The number of groups, all alike.
    var groups = 1
    /// The status of the session.
    var status = "working"

    static func number(_ person: Int) -> String { "+44770090010\(person)" }

    static func group(_ number: Int) -> String { "12036300000000000\(number)@g.us" }

    /// Runs a body with the project on disk and a running simulator.
    func served<Value>(_ body: (Town, RunningSimulator) async throws -> Value) async throws -> Value {
        let people = (1...9).map { "  p\($0): \"\(Self.number($0))\"\n" }.joined()
        let seeded = (1...groups).map {
            "  \(Self.group($0)): { session: S1, subject: Choir \($0), creator: p1, \(group) }\n"
        }
        let described = (1...groups).map { "  \(Self.group($0)): { \(policy) }\n" }
        let town = try Town([
            "gateway.yaml": """
            behaviour: { \(behaviour) }
            organisations: { town: { keys: { key: { token: \(Town.token) } } } }
            people:
            \(self.people.isEmpty ? people : people.split(separator: "\n").filter { line in
                    !self.people.split(separator: "\n").contains { $0.prefix(5) == line.prefix(5) }
                }.joined(separator: "\n") + "\n" + self.people)
            sessions: { S1: { organisation: town, account: p1, status: \(status) } }
            groups:
            \(seeded.joined())
            """,
            "rollcall.yaml": """
            gateway: { url: "http://127.0.0.1:1"\(gateway) }
            policies: [policies]
            pace: { calls_per_minute: 0, settle: 200ms }
            limits: { removals: 100%, min_other_admins: 0 }
            """,
            "policies/town.yaml": "session: S1\npeople:\n\(people)\(named)groups:\n\(described.joined())",
        ])
        return try await RunningSimulator.serving(town.path("gateway.yaml"), superAdminOf: "town") { simulator in
            try await body(town, simulator)
        }
    }
}

extension RunningSimulator {
    fileprivate func write(_ person: Int, in group: Int = 1) async throws {
        try await happen("messages", #"{"group": "\#(Field.group(group))", "phone": "\#(Field.number(person))"}"#)
    }

    fileprivate func leave(_ person: Int) async throws {
        try await happen("leaves", #"{"group": "\#(Field.group(1))", "phone": "\#(Field.number(person))"}"#)
    }

    fileprivate func join(_ person: Int) async throws {
        try await happen("joins", #"{"group": "\#(Field.group(1))", "phone": "\#(Field.number(person))"}"#)
    }

    fileprivate func backfill() async throws { try await happen("backfills", #"{"session": "S1"}"#) }

    /// Returns the first group's true members by last digit, admins with a star.
    fileprivate func members() async throws -> String {
        struct State: Decodable {
            struct Group: Decodable {
                struct Member: Decodable {
                    let phone: String
                    let role: String
                }
                let members: [Member]
            }
            let groups: [Group]
        }
        let members = try await control("state", as: State.self).groups[0].members
        return members.map { "\($0.phone.suffix(1))\($0.role == "admin" ? "*" : "")" }.joined(separator: " ")
    }

    /// Returns the requested changes, without the path to the group.
    fileprivate func changes() async throws -> [String] {
        try await mutations().filter { !$0.path.contains("backfill") }
            .map { "\($0.method) \($0.path.components(separatedBy: "members").last ?? "")" }
    }
}

@Suite("A real-world gateway") struct FieldTests {
    @Test("1: three roles are read, and a member with an unknown role is not changed") func threeRoles() async throws {
        var field = Field()
        field.behaviour = "store: follows, last_seen: absent"
        field.policy = "admins: [p1], members: [p3]"
        try await field.served { town, simulator in
            let rollcall = town.rollcall(simulator.url)
            let plan = try await rollcall.run("plan")
            #expect(plan.code == 0)
            #expect(plan.output.contains("2 to remove in 1 of 1 group"))
            try await simulator.happen(
                "faults", #"[{path: "*/members", count: all, change: {role: '"overlord"'}, only_first: true}]"#)
            let odd = try await rollcall.run("apply", "--yes")
            #expect(odd.output.contains("role unknown: the gateway gives this member a role that Rollcall"))
            // The other admin may be the last one with a known role.
            #expect(odd.code == 4)
            #expect(try await simulator.members() == "1* 2* 3")
        }
    }

    @Test("2: a leftover row of a person who left is neither a member nor removed again") func relics()
        async throws
    {
        var field = Field()
        field.policy = "admins: [p1, p2], members: [p3]"
        try await field.served { town, simulator in
            let rollcall = town.rollcall(simulator.url)
            let first = try await rollcall.run("apply", "--yes")
            #expect(first.code == 0)
            #expect(first.output.contains("1 change sent, not confirmed yet"))
            for _ in 0..<2 {
                let again = try await rollcall.run("apply", "--yes")
                #expect(again.code == 0)
                #expect(again.output.contains("~ sent     +447700900104  remove: a removal was sent on"))
                #expect(again.output.contains("1 change of earlier runs sent, not confirmed yet"))
            }
            try await simulator.backfill()
            let later = try await rollcall.run("apply", "--yes")
            #expect(later.output.hasPrefix("No changes. 1 group matches the policy"))
            #expect(!later.output.contains("~ sent"))
            #expect(try await simulator.changes().count == 1)
            #expect(try await rollcall.run("show", "last").code == 0)
            #expect(try await simulator.members() == "1* 2* 3")
        }
    }

    @Test("3: an admin whose message lists them as a member is not promoted again") func adminsWho()
        async throws
    {
        try await Field().served { town, simulator in
            let rollcall = town.rollcall(simulator.url)
            #expect(try await rollcall.run("apply", "--yes").code == 0)
            for person in [1, 2, 3] { try await simulator.write(person) }
            for _ in 0..<2 {
                let result = try await rollcall.run("apply", "--yes")
                #expect(result.code == 0)
                #expect(result.output.hasPrefix("No changes. 1 group matches the policy"))
            }
            // A ledger that has not seen them before they wrote does not promote them either.
            let fresh = try await rollcall.run("apply", "--yes", "--ledger", "fresh.sqlite")
            #expect(fresh.code == 0)
            #expect(
                fresh.output.contains("role unknown: Rollcall cannot tell whether this member is an admin"))
            #expect(try await simulator.changes().isEmpty)
            #expect(try await simulator.members() == "1* 2* 3 4")
        }
    }

    @Test("4: adds, promotions and departures show at the next backfill, and then settle") func nothingShows()
        async throws
    {
        var field = Field()
        field.policy = "admins: [p1, p2, p3], members: [p4, p5, p6]"
        field.people = "  p6: { phone: \"\(Field.number(6))\", adds: declines }\n"
        try await field.served { town, simulator in
            let rollcall = town.rollcall(simulator.url)
            let first = try await rollcall.run("apply", "--yes")
            #expect(first.code == 0)
            #expect(first.output.contains("3 changes sent, not confirmed yet"))
            let second = try await rollcall.run("apply", "--yes")
            #expect(second.code == 0)
            #expect(second.output.contains("3 changes of earlier runs sent, not confirmed yet"))
            #expect(try await simulator.changes().count == 3)
            #expect(try await simulator.members() == "1* 2* 3* 4 5")

            // A message proves that a person came; only a snapshot shows that one left.
            try await simulator.write(5)
            try await simulator.leave(4)
            let third = try await rollcall.run("apply", "--yes")
            #expect(third.output.contains("2 changes of earlier runs sent, not confirmed yet"))
            try await simulator.backfill()
            let fourth = try await rollcall.run("apply", "--yes")
            #expect(fourth.output.contains("+ add      +447700900104  p4"))
            #expect(fourth.output.contains("declined: added on"))
            #expect(try await simulator.members() == "1* 2* 3* 4 5")
            let row = try await rollcall.run("show", "last", "--format", "json")
            #expect(row.output.contains(#""status" : "accepted""#))
        }
    }

    @Test("5: missing count, owner and subject, and null for an empty list, do not stop the run")
    func nulls() async throws {
        var field = Field()
        field.behaviour = "store: append_only, backfilled: false, empty_data: null"
        field.policy = "admins: [p1], members: [p3]"
        try await field.served { town, simulator in
            let rollcall = town.rollcall(simulator.url)
            let empty = try await rollcall.run("plan")
            #expect(empty.code == 4)
            #expect(empty.output.contains("+ add      +447700900103  p3"))
            for person in [1, 2, 4] { try await simulator.write(person) }
            let some = try await rollcall.run("apply", "--yes")
            #expect(some.code == 4)
            #expect(some.output.contains("the gateway has never read the whole group from WhatsApp"))
            #expect(try await simulator.changes() == ["POST "])
            try await simulator.backfill()
            #expect(try await rollcall.run("apply", "--yes").code == 0)
            #expect(try await simulator.members() == "1* 3")
        }
    }

    @Test(
        "6: a promotion of a person who left, answered with 204, is neither done nor lost")
    func dropped() async throws {
        var field = Field()
        field.behaviour = "store: append_only, masks_failures: true"
        field.policy = "admins: [p1, p2, p3], members: [p4]"
        try await field.served { town, simulator in
            let rollcall = town.rollcall(simulator.url)
            try await simulator.leave(3)
            #expect(try await rollcall.run("apply", "--yes").code == 0)
            #expect(try await rollcall.run("apply", "--yes").code == 0)
            #expect(try await simulator.changes().count == 1)
            try await simulator.backfill()
            // Now it shows that they left: they are added again, and promoted once they are seen.
            #expect(try await rollcall.run("apply", "--yes").code == 0)
            try await simulator.backfill()
            #expect(try await rollcall.run("apply", "--yes").code == 0)
            #expect(try await simulator.members() == "1* 2* 3* 4")
        }
    }

    @Test(
        "7: unexplained failures stop a group after two changes and the session after three groups, with both causes"
    )
    func nameless() async throws {
        var field = Field()
        field.behaviour = "store: append_only, masks_failures: true, rate_limit_after: 0"
        field.policy = "admins: [p1, p2], members: [p3, p4, p5, p6, p7]"
        field.groups = 5
        try await field.served { town, simulator in
            let result = try await town.rollcall(simulator.url).run("apply", "--yes")
            #expect(result.code == 3)
            #expect(result.output.contains("the changes failed, and the gateway gave no reason"))
            #expect(result.output.contains("check that the session's account is in the group and is an admin"))
            #expect(result.output.contains("WhatsApp may limit this"))
            // Two changes, each sent twice, in each of three groups.
            #expect(try await simulator.changes().count == 12)
        }
    }

    @Test("7: a group whose account is not an admin is skipped, and the next one runs") func notAdmin() async throws {
        var field = Field()
        field.behaviour = "store: append_only, masks_failures: true"
        field.policy = "admins: [p1, p2], members: [p3, p4, p5]"
        field.groups = 2
        try await field.served { town, simulator in
            try await simulator.happen(
                "faults", #"[{method: POST, path: "*1%40g.us/members", count: all, status: 500, code: internal}]"#)
            let result = try await town.rollcall(simulator.url).run("apply", "--yes")
            #expect(result.code == 3)
            #expect(try await simulator.changes().count == 3)
            #expect(result.output.contains("1 change sent, not confirmed yet"))
        }
    }

    @Test("7: a group in which one change a night fails without explanation gets the likely causes")
    func oneChange() async throws {
        var field = Field()
        field.behaviour = "store: append_only, masks_failures: true, rate_limit_after: 0"
        field.policy = "admins: [p1, p2], members: [p3, p4, p5]"
        try await field.served { town, simulator in
            let result = try await town.rollcall(simulator.url).run("apply", "--yes")
            #expect(result.code == 3)
            #expect(result.output.contains("the changes failed, and the gateway gave no reason"))
            #expect(try await simulator.changes().count == 2)
        }
    }

    @Test("7: 409 or 503 means that nothing can be sent now", arguments: ["409", "503"])
    func unavailable(status: String) async throws {
        var field = Field()
        field.behaviour = "store: append_only, disconnected: \(status)"
        field.policy = "admins: [p1, p2], members: [p3, p4, p5]"
        field.status = "draining"
        try await field.served { town, simulator in
            let result = try await town.rollcall(simulator.url).run("apply", "--yes", "--offline-identities")
            #expect(result.code == 3)
            #expect(try await simulator.members() == "1* 2* 3 4")
            #expect(try await simulator.changes().count <= 2)
        }
    }

    @Test("8: a removal, demotion or promotion uses the LID if the policy says whose it is")
    func byLID() async throws {
        var field = Field()
        field.group = "admins: [p1, p2, p7], members: [p3, p8, p9]"
        field.people = [7, 8, 9].map {
            "  p\($0): { phone: \"\(Field.number($0))\", lid: 10000000000000\($0)@lid, number: hidden }\n"
        }.joined()
        field.named = "  gone: { lid: 100000000000008@lid }\n  eva: { lid: 100000000000007@lid }\n"
        field.policy = "admins: [p1, p2], members: [p3, eva]"
        try await field.served { town, simulator in
            let rollcall = town.rollcall(simulator.url)
            let result = try await rollcall.run("apply", "--yes")
            #expect(result.code == 0)
            // A person whose number and name are unknown is never changed.
            #expect(result.output.contains("~ blocked  100000000000009@lid  ~p9   not identified"))
            #expect(
                try await simulator.changes()
                    == ["POST /100000000000007%40lid/demote", "DELETE /100000000000008%40lid"])
            #expect(try await simulator.members() == "1* 2* 3 7 9")
            let rows = try await rollcall.run("show", "last", "--format", "json")
            #expect(rows.output.contains(#""lid" : "100000000000008@lid""#))
            #expect(rows.output.contains(#""phone" : null"#))
        }
    }

    @Test("Groups are read again before a plan when due, at most once an hour, and after an apply")
    func refresh() async throws {
        var field = Field()
        field.behaviour = "store: append_only, backfilled: false, backfill: { milliseconds: 300, fails: false }"
        field.policy = "admins: [p1, p2], members: [p3]"
        field.gateway = ", refresh: { token: { env: LOGIN }, older_than: 20h, wait: 10s, after_apply: true }"
        try await field.served { town, simulator in
            let rollcall = town.rollcall(simulator.url, ["LOGIN": simulator.superAdminToken])
            func backfills() async throws -> Int {
                try await simulator.mutations().count { $0.path.hasSuffix(":backfill") && $0.status == 202 }
            }
            let plan = try await rollcall.run("plan")
            #expect(plan.code == 0)
            #expect(plan.output.contains("- remove   +447700900104"))
            #expect(try await backfills() == 1)
            let apply = try await rollcall.run("apply", "--yes")
            #expect(apply.code == 0)
            #expect(apply.output.contains("Done: 1 removed"))
            #expect(try await backfills() == 2)
            #expect(try await rollcall.run("plan").output.hasPrefix("No changes. 1 group matches the policy"))
            #expect(try await backfills() == 2)
            #expect(!simulator.superAdminToken.isEmpty)
            #expect(!(plan.errors + apply.errors + plan.output).contains(simulator.superAdminToken))
        }
    }

    @Test("An api-key cannot refresh; the run says so and plans with the stored data") func refused()
        async throws
    {
        var field = Field()
        field.behaviour = "store: append_only, backfilled: false"
        field.gateway = ", refresh: {}"
        try await field.served { town, simulator in
            let plan = try await town.rollcall(simulator.url).run("plan")
            #expect(plan.code == 4)
            #expect(plan.errors.contains("login token whose platform role is super_admin"))
            let doctor = try await town.rollcall(simulator.url).run("doctor")
            #expect(doctor.output.contains("the gateway has never read the groups from WhatsApp"))
            #expect(doctor.output.contains("/api/v1/admin/sessions/S1:backfill"))
        }
    }

    @Test("A running backfill of somebody else is waited for, up to the limit") func joined()
        async throws
    {
        var field = Field()
        field.behaviour = "store: append_only, backfilled: false, backfill: { milliseconds: 60000, fails: false }"
        field.gateway = ", refresh: { token: { env: LOGIN }, wait: 1s }"
        try await field.served { town, simulator in
            let rollcall = town.rollcall(simulator.url, ["LOGIN": simulator.superAdminToken])
            let first = try await rollcall.run("plan")
            #expect(first.code == 4)
            #expect(first.errors.contains("the backfill is not finished after `refresh.wait`"))
            let second = try await rollcall.run("plan", "--ledger", "other.sqlite")
            #expect(second.errors.contains("the backfill is not finished after `refresh.wait`"))
            let statuses = try await simulator.mutations().map(\.status)
            #expect(statuses == [202, 409])
        }
    }
}

import Core
import GatewaySimulator
import Stage
import Testing

/// Many groups that name the same lists, as in schools and unions.
private struct Fleet {
    let count: UInt64
    var heads: [UInt64] = [2, 3]
    var headsNumbers: [UInt64: UInt64] = [:]
    var staff = Array(UInt64(11)...19)
    var parents = Array(UInt64(21)...60)
    /// A class in the first two groups only.
    var pupils = Array(UInt64(61)...70)
    var headsName = "heads"
    var leaders = "heads"
    var groupsOfClass: UInt64 = 2
    var classEnd = ""
    var more = ""
    var departures: [UInt64: String] = [:]
    /// The number of groups with the staff, who are only there; nil for none.
    var groupsOfStaff: UInt64?

    func text(_ person: UInt64) throws -> String { try SmallWorld.phone(headsNumbers[person] ?? person).e164 }

    func hasStaff(_ group: UInt64) -> Bool { group <= groupsOfStaff ?? count }

    func seed() throws -> WorldSeed {
        var world = try SmallWorld(people: 90)
        for group in 1...count {
            try world.addGroup(
                group, admins: heads,
                members: (hasStaff(group) ? staff : []) + parents + (group <= groupsOfClass ? pupils : []))
        }
        return world.seed
    }

    func files() throws -> [String: String] {
        var people = "people:\n"
        for person in [1, 2, 3, 6] + staff {
            let end = departures[person].map { ", until: \($0)" } ?? ""
            people += "  p\(person): { phone: \"\(try text(person))\"\(end) }\n"
        }
        func names(_ people: [UInt64]) -> String { people.map { "p\($0)" }.joined(separator: ", ") }
        var teams = "teams:\n  heads: [\(names(heads))]\n  head: [p6]\n  leaders: [\(leaders)]\n"
        teams +=
            "  staff: [\(names(staff))]\n  class: [\(try pupils.map { "\"\(try text($0))\"" }.joined(separator: ", "))]\n"
        var groups = "session: S1\ngroups:\n"
        for group in 1...count {
            groups += "  \(try SmallWorld.group(group)):\n    admins: [p1, \(headsName), leaders]\n"
            groups += "    members: [\(hasStaff(group) ? "staff, " : ""){ csv: parents.csv, empty: true }"
            groups += group <= groupsOfClass ? ", { who: class\(classEnd) }]\n" : "]\n"
        }
        let csv = "phone\n" + (try parents.map(text).joined(separator: "\n")) + "\n"
        return [
            "policies/people.yaml": people + teams, "policies/groups.yaml": groups + more, "policies/parents.csv": csv,
        ]
    }
}

extension Stage {
    fileprivate func write(_ files: [String: String]) throws { for (name, text) in files { try write(text, to: name) } }

    fileprivate var removalCalls: [String] {
        calls.filter { $0.hasPrefix("DELETE") || $0.hasSuffix("/demote") }
    }

    private var calls: [String] { world.calls }
}

@Suite("Bad merges") struct BadMergeTests {
    /// Returns a stage whose policy is applied, so that nothing is left to do.
    private func settled(_ fleet: Fleet) async throws -> Stage {
        let stage = try Stage(try fleet.seed(), files: try fleet.files())
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 0, "\(result.output)\(result.errors)")
        #expect(stage.world.mutations.isEmpty)
        return stage
    }

    /// Checks that a change removes nobody, tonight or later, and what the first output says.
    private func expectBlocked(_ stage: Stage, _ fleet: Fleet, _ words: String) async throws {
        try stage.write(try fleet.files())
        // The second night could take the blocked policy as the new normal.
        for _ in 0..<(fleet.count > 100 ? 1 : 3) {
            let result = await stage.run("apply", "--yes")
            #expect(result.code == 4, "\(result.errors)")
            let first = result.output.split(separator: "\n").prefix(4).joined(separator: " ")
            #expect(first.replacing(/\ +/, with: " ").contains(words), "\(first)")
            #expect(stage.removalCalls.isEmpty)
            stage.clock.advance(by: .seconds(86_400))
        }
    }

    /// Merges the files on disk, which the policy reader rejects, so nothing is done.
    private func expectNoPolicy(_ stage: Stage, _ words: String) async {
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 65)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(stage.world.mutations.isEmpty)
    }

    private static let sizes: [UInt64] = [5, 60, 1_000]

    @Test("A team without people is rejected", arguments: sizes) func emptied(count: UInt64) async throws {
        var fleet = Fleet(count: count)
        let stage = try await settled(fleet)
        fleet.heads = []
        try stage.write(try fleet.files())
        await expectNoPolicy(stage, "the team `heads` is empty")
    }

    @Test("A file that may be empty and is empty removes nobody", arguments: sizes)
    func emptiedFile(count: UInt64) async throws {
        var fleet = Fleet(count: count)
        let stage = try await settled(fleet)
        fleet.parents = []
        try await expectBlocked(
            stage, fleet, "come from policies/parents.csv (policies/groups.yaml:5:29), which named 40 people")
    }

    @Test("A typo that names another existing team removes nobody", arguments: sizes) func misspelt(count: UInt64)
        async throws
    {
        var fleet = Fleet(count: count)
        fleet.leaders = "p2"
        let stage = try await settled(fleet)
        fleet.headsName = "head"
        fleet.leaders = "p6"
        try await expectBlocked(stage, fleet, "come from team heads, which")
    }

    @Test("A typo inside a team that names another existing team removes nobody", arguments: sizes) func misspeltInside(
        count: UInt64
    ) async throws {
        var fleet = Fleet(count: count)
        fleet.headsName = "leaders"
        let stage = try await settled(fleet)
        fleet.leaders = "head"
        try await expectBlocked(
            stage, fleet, "come from team leaders (policies/people.yaml:18:3), which named 2 people")
    }

    @Test("A truncated file removes nobody", arguments: sizes) func cut(count: UInt64) async throws {
        var fleet = Fleet(count: count)
        let stage = try await settled(fleet)
        fleet.parents = Array(fleet.parents.prefix(20))
        try await expectBlocked(
            stage, fleet, "which named 40 people at the last applied run and now names 20")
    }

    @Test("A branch that is merged twice is rejected", arguments: sizes) func twice(count: UInt64) async throws {
        let fleet = Fleet(count: count)
        let stage = try await settled(fleet)
        let files = try fleet.files()
        try stage.write(files["policies/groups.yaml"] ?? "", to: "policies/more.yaml")
        await expectNoPolicy(stage, "is already defined at")
    }

    @Test("A missing file that others need is rejected", arguments: sizes)
    func deleted(count: UInt64) async throws {
        let stage = try await settled(Fleet(count: count))
        try stage.write("groups: {}\n", to: "policies/people.yaml")
        await expectNoPolicy(stage, "no person or team `p1`")
    }

    @Test("A person dropped from every list is not removed", arguments: [60, 1_000] as [UInt64])
    func dropped(count: UInt64) async throws {
        var fleet = Fleet(count: count)
        let stage = try await settled(fleet)
        fleet.staff.removeFirst()
        try await expectBlocked(stage, fleet, "p11 would be removed or demoted in \(count) groups")
    }

    @Test("A number that already belongs to somebody else removes nobody", arguments: sizes) func anotherNumber(
        count: UInt64
    ) async throws {
        var fleet = Fleet(count: count)
        let stage = try await settled(fleet)
        fleet.headsNumbers = [2: 21]
        try await expectBlocked(
            stage, fleet, "the policy now gives p2 a number that belonged to another person at the last applied run")
    }

    @Test("Groups with swapped ids are not changed at all, not even by adds") func exchanged() async throws {
        var world = try SmallWorld()
        try world.addGroup(1, members: [2, 3]) { $0.subject = "North" }
        try world.addGroup(2, members: [4, 5]) { $0.subject = "South" }
        let files = { (north: UInt64, south: UInt64) throws in
            [
                "policies/a.yaml": "groups:\n"
                    + (try SmallWorld.policy(north, members: [2, 3], more: "name: North"))
                    + (try SmallWorld.policy(south, members: [4, 5], more: "name: South"))
            ]
        }
        let stage = try Stage(world.seed, files: try files(1, 2))
        #expect(await stage.run("apply", "--yes").code == 0)
        try stage.write(try files(2, 1))
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 4)
        #expect(result.output.contains("and the policy gives that name to another group"))
        #expect(stage.world.mutations.isEmpty)
    }

    @Test("Admins that every group named, and all dropped, stay") func admins()
        async throws
    {
        var world = try SmallWorld()
        var (good, bad) = ("groups:\n", "groups:\n")
        for number: UInt64 in 1...8 {
            try world.addGroup(number, admins: [2, 3], members: [4])
            good += try SmallWorld.policy(number, admins: [1, 2, 3], members: [4])
            bad += try SmallWorld.policy(number, admins: [1], members: [4])
        }
        let stage = try Stage(world.seed, files: ["policies/a.yaml": good])
        #expect(await stage.run("apply", "--yes").code == 0)
        try stage.write(["policies/a.yaml": bad])
        #expect(await stage.run("apply", "--yes").code == 4)
        #expect(stage.world.mutations.isEmpty)
    }

    @Test("A list that is cut while groups are additive removes nobody once they are exact again") func additiveNight()
        async throws
    {
        var fleet = Fleet(count: 8)
        let stage = try await settled(fleet)
        fleet.parents = Array(fleet.parents.prefix(20))
        var additive = try fleet.files()
        additive["policies/groups.yaml"] = additive["policies/groups.yaml"]?
            .replacing("    admins:", with: "    mode: additive\n    admins:")
        try stage.write(additive)
        #expect(await stage.run("apply", "--yes").code == 0)
        try await expectBlocked(stage, fleet, "which named 40 people at the last applied run and now names 20")
    }

    @Test("The revert of a bad merge removes what the merge added") func reverted() async throws {
        var fleet = Fleet(count: 12)
        fleet.leaders = "p2"
        let good = fleet
        let stage = try await settled(fleet)
        fleet.headsName = "head"
        fleet.leaders = "p6"
        try await expectBlocked(stage, fleet, "come from team heads, which")
        try stage.write(try good.files())
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 0, "\(result.output)")
        #expect(try stage.world.members(1).count == 62)
    }

    @Test("A list whose entries are all outside their dates removes nobody, and the output says so") func ended()
        async throws
    {
        var fleet = Fleet(count: 5)
        let stage = try await settled(fleet)
        fleet.headsName = "{ who: heads, until: 2025-01-31 }"
        fleet.leaders = "p6"
        try await expectBlocked(stage, fleet, "come from the entries for team heads in")
    }

    @Test("Groups that leave the policy are reported by each plan, and by the apply that drops them") func left()
        async throws
    {
        let stage = try await settled(Fleet(count: 12))
        try stage.write(try Fleet(count: 6).files())
        for _ in 0..<2 {
            let plan = await stage.run("plan")
            #expect(plan.code == 0)
            #expect(
                plan.errors.contains(
                    "6 groups that earlier runs managed are in no policy now, so Rollcall does not change them: "
                        + "120363000000000007@g.us"
                ))
        }
        #expect(await stage.run("apply", "--yes").errors.contains("and 1 more"))
        #expect(stage.world.mutations.isEmpty)
        #expect(await stage.run("apply", "--yes").errors.isEmpty)
    }

    @Test("Blocked removals can be accepted with their exact number") func accepted() async throws {
        var fleet = Fleet(count: 5)
        let stage = try await settled(fleet)
        fleet.parents = Array(fleet.parents.prefix(20))
        try await expectBlocked(stage, fleet, "from policies/parents.csv")
        let result = await stage.run("apply", "--yes", "--accept-removals", "100")
        #expect(result.code == 0)
        #expect(stage.removalCalls.count == 100)
        #expect(await stage.run("apply", "--yes").output.contains("No changes. 5 groups match the policy"))
    }
}

@Suite("Ordinary changes need no flag") struct OrdinaryDayTests {
    @discardableResult
    private func expect(_ before: Fleet, _ after: Fleet, removalCount count: Int) async throws -> String {
        let stage = try Stage(try before.seed(), files: try before.files())
        #expect(await stage.run("apply", "--yes").code == 0)
        try stage.write(try after.files())
        let result = await stage.run("apply", "--yes")
        #expect(result.code == 0, "\(result.output)")
        #expect(stage.removalCalls.count == count)
        #expect(!result.output.contains("blocked"))
        return result.output
    }

    @Test("A person who leaves twelve groups by `until:` is removed") func leaver() async throws {
        let before = Fleet(count: 12)
        var after = before
        after.departures = [11: "2026-01-01"]
        let plan = try await expect(before, after, removalCount: 12)
        #expect(plan.contains("! p11 (+62800000011) would be removed from 12 groups"))
    }

    @Test("A new number of a person in eight groups is applied") func newNumber() async throws {
        let before = Fleet(count: 8)
        var after = before
        after.headsNumbers = [11: 80]
        try await expect(before, after, removalCount: 8)
    }

    @Test("Ten parents of a finished class are removed", arguments: [", until: 2026-01-01", "gone"])
    func classEnds(how: String) async throws {
        let before = Fleet(count: 60)
        var after = before
        if how == "gone" { after.groupsOfClass = 0 } else { after.classEnd = how }
        try await expect(before, after, removalCount: 20)
    }

    @Test("A team that loses two of nine people is applied") func twoOfNine() async throws {
        var before = Fleet(count: 60)
        before.groupsOfStaff = 8
        var after = before
        after.staff = Array(after.staff.dropFirst(2))
        try await expect(before, after, removalCount: 16)
    }
}

@Suite("The last admin besides the own account") struct OtherAdminTests {
    @Test("The last admin besides the own account stays, even if the policy names only the office", arguments: [0, 1])
    func last(limit: Int) async throws {
        var world = try SmallWorld()
        try world.addGroup(1, admins: [2], members: [3])
        let policy = try SmallWorld.policy(1, members: [2, 3], more: "limits: { min_other_admins: \(limit) }")
        let stage = try Stage(world.seed, files: ["policies/a.yaml": "groups:\n" + policy])
        let result = await stage.run("apply", "--yes")
        #expect(result.code == (limit == 0 ? 0 : 4))
        #expect(try stage.world.members(1) == (limit == 0 ? ["1*", "2", "3"] : ["1*", "2*", "3"]))
        #expect(result.output.contains("besides the session's own account") == (limit == 1))
    }
}

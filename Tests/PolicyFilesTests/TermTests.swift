import Core
import Testing

@testable import PolicyFiles

@Suite("Policies: entries with dates")
struct TermTests {
    /// Returns who is in and who is out on a day: `in: … out: …`.
    private func standing(_ members: String, admins: String = "[]", teams: String = "{}", on day: String) throws
        -> String
    {
        let group = try onlyGroup(
            """
            people: {ana: +62 812-0000-001, ben: +62 812-0000-002}
            teams: \(teams)
            groups: {1@g.us: {admins: \(admins), members: \(members), keep: [+1 555 000 0000]}}
            """, on: day)
        let inside = group.members.map { "\($0.person.name ?? "")/\($0.role)\($0.reason.map { "/\($0)" } ?? "")" }
        let outside = group.outOfTerm.map {
            "\($0.person.name ?? "")/\($0.role) \($0.from?.description ?? "")..\($0.until?.description ?? "")"
        }
        return "in: \(inside.joined(separator: ", ")) out: \(outside.joined(separator: ", "))"
    }

    @Test(
        "An entry counts from its first day to its last, both included",
        arguments: [
            ("2026-11-30", "in:  out: ana/member 2026-12-01..2026-12-31"),
            ("2026-12-01", "in: ana/member out: "),
            ("2026-12-31", "in: ana/member out: "),
            ("2027-01-01", "in:  out: ana/member 2026-12-01..2026-12-31"),
        ])
    func bounds(day: String, expected: String) throws {
        #expect(try standing("[{who: ana, from: 2026-12-01, until: 2026-12-31}]", on: day) == expected)
    }

    @Test("Dates and reasons of a team apply to everyone in it, and inner ones narrow them")
    func teams() throws {
        let teams = "{crew: [{who: ana, from: 2026-06-01, reason: inner}, ben]}"
        let members = "[{who: crew, until: 2026-12-31, reason: outer}]"
        #expect(
            try standing(members, teams: teams, on: "2026-05-31")
                == "in: ben/member/outer out: ana/member 2026-06-01..2026-12-31")
        #expect(
            try standing(members, teams: teams, on: "2026-06-01") == "in: ana/member/inner, ben/member/outer out: ")
        #expect(
            try standing(members, teams: teams, on: "2027-01-01")
                == "in:  out: ana/member 2026-06-01..2026-12-31, ben/member ..2026-12-31")
    }

    @Test("An expired entry does not matter if another counts")
    func anotherCounts() throws {
        #expect(try standing("[{who: ana, until: 2020-01-01}, ana]", on: "2026-01-01") == "in: ana/member out: ")
        #expect(
            try standing("[{who: crew, until: 2020-01-01}, crew]", teams: "{crew: [ana]}", on: "2026-01-01")
                == "in: ana/member out: ")
        #expect(
            try standing("[crew, {who: crew, until: 2020-01-01}]", teams: "{crew: [ana]}", on: "2026-01-01")
                == "in: ana/member out: ")
    }

    @Test("An admin with an expired entry stays a member if a member entry counts")
    func formerAdmin() throws {
        #expect(
            try standing("[ana]", admins: "[{who: ana, until: 2020-01-01}]", on: "2026-01-01")
                == "in: ana/member out: ")
    }

    @Test("A person whose entries have all expired is reported once, with the stronger role")
    func allLapsed() throws {
        #expect(
            try standing(
                "[{who: ana, until: 2021-01-01}]", admins: "[{who: ana, until: 2020-01-01}]", on: "2026-01-01")
                == "in:  out: ana/admin ..2020-01-01")
    }

    @Test("A group whose entries have all expired is not a policy error")
    func lapsedGroup() throws {
        #expect(try standing("[{who: ana, until: 2020-01-01}]", on: "2026-01-01").hasPrefix("in:  out:"))
    }

    @Test("`keep` applies only during its dates")
    func keep() throws {
        let text = "groups: {1@g.us: {members: [+62 812-0000-001], keep: [{who: +62 812-0000-002, until: 2026-01-01}]}}"
        #expect(try onlyGroup(text, on: "2026-01-01").kept.count == 1)
        #expect(try onlyGroup(text, on: "2026-01-02").kept.isEmpty)
    }

    @Test("Dates of a CSV file apply to all its rows")
    func tables() throws {
        let folder = try TemporaryFolder([
            "p.yaml": "session: S1\ngroups: {1@g.us: {members: [{csv: a.csv, until: 2026-01-01, reason: season}]}}",
            "a.csv": "phone\n+62 812-0000-001\n",
        ])
        let set = try #require(folder.policies().policies)
        let group = set.desiredGroup(at: 0, on: try #require(CalendarDate(parsing: "2026-01-01")))
        #expect(group.members.map(outline) == ["member +628120000001 at a.csv:2:1 (season)"])
        let later = set.desiredGroup(at: 0, on: try #require(CalendarDate(parsing: "2026-01-02")))
        #expect(later.outOfTerm.map(\.source.description) == ["a.csv:2:1"])
    }
}

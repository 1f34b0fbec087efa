import Core
import Testing

@testable import PolicyFiles

@Suite("Policies: who belongs in a group")
struct DesiredGroupTests {
    @Test("The example of the reference means what it says")
    func reference() throws {
        let folder = try TemporaryFolder([
            "jakarta.yaml": """
            session: 01HZ0SESSION0000000000000   # default for the groups below
            people:
              alice: +62 812-3456-7890           # E.164, any usual spelling; or a JID
              budi:  { phone: +6281300001111, lid: 205227043110953@lid, note: regional lead }
              citra: 6281400001111@s.whatsapp.net
            teams:
              leads: [alice, budi]
              volunteers:
                - leads                          # a team inside a team
                - +62 811-2223-334
                - { who: citra, until: 2026-12-31, reason: contractor }
                - { csv: rosters/volunteers.csv, column: phone }
            groups:
              120363041234567890@g.us:
                name: Jakarta volunteers
                admins: [leads]
                members: [volunteers]
                keep: [+62 899-0000-0001]
                mode: exact
                rejoin: never
                limits: { removals: 5 }
            """,
            "rosters/volunteers.csv": "name,phone\n\"Dewi, S.\",+62 815-0000-1111\nAlice,+6281234567890\n",
        ])
        let reading = folder.policies()
        #expect(reading.diagnostics == [])
        let set = try #require(reading.policies)
        #expect(
            set.groups.map { "\($0.gateway)/\($0.session)/\($0.group)" } == [
                "default/01HZ0SESSION0000000000000/120363041234567890@g.us"
            ])
        #expect(set.counts == PolicyCounts(files: 2, people: 6, teams: 2, groups: 1))
        let day = try #require(CalendarDate(parsing: "2026-12-31"))
        let group = set.desiredGroup(at: 0, on: day)
        #expect(
            group.members.map(outline) == [
                "member +628112223334 at jakarta.yaml:10:7",
                "admin +6281234567890 alice at jakarta.yaml:7:11",
                "admin +6281300001111 205227043110953@lid budi at jakarta.yaml:7:18",
                "member +6281400001111 citra at jakarta.yaml:11:7 (contractor)",
                "member +6281500001111 at rosters/volunteers.csv:2:12",
            ])
        #expect(group.name == "Jakarta volunteers")
        #expect(group.kept.map(\.phone?.e164) == ["+6289900000001"])
        #expect(group.rejoin == .never && group.mode == .exact && !group.mayBeEmpty)
        var limits = Limits()
        limits.removals = .count(5)
        #expect(group.limits == limits)
        #expect(group.source.description == "jakarta.yaml:14:3")
        #expect(group.outOfTerm == [])
        let dayAfter = set.desiredGroup(at: 0, on: CalendarDate(daysSince1970: day.daysSince1970 + 1))
        #expect(dayAfter.members.count == 4)
        #expect(dayAfter.outOfTerm.map(\.person.name) == ["citra"])
    }

    @Test("Number, name, JID and pinned LID of one person are one person, with the stronger role")
    func onePerson() throws {
        let group = try onlyGroup(
            """
            people:
              budi: { phone: +6281300001111, lid: 205227043110953@lid }
            groups:
              1@g.us:
                admins: [205227043110953@lid]
                members: [budi, +62 813 0000 1111, 6281300001111@c.us, 6281300001111:4@s.whatsapp.net]
            """)
        #expect(group.members.map(outline) == ["admin +6281300001111 205227043110953@lid budi at policy.yaml:6:14"])
    }

    @Test("People known only by LID come after those with numbers")
    func lidOnly() throws {
        let group = try onlyGroup("groups: {1@g.us: {members: [77@lid, +62 812-3456-7890, 5@lid]}}")
        #expect(
            group.members.map(\.person) == [
                PersonReference(phone: PhoneNumber(digits: 6_281_234_567_890), lid: nil, name: nil),
                PersonReference(phone: nil, lid: LID(digits: 5), name: nil),
                PersonReference(phone: nil, lid: LID(digits: 77), name: nil),
            ])
    }

    @Test("A number and a LID with equal digits are two people")
    func equalDigits() throws {
        let group = try onlyGroup("groups: {1@g.us: {members: [6281234567890@lid, 6281234567890@c.us]}}")
        #expect(group.members.count == 2)
    }

    @Test("Many groups can use the same teams, and merge keys and aliases share settings")
    func sharing() throws {
        let reading = try policies(
            """
            x-common: &common
              rejoin: never
              limits: &limits { removals: 10%, min_admins: 2 }
              admins: [leads]
            teams:
              leads: [+62 812-3456-7890]
            groups:
              1@g.us: { <<: *common, members: [+62 812-3456-7891] }
              2@g.us: { <<: *common, rejoin: always, limits: { <<: *limits, min_admins: 1 } }
            """)
        #expect(reading.diagnostics == [])
        let set = try #require(reading.policies)
        let groups = set.groups.indices.map { set.desiredGroup(at: $0, on: CalendarDate(daysSince1970: 20_000)) }
        #expect(groups.map(\.members.count) == [2, 1])
        #expect(groups.map(\.rejoin) == [.never, .always])
        #expect(groups.map(\.limits.minAdmins) == [2, 1])
        #expect(groups.map(\.limits.removals) == [.percent(10), .percent(10)])
    }

    @Test("Teams that contain each other many times are visited once")
    func doublingTeams() throws {
        let levels = 60
        let teams = (1...levels).map { "  t\($0): [t\($0 - 1), { who: t\($0 - 1), until: 2000-01-01 }, t\($0 - 1)]" }
        let group = try onlyGroup(
            "teams:\n  t0: [+62 812-3456-7890]\n\(teams.joined(separator: "\n"))\ngroups: {1@g.us: {members: [t\(levels)]}}"
        )
        #expect(group.members.map(outline) == ["member +6281234567890 at policy.yaml:3:8"])
    }

    @Test("A chain of teams may be very long")
    func longChain() throws {
        let levels = 20_000
        let teams = (1...levels).map { "  t\($0): [t\($0 - 1)]" }
        let group = try onlyGroup(
            "teams:\n  t0: [+62 812-3456-7890]\n\(teams.joined(separator: "\n"))\ngroups: {1@g.us: {members: [t\(levels)]}}"
        )
        #expect(group.members.count == 1)
    }

    @Test("A group that is meant to be empty is empty")
    func meantToBeEmpty() throws {
        let group = try onlyGroup("groups: {1@g.us: {mode: exact, empty: true, keep: [+62 812-3456-7890]}}")
        #expect(group.mayBeEmpty && group.members.isEmpty && group.kept.count == 1)
    }

    @Test("Absent values may be ~ or null, and anything but a list of people may be empty")
    func absentValues() throws {
        let group = try onlyGroup(
            """
            gateway: null
            people:
            teams: ~
            groups:
              1@g.us:
                session: ~
                name:
                admins: null
                members: [{ who: +62 812-3456-7890, from: ~, until: null, reason: null }]
                keep: ~
                limits:
                mode: ~
            """)
        #expect(group.members.map(outline) == ["member +6281234567890 at policy.yaml:10:15"])
        #expect(group.name == nil && group.limits == Limits())
    }

    @Test("A person both wanted and kept every day gives a warning, once for each `keep` entry")
    func wantedAndKept() throws {
        let folder = try TemporaryFolder([
            "a.yaml": """
            session: S1
            people: { ana: +62 812-0000-001, ben: +62 812-0000-002, cai: +62 812-0000-003 }
            teams: { crew: [ana, ben], hosts: [{ who: cai, until: 2026-12-31 }] }
            groups:
              1@g.us:
                admins: [ana]
                members: [ben, hosts, { who: +62 812-0000-004, until: 2026-12-31 }]
                keep: [crew, +62 812-0000-002, hosts, { who: +62 812-0000-004, from: 2027-01-01 }, +62 812-0000-005]
            """
        ])
        let reading = folder.policies()
        #expect(reading.policies != nil)
        #expect(
            reading.diagnostics.map(\.description) == [
                "a.yaml:8:12: warning: `admins` or `members` of the group also name 2 of these people; `keep` wins, so"
                    + " Rollcall never changes them; name them in one place",
                "a.yaml:8:18: warning: `admins` or `members` of the group also name this person; `keep` wins, so Rollcall"
                    + " never changes them; name them in one place",
            ])
    }
}

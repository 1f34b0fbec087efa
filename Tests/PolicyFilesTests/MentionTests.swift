import Core
import Testing

@testable import PolicyFiles

@Suite("Policies: where a membership comes from")
struct MentionTests {
    private static let text = """
        people:
          budi: { phone: +6281300001111, lid: 77@lid }
        teams:
          leads: [budi]
          crew:
            - { who: leads, until: 2026-12-31, reason: season }
            - 77@lid
        groups:
          1@g.us: { admins: [leads], members: [crew, crew, +62 813 0000 1111] }
          2@g.us: { members: [+62 812-0000-001], keep: [{ who: budi, from: 2026-01-01 }] }
        """

    @Test(
        "A person is found by name, number and JID",
        arguments: ["budi", "+62 813-0000-1111", "77@lid", "6281300001111@c.us"])
    func person(text: String) throws {
        let set = try #require(try policies(Self.text).policies)
        let person = try #require(set.person(matching: text))
        #expect(person.name == "budi" && person.lid?.digits == 77 && person.phone?.e164 == "+6281300001111")
    }

    @Test("An unknown name finds nobody", arguments: ["", "leads", "Budi", "+62 812-9999-999", "78@lid", "\0"])
    func nobody(text: String) throws {
        let set = try #require(try policies(Self.text).policies)
        #expect(set.person(matching: text) == nil)
    }

    @Test("Every way into every group is reported")
    func mentions() throws {
        let set = try #require(try policies(Self.text).policies)
        let person = try #require(set.person(matching: "budi"))
        let found = set.mentions(of: person).map { mention in
            let terms = "\(mention.from?.description ?? "")..\(mention.until?.description ?? "")"
            return "\(mention.group.group) \(mention.list) via \(mention.teams.joined(separator: ">")) at"
                + " \(mention.source) \(terms) \(mention.reason ?? "-")"
        }
        let throughCrew = [
            "1@g.us member via crew>leads at policy.yaml:5:11 ..2026-12-31 season",
            "1@g.us member via crew at policy.yaml:8:7 .. -",
        ]
        #expect(
            found == ["1@g.us admin via leads at policy.yaml:5:11 .. -"] + throughCrew + throughCrew + [
                "1@g.us member via  at policy.yaml:10:52 .. -", "2@g.us kept via  at policy.yaml:11:49 2026-01-01.. -",
            ])
    }

    @Test("An endless number of ways is cut short")
    func manyWays() throws {
        let teams = (1...40).map { "  t\($0): [t\($0 - 1), t\($0 - 1)]" }.joined(separator: "\n")
        let set = try #require(
            try policies("teams:\n  t0: [+62 812-0000-001]\n\(teams)\ngroups: {1@g.us: {members: [t40]}}").policies)
        let person = try #require(set.person(matching: "+62 812-0000-001"))
        #expect(set.mentions(of: person).count == PolicySet.maxMentionsPerList)
    }
}

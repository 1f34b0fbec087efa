import Core
import Testing

@testable import PolicyFiles

@Suite("Policies: lists that name nobody")
struct EmptinessTests {
    private func complaints(_ text: String, table: String = "phone\n") throws -> [String] {
        try TemporaryFolder(["p.yaml": "session: S1\n" + text, "a.csv": table]).policies().diagnostics.map(
            \.description)
    }

    private func nobody(_ position: String) -> String {
        "\(position): error: the file `a.csv` has no rows after its first line; add rows, or write `empty: true` next to"
            + " `csv` if it may be empty"
    }

    @Test(
        "A CSV file without rows is an error wherever it is named, even beside people",
        arguments: [
            ("groups: {1@g.us: {members: [+62 812-0000-001, {csv: a.csv}]}}", ["p.yaml:2:53"]),
            ("groups: {1@g.us: {members: [+62 812-0000-001], admins: [{csv: a.csv}]}}", ["p.yaml:2:63"]),
            ("groups: {1@g.us: {members: [+62 812-0000-001], keep: [{csv: a.csv}]}}", ["p.yaml:2:61"]),
            ("groups: {1@g.us: {mode: additive, members: [+62 812-0000-001, {csv: a.csv}]}}", ["p.yaml:2:69"]),
            ("teams: {t: [{csv: a.csv}]}", ["p.yaml:2:19"]),
            (
                "teams: {t: [{csv: a.csv}], u: [{csv: a.csv, empty: true}], v: [{csv: a.csv, empty: false}]}",
                ["p.yaml:2:19", "p.yaml:2:70"]
            ),
        ])
    func tables(text: String, positions: [String]) throws {
        for table in ["phone\n", "phone", "name,phone\n,\n\n  ,\t\n", "\u{FEFF}phone;name\r\n;\r\n"] {
            #expect(try complaints(text, table: table).filter { $0.contains(": error:") } == positions.map(nobody))
        }
    }

    @Test("A CSV file that may be empty says so, and may still have rows")
    func marked() throws {
        let text = "groups: {1@g.us: {members: [+62 812-0000-001, {csv: a.csv, empty: true, until: 2026-12-31}]}}"
        #expect(try complaints(text) == [])
        #expect(try complaints(text, table: "phone\n+62 812-0000-002\n") == [])
        #expect(try complaints(text, table: "").first?.hasPrefix("a.csv:1:1: error: the file is empty;") == true)
    }

    @Test(
        "An empty list is an error, for example if all its people are commented out",
        arguments: ["admins", "members", "keep"])
    func silentList(list: String) throws {
        let other = list == "admins" ? "members" : "admins"
        let text = "groups:\n  1@g.us:\n    \(other): [+62 812-0000-001]\n    \(list):\n    # - +62 812-0000-002\n"
        let said = try complaints(text)
        #expect(said.count == 1)
        #expect(
            said.first?.hasSuffix(
                "error: `\(list)` is empty; list its people, write `[]` if it has none, or delete the line")
                == true,
            "\(said)")
        #expect(try complaints(text.replacing("\(list):\n", with: "\(list): []\n")).isEmpty)
    }

    @Test("A row swallowed by a stray quote is an error") func swallowed() throws {
        let table = "phone,name\n+62 811-000-0011,\"Budi\n+62 811-000-0012,Citra\n+62 811-000-0013,Dewi\"\n"
        let text = "groups: {1@g.us: {members: [{csv: a.csv}]}}"
        #expect(
            try complaints(text, table: table) == [
                "a.csv:2:18: error: this quoted field has several lines, and a number on one of them would be lost; close"
                    + " the quote where the field ends"
            ])
        #expect(try complaints(text, table: "phone,name\n+62 811-000-0011,\"Budi\nthe elder\"\n").isEmpty)
    }

    @Test(
        "A path or column with invisible characters is an error",
        arguments: ["csv: \"a.csv\\u200B\"", "csv: a.csv, column: \"phone\\u200B\""])
    func invisible(entry: String) throws {
        #expect(
            try complaints("groups: {1@g.us: {members: [{\(entry)}]}}").contains {
                $0.contains("contains the invisible character U+200B, so it is not the")
            })
    }

    @Test("A team without entries is an error, and what is empty because of it is not reported again")
    func teams() throws {
        for value in ["[]", "", "~"] {
            #expect(
                try complaints("teams: {t: \(value), u: [t]}\ngroups: {1@g.us: {members: [u]}}") == [
                    "p.yaml:2:9: error: the team `t` is empty; list its people, or delete it and the entries that name it"
                ])
        }
    }

    @Test("A group that is empty because of files that may be empty is still an error")
    func groups() throws {
        #expect(
            try complaints("teams: {t: [{csv: a.csv, empty: true}], u: [t]}\ngroups: {1@g.us: {members: [u]}}") == [
                "p.yaml:3:10: error: all teams and files of this group are empty, so everyone would be removed from the"
                    + " group; list people, or write `mode: exact` and `empty: true` if you mean it"
            ])
    }

    @Test("A group's explicitly empty list, or one with only expired entries, is not an error")
    func legal() throws {
        #expect(try complaints("groups: {1@g.us: {admins: [+62 812-0000-001], members: [], keep: []}}") == [])
        #expect(try complaints("groups: {1@g.us: {members: [+62 812-0000-001], admins: []}}") == [])
        #expect(
            try complaints(
                "teams: {t: [{who: +62 812-0000-001, until: 2001-01-01}]}\ngroups: {1@g.us: {members: [t]}}") == [])
    }

    @Test("`empty` belongs to `csv`")
    func misplaced() throws {
        #expect(
            try complaints("groups: {1@g.us: {members: [{who: +62 812-0000-001, empty: true}]}}") == [
                "p.yaml:2:60: error: `empty` is only for entries with `csv`; delete it"
            ])
    }
}

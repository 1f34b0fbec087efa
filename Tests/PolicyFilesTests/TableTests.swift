import Core
import Foundation
import Testing

@testable import PolicyFiles

@Suite("Policies: CSV files")
struct TableTests {
    private func members(_ table: [UInt8], column: String = "phone") throws -> [String] {
        let folder = try TemporaryFolder([
            "p.yaml": "session: S1\ngroups: {1@g.us: {members: [{csv: a.csv, column: \(column)}]}}"
        ])
        try folder.write("a.csv", bytes: table)
        let reading = folder.policies()
        guard let set = reading.policies else { return reading.diagnostics.map(\.description) }
        return set.desiredGroup(at: 0, on: CalendarDate(daysSince1970: 20_000)).members.map(outline)
    }

    @Test(
        "Tables from spreadsheets and programs are read",
        arguments: [
            ("phone\n+6281200001\n", ["member +6281200001 at a.csv:2:1"]),
            ("\u{FEFF}name;phone\r\nAna;+6281200001\r\n", ["member +6281200001 at a.csv:2:5"]),
            ("name\tphone\rAna\t+62 812 00001", ["member +6281200001 at a.csv:2:5"]),
            (
                "\"phone\",\"a,b\"\n\"+62 812 00001\",\"x\"\"y\n z\"\n0062812-00002,\n",
                [
                    "member +6281200001 at a.csv:2:1", "member +6281200002 at a.csv:4:1",
                ]
            ),
            (
                " phone , name \n  +6281200001  ,Ana\n\n,\n  \n+6281200002,\n",
                [
                    "member +6281200001 at a.csv:2:1", "member +6281200002 at a.csv:6:1",
                ]
            ),
            ("naïve,phone\né👍,+6281200001\n", ["member +6281200001 at a.csv:2:4"]),
            // The apostrophe keeps a spreadsheet from reading the number as a formula.
            ("phone\n'+6281200001\n", ["member +6281200001 at a.csv:2:1"]),
            ("phone\n\"'+62 812-00001\"\n", ["member +6281200001 at a.csv:2:1"]),
            (
                "phone\n7@lid\n6281200001@s.whatsapp.net\n+62 812 00001\n",
                [
                    "member +6281200001 at a.csv:3:1", "member 7@lid at a.csv:2:1",
                ]
            ),
        ])
    func spellings(table: String, expected: [String]) throws {
        #expect(try members(Array(table.utf8)) == expected)
    }

    @Test(
        "An unusual encoding or first line of a table is read, or named in the error",
        arguments: [
            ("\u{FEFF}\u{FEFF}\u{FEFF}phone\n+6281200001\n", "member +6281200001 at a.csv:2:1"),
            (
                "ph\u{200B}one\n+6281200001\n",
                "a.csv:1:1: error: the column `ph\\u{200B}one` contains the invisible character U+200B"
            ),
            (
                "name,\u{FEFF}phone\nAna,+6281200001\n",
                "a.csv:1:6: error: a byte order mark (U+FEFF) is in the middle"
            ),
            (
                "name;phone\u{AD}\nAna;+6281200001\n",
                "a.csv:1:6: error: the column `phone\\u{AD}` contains the invisible"
            ),
            ("ph\u{43E}ne\n+6281200001\n", "a.csv:1:1: error: the column `phоne` only looks like `phone`"),
            (
                "phone\n+6281200001\n\u{FEFF}phone\n+6281200002\n",
                "a.csv:3:1: error: a byte order mark (U+FEFF) is in the middle"
            ),
            ("sep=;\nname;phone\nAna;+6281200001\n", "a.csv:1:1: error: the line `sep=` is only for Excel"),
            ("name|phone\nAna|+6281200001\n", "a.csv:1:1: error: the first line has only one column, `name|phone`"),
            ("phone\n+6281200001\r+6281200002\n", "a.csv:2:12: error: this line ends in a carriage return"),
            ("phone\r\n+6281200001\r+6281200002\r\n", "a.csv:2:12: error: this line ends in a carriage return"),
            (
                "name,phone\nA\u{202E},+6281200001\n",
                "a.csv:2:1: error: the character U+202E in this field reorders the rest"
            ),
            (
                "phone,name\n+6281200001,\"\u{2067}A\u{202C}\"\n",
                "a.csv:2:13: error: the character U+2067 in this field"
            ),
        ])
    func signs(table: String, expected: String) throws {
        let found = try members(Array(table.utf8))
        #expect(found.first?.hasPrefix(expected) == true, "\(found)")
    }

    @Test(
        "A UTF-16 table is recognised, with or without a mark",
        arguments: [[0xFF, 0xFE], [0xFE, 0xFF], []] as [[UInt8]])
    func utf16(mark: [UInt8]) throws {
        let text = Array("phone\n+6281200001\n".utf16)
        let bytes =
            mark
            + text.flatMap {
                mark == [0xFE, 0xFF] ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)]
            }
        #expect(
            try members(bytes) == [
                "a.csv:1:1: error: the file is written in UTF-16; save it as \"CSV UTF-8\" and try again"
            ])
    }

    @Test("Carriage returns and control characters in quotes, and text in any script, are read")
    func harmlessSigns() throws {
        for row in [
            "\"A\rB\",+6281200001", "\u{202B}שלום\u{202C},+6281200001", "مجموعة\u{200F},+6281200001",
            "👩\u{200D}🏫,+6281200001",
        ] {
            #expect(
                try members(Array("name,phone\n\(row)\n".utf8)).first?.hasPrefix("member +6281200001 at a.csv") == true)
        }
        #expect(try members(Array("phone\r+6281200001\r".utf8)).count == 1)
    }

    @Test("Many entries may use one file, with several columns")
    func shared() throws {
        let folder = try TemporaryFolder([
            "p.yaml": """
            session: S1
            teams: { a: [{ csv: t.csv }], b: [{ csv: ./t.csv, column: other }] }
            groups: { 1@g.us: { members: [a, { csv: t.csv }] }, 2@g.us: { members: [b] } }
            """,
            "t.csv": "phone,other\n+6281200001,+6281200002\n",
        ])
        let set = try #require(folder.policies().policies)
        let groups = set.groups.indices.map { set.desiredGroup(at: $0, on: CalendarDate(daysSince1970: 20_000)) }
        #expect(
            groups.map { $0.members.map(outline) } == [
                ["member +6281200001 at t.csv:2:1"], ["member +6281200002 at t.csv:2:13"],
            ])
        #expect(set.counts.files == 2)
    }

    @Test("A link may stay in the policy's folder, but not lead out of it")
    func links() throws {
        let outside = try TemporaryFolder(["a.csv": "phone\n+6281200001\n"])
        let folder = try TemporaryFolder([
            "p.yaml": "session: S1\ngroups: {1@g.us: {members: [{csv: link.csv}]}}",
            "data/a.csv": "phone\n+6281200001\n",
        ])
        try folder.link("link.csv", to: "data/a.csv")
        #expect(folder.policies(["p.yaml"]).policies != nil)
        try folder.link("way-out", to: outside.path)
        try folder.write("p.yaml", "session: S1\ngroups: {1@g.us: {members: [{csv: way-out/a.csv}]}}")
        #expect(
            folder.policies(["p.yaml"]).diagnostics.map(\.message) == [
                "the file `way-out/a.csv` is a link to outside the folder of this policy; move the file itself there, or"
                    + " allow it in rollcall.yaml with `csv: { outside: true }`"
            ])
    }

    @Test("A combining mark after a slash hides no way out of the folder") func combiningMark() throws {
        let text = "session: S1\ngroups: {1@g.us: {members: [{csv: \"../\u{301}a.csv\"}]}}"
        let messages = try TemporaryFolder(["p.yaml": text]).policies(["p.yaml"]).diagnostics.map(\.message)
        #expect(messages.count == 1 && messages[0].contains("is outside the folder of this policy"), "\(messages)")
    }

    @Test("A file outside the policy's folder is never opened, so no error describes it")
    func neverOpened() throws {
        let outside = try TemporaryFolder(["folder/a": ""])
        let folder = try TemporaryFolder(["p.yaml": "session: S1\ngroups: {1@g.us: {members: [{csv: link.csv}]}}"])
        for target in ["\(outside.path)/folder", "/dev/zero"] {
            try folder.link("link.csv", to: target)
            let messages = folder.policies(["p.yaml"]).diagnostics.map(\.message)
            #expect(messages.count == 1 && messages[0].contains("a link to outside the folder"), "\(messages)")
            try FileManager.default.removeItem(atPath: folder.path + "/link.csv")
        }
    }

    @Test(
        "A file may be outside the policy's folder only if the configuration allows it",
        arguments: ["../a.csv", "absolute", "link.csv", "way-out/a.csv"])
    func outside(path: String) throws {
        let folder = try TemporaryFolder(["a.csv": "phone\n+6281200001\n"])
        let written = path == "absolute" ? folder.path + "/a.csv" : path
        try folder.write("policies/p.yaml", "session: S1\ngroups: {1@g.us: {members: [{csv: \(written)}]}}")
        try folder.link("policies/link.csv", to: "../a.csv")
        try folder.link("policies/way-out", to: "..")
        func read(_ more: String) throws -> PolicyReading {
            try folder.write(
                "rollcall.yaml", "gateway: {url: https://gateway.example.com}\npolicies: [policies/p.yaml]\n" + more)
            return PolicyReader.read(try #require(folder.configuration().configuration))
        }
        #expect(try read("csv: { outside: true }").policies?.groups.count == 1)
        for more in ["", "csv: { outside: false }", "csv: {}"] {
            let found = try read(more)
            #expect(found.policies == nil)
            #expect(found.diagnostics.map(\.location.description) == ["policies/p.yaml:2:35"])
            #expect(found.diagnostics.first?.message.contains("`csv: { outside: true }`") == true)
        }
    }

    @Test("A long list of mistakes is summed up")
    func manyMistakes() throws {
        let found = try members(Array(("phone\n" + String(repeating: "x\n", count: 1_200)).utf8))
        #expect(found.count == 1_001)
        #expect(
            found.last
                == "a.csv:1001:1: error: this file has 200 more problems; fix these first, then run again to see the"
                + " rest")
    }
}

import Core
import Testing

@testable import PolicyFiles

@Suite("Policies: machine-made spellings of numbers")
struct MachineSpellingTests {
    /// Returns the messages about a list entry; empty if it is accepted as a number.
    private func complaints(aboutEntry text: String) throws -> [String] {
        let quoted = text.replacing("'", with: "''")
        return try policies("groups: {1@g.us: {members: [+62 899-0000-001, '\(quoted)']}}").diagnostics.map(\.message)
    }

    /// Returns the messages about a cell of a CSV file.
    private func complaints(aboutCell text: String) throws -> [String] {
        let cell = "\"" + text.replacing("\"", with: "\"\"") + "\""
        let folder = try TemporaryFolder([
            "p.yaml": "session: S1\ngroups: {1@g.us: {members: [{csv: a.csv}]}}",
            "a.csv": "phone\n+62 899-0000-001\n\(cell)\n",
        ])
        return folder.policies().diagnostics.map(\.message)
    }

    @Test(
        "A machine-made spelling is an error with cause and fix, in a list and in a cell",
        arguments: [
            ("+628110000001.0", "has decimals"), ("+628110000001.00", "has decimals"),
            ("628110000001.0", "has decimals"), ("628110000001,0", "has decimals"),
            ("+628110000001,00", "has decimals"), ("+62 811 000 0001.0", "has decimals"),
            ("+628,110,000,001", "write spaces, dashes or nothing"), ("+628'110'000'001", "write spaces, dashes or"),
            ("628_110_000_001", "write spaces, dashes or nothing"),
            ("6.28E+12", "has rounded"), ("6,28E+12", "has rounded"), ("+6,28123E+12", "has rounded"),
            ("6.28e12", "has rounded"), ("6.28 E12", "has rounded"), ("6.28×10^12", "has rounded"),
            ("=+628110000001", "is a formula"), ("=\"+628110000001\"", "is a formula"),
            ("’+628110000001", "apostrophe"),
            ("+628110000001 x12", "has an extension"), ("+628110000001;ext=12", "has an extension"),
            ("+62 811-0000-001 ext. 3", "has an extension"), ("+628110000001#12", "has an extension"),
            ("tel:+628110000001", "is an address"), ("https://wa.me/628110000001", "is an address"),
            ("wa.me/628110000001", "is an address"), ("whatsapp:+628110000001", "is an address"),
            ("+628110000001 / +628110000002", "contains two numbers"),
            ("+628110000001,+628110000002", "contains two numbers"),
            ("+628110000001;628110000002", "contains two numbers"),
            ("+628110000001 & 628110000002", "contains two numbers"),
            ("+628110000001 +628110000002", "contains two numbers"),
            ("+628110000001 628110000002", "contains two numbers"),
            ("+628110000001.628110000002", "contains two numbers"), ("+6281100 6281101", "contains two numbers"),
            ("+628110000001\n+628110000002", "contains two numbers"),
            ("+６２8110000001", "contains the digit `６` (U+FF16)"), ("６２8110000001", "contains the digit `６` (U+FF16)"),
            ("+٦٢8110000001", "contains the digit `٦` (U+0666)"), ("＋628110000001", "(U+FF0B) instead of a plus sign"),
            ("\u{200F}+628110000001\u{200F}", "invisible character U+200F"),
            ("+62\u{200B}8110000001", "invisible character U+200B"),
            ("+62\u{AD}8110000001", "invisible character U+00AD"),
            ("+628110000001 (2)", "ends in brackets"), ("+62 (0811) 000-0001", "leave the zero out"),
            ("+39 (0)6 1234 5678", "write the zero without brackets"),
        ])
    func refusals(text: String, cause: String) throws {
        for found in [try complaints(aboutEntry: text), try complaints(aboutCell: text)] {
            #expect(found.count == 1)
            #expect(found.first?.contains(cause) == true, "\(found)")
        }
    }

    @Test("An apostrophe marks text in a cell, and is an error in a list")
    func apostrophes() throws {
        #expect(try complaints(aboutEntry: "'+628110000001").first?.contains("apostrophe") == true)
        for cell in ["'+628110000001", "'00628110000001", "'(+62) 811 0000001"] {
            #expect(try complaints(aboutCell: cell) == [])
        }
        #expect(try complaints(aboutCell: "'628110000001").first?.contains("no country code") == true)
    }

    @Test("A JID that a program wrote as a float is the number without its decimals")
    func jids() throws {
        let group = try onlyGroup("groups: {1@g.us: {members: [628110000001.0@s.whatsapp.net, +62 811-0000-001]}}")
        #expect(group.members.map(\.person.phone?.e164) == ["+628110000001"])
        #expect(try complaints(aboutEntry: "6.28E+12@s.whatsapp.net").first?.contains("is not a valid JID") == true)
    }

    @Test("A zero after a country code that never has one gives a warning, wherever the number is")
    func strayZeros() throws {
        let folder = try TemporaryFolder([
            "p.yaml": """
            session: S1
            people: { ana: +62 0811-0000-001, ben: { phone: +44 020 7946 0018 }, eva: +39 06 1234 5678 }
            teams: { all: [ana, ben, eva, 6208110000002@s.whatsapp.net, { csv: a.csv }] }
            groups: { 1@g.us: { members: [all, { who: +62 0811-0000-003, reason: new }] } }
            """,
            "a.csv": "phone\n+62 0811 0000 004\n+225 07 00 00 00 01\n",
        ])
        let reading = folder.policies()
        #expect(reading.policies != nil)
        #expect(
            reading.diagnostics.map(\.description) == [
                warning("a.csv:2:1", "+6208110000004", "+62", "+628110000004"),
                warning("p.yaml:2:16", "+6208110000001", "+62", "+628110000001"),
                warning("p.yaml:2:49", "+4402079460018", "+44", "+442079460018"),
                warning("p.yaml:3:31", "+6208110000002", "+62", "+628110000002"),
                warning("p.yaml:4:43", "+6208110000003", "+62", "+628110000003"),
            ])
    }

    private func warning(_ position: String, _ number: String, _ code: String, _ meant: String) -> String {
        "\(position): warning: \(number) has the prefix 0 after the country code \(code); this prefix is only for calls"
            + " inside the country; write \(meant)"
    }

    @Test("Endless warnings are counted, and leave room for errors")
    func manyWarnings() throws {
        let rows = (0..<1_200).map { "+62 0811 0000 \($0 + 1_000)\n" }.joined()
        let folder = try TemporaryFolder([
            "p.yaml": "session: S1\ngroups: {1@g.us: {members: [{csv: a.csv}]}}", "a.csv": "phone\n" + rows,
        ])
        let reading = folder.policies()
        #expect(reading.policies != nil)
        #expect(reading.diagnostics.count == 1_001)
        #expect(reading.diagnostics.allSatisfy { $0.severity == .warning })
        #expect(
            reading.diagnostics.last?.message
                == "this file has 200 more warnings; fix these first, then run again to see the rest")
        try folder.write("a.csv", "phone\n" + rows + "x\n")
        #expect(folder.policies().diagnostics.contains { $0.message.hasPrefix("`x` is not a phone number") })
    }
}

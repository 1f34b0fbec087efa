import Core
import Testing

@testable import PolicyFiles

@Suite("Policies: spelling")
struct SpellingTests {
    @Test(
        "Distances between words are computed",
        arguments: [
            ("", "", 0), ("a", "", 1), ("members", "members", 0), ("member", "members", 1), ("memebrs", "members", 1),
            ("laeds", "leads", 1), ("kitten", "sitting", 3),
        ])
    func distances(left: String, right: String, expected: Int) {
        let (left, right) = (Array(left.unicodeScalars), Array(right.unicodeScalars))
        #expect(SpellingSuggester.distance(left, right) == expected)
        #expect(SpellingSuggester.distance(right, left) == expected)
    }

    @Test("The fast number reader agrees with the careful one") func plainNumbers() {
        var generator = SystemRandomNumberGenerator()
        let letters = Array("+00123456789123456789  --..(x".utf8)
        var plain = 0
        for _ in 0..<50_000 {
            let count = Int.random(in: 0...22, using: &generator)
            let tail = (0..<count).map { _ in letters.randomElement(using: &generator) ?? 0x20 }
            let text = String(decoding: [UInt8(ascii: "+")] + tail, as: UTF8.self)
            guard let phone = Array(text.utf8).withUnsafeBufferPointer(EntryText.plainNumber) else { continue }
            plain += 1
            #expect(EntryText(text: text) == .account(.phone(phone)), "\(text)")
        }
        #expect(plain > 500)
    }

    @Test("The nearest word is suggested, but never a distant one")
    func suggestions() {
        var suggester = SpellingSuggester()
        #expect(suggester.nearest(to: "ALICE", among: ["alicia", "alice"]) == "alice")
        #expect(suggester.nearest(to: "bo", among: ["alice", "budi"]) == nil)
        #expect(suggester.nearest(to: "x", among: []) == nil)
        var spent = SpellingSuggester(budget: 1)
        #expect(spent.nearest(to: "alice", among: ["zzz", "alice"]) == nil)
    }

    @Test(
        "Names are accepted or refused",
        arguments: [
            ("alice", true), ("a", true), ("Åse", true), ("名前", true), ("र्ति", true), ("a.b-c_9", true),
            (String(repeating: "a", count: 64), true), (String(repeating: "a", count: 65), false), ("", false),
            ("9a", false), ("_a", false), ("+a", false), ("a b", false), ("a\u{200D}b", false), ("a/b", false),
            ("a@b", false), ("a\n", false), ("🙂", false),
        ])
    func names(text: String, isName: Bool) {
        #expect(PersonName.isWellFormed(text) == isName)
    }

    @Test("One name in two Unicode encodings is one name")
    func normalization() throws {
        let group = try onlyGroup(
            "people: {\"Ren\\u00e9\": +62 812-3456-7890}\ngroups: {1@g.us: {members: [\"Rene\\u0301\"]}}")
        #expect(group.members.count == 1)
    }

    @Test(
        "Durations are read",
        arguments: [
            ("5s", Duration.seconds(5)), ("500ms", .milliseconds(500)), ("30m", .seconds(1_800)),
            ("1h", .seconds(3_600)), ("1d", .seconds(86_400)), ("0s", .zero), ("5", nil), ("s", nil), ("", nil),
            ("-5s", nil), ("1.5h", nil), ("5 s", nil), ("5S", nil), ("1h30m", nil), ("999999999999d", nil),
            ("106751991167d", nil), ("36525d", .seconds(36_525 * 86_400)), ("36526d", nil),
            ("99999999999999999999s", nil), ("٥s", nil),
        ])
    func durations(text: String, expected: Duration?) {
        #expect(DurationText(text)?.duration == expected)
    }

    @Test(
        "Paths are normalised as text",
        arguments: [
            ("", "."), (".", "."), ("./a//b/", "a/b"), ("a/../b", "b"), ("../a", "../a"), ("a/../../b", "../b"),
            ("/../a", "/a"), ("/", "/"), ("a/./..", "."),
        ])
    func paths(path: String, expected: String) {
        #expect(FilePath.cleaned(path) == expected)
    }

    @Test(
        "A path is made relative to a folder",
        arguments: [
            ("a/b", ".", "a/b"), ("sub/a", "sub", "a"), ("a", "sub", "../a"), ("x/a", "x/y/z", "../../a"),
            ("/r/sub/a", "/r/sub", "a"), ("/r/a", "/r/sub", "../a"), ("/a", "/", "a"), ("../a", "..", "a"),
            ("subway/a", "sub", "../subway/a"), ("a", "..", nil), ("/a", "b", nil),
        ])
    func relativePaths(path: String, folder: String, expected: String?) {
        #expect(FilePath.relative(path, to: folder) == expected)
    }

    @Test("Invisible characters around a number are named")
    func invisibleCharacters() {
        #expect(
            EntryText(text: "\u{202A}+62 812-3456-7890\u{202C}")
                == .wrong(
                    "`\\u{202A}+62 812-3456-7890\\u{202C}` contains the invisible character U+202A; delete the text and"
                        + " type it again"))
    }

    @Test("A diagnostic has the form that editors and pipelines expect")
    func diagnostics() {
        let position = SourceLocation(file: "a.yaml", line: 3, column: 7)
        let error = Diagnostic(severity: .error, location: position, message: "no")
        let warning = Diagnostic(severity: .warning, location: position, message: "hm")
        #expect(error.description == "a.yaml:3:7: error: no")
        #expect([warning, error].sorted() == [error, warning])
    }

    @Test("A file without content, or policies without groups, give a warning")
    func warnings() throws {
        let folder = try TemporaryFolder(["a.yaml": "# later\n", "b.yaml": "people: {ana: +62 812-0000-001}"])
        let reading = folder.policies()
        #expect(reading.policies != nil)
        #expect(
            reading.diagnostics.map(\.description) == [
                "a.yaml:1:1: warning: the file is empty; add `people`, `teams` or `groups`, or delete it",
                "b.yaml:1:1: warning: no policy has a group, so there is nothing to do; add `groups`",
            ])
    }

    @Test("An undefined name is reported with all its places, and without a suggestion that differs only in digits")
    func undefinedNames() throws {
        func messages(_ members: String, teams: String = "{}") throws -> [String] {
            try policies(
                "people: {a1: +62 812-0000-001}\nteams: \(teams)\ngroups: {1@g.us: {members: \(members)}}"
            ).diagnostics.map(\.message)
        }
        let several =
            "no person or team `a2`, but it is used at policy.yaml:3:20, policy.yaml:4:35; remove it there, or define it"
            + " under `people` or `teams`"
        #expect(try messages("[crew, a2]", teams: "{crew: [a1, a2]}") == [several, several])
        #expect(
            try messages("[a1, a2]") == [
                "no person or team `a2`; define it under `people` or `teams`, or delete the entry"
            ])
        #expect(try messages("[A1]") == ["no person or team `A1`; did you mean `a1`?"])
    }

    @Test("The error for a date on a person or a group points to the list entry")
    func misplacedKeys() throws {
        let person = "people: {ana: {phone: +62 812-0000-001, from: 2026-01-01}}\ngroups: {1@g.us: {members: [ana]}}"
        #expect(
            try policies(person).diagnostics.map(\.message) == [
                "unknown key `from` in a person; put it on the list entry: `{ who: ana, from: 2026-12-31 }`"
            ])
        let group = "groups: {1@g.us: {members: [+62 812-0000-001], until: 2026-12-31}}"
        #expect(
            try policies(group).diagnostics.map(\.message) == [
                "unknown key `until` in a group; put it on a list entry: `{ who: alice, until: 2026-12-31 }`"
            ])
    }

    @Test("With several gateways, a file or group says which it means")
    func gateways() throws {
        let folder = try TemporaryFolder([
            "a.yaml": """
            session: S1
            gateway: south
            groups:
              2@g.us: { members: [+62 812-0000-001] }
              1@g.us: { members: [+62 812-0000-001], gateway: north, session: S2 }
            """
        ])
        let set = try #require(folder.policies(gateways: [GatewayName("north"), GatewayName("south")]).policies)
        #expect(set.groups.map { "\($0.gateway) \($0.session) \($0.group)" } == ["north S2 1@g.us", "south S1 2@g.us"])
        #expect(set.desiredGroup(at: 0, on: CalendarDate(daysSince1970: 0)).key == set.groups[0])
    }
}

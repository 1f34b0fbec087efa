import LocatedYAML
import Testing

@Suite("YAML: problems")
struct ProblemTests {
    @Test("Each key that occurs twice is reported, with both places")
    func duplicates() {
        let text = "a: 1\nb: {x: 1, 'x': 2}\na: 3\na: 4\n"
        #expect(
            problems(text) == [
                "2:11: the key `x` is already defined at line 2, column 5; keep one of the two",
                "3:1: the key `a` is already defined at line 1, column 1; keep one of the two",
                "4:1: the key `a` is already defined at line 1, column 1; keep one of the two",
            ])
        #expect(outline(reading(text).root) == "{a: 1, b: {x: 1}}")
    }

    @Test("A duplicate key is found among many", arguments: [7, 8, 9, 16, 17, 1_000, 50_000])
    func duplicateAmongMany(count: Int) {
        let text = (0..<count).map { "k\($0): 1\n" }.joined() + "k\(count / 2): 2\n"
        #expect(
            problems(text) == [
                "\(count + 1):1: the key `k\(count / 2)` is already defined at line"
                    + " \(count / 2 + 1), column 1; keep one of the two"
            ])
    }

    @Test(
        "Bytes that are not text are refused at their place",
        arguments: [
            ([0x61, 0x3A, 0x20, 0xFF], "1:4: the byte 0xFF is not valid UTF-8; save the file as UTF-8 and try again"),
            (
                Array("é: ü\n  ".utf8) + [0xC3, 0x28],
                "2:3: the byte 0xC3 is not valid UTF-8; save the file as UTF-8 and try again"
            ),
            (
                Array("a: b\r\nc: x".utf8) + [0x00],
                "2:5: the control character U+0000 is not allowed in YAML; delete it (control characters are not allowed)"
            ),
            (
                Array("a: b\nc: \u{1B}[31m".utf8),
                "2:4: the control character U+001B is not allowed in YAML; delete it (control characters are not allowed)"
            ),
            ([0xFF, 0xFE, 0x61, 0x00], "1:1: the file is written in UTF-16; save it as UTF-8 and try again"),
            ([0xFE, 0xFF, 0x00, 0x61], "1:1: the file is written in UTF-16; save it as UTF-8 and try again"),
            ([0x61, 0x00, 0x3A, 0x00], "1:1: the file is written in UTF-16; save it as UTF-8 and try again"),
            ([0x00, 0x61, 0x00, 0x3A], "1:1: the file is written in UTF-16; save it as UTF-8 and try again"),
        ] as [([UInt8], String)])
    func badBytes(bytes: [UInt8], expected: String) {
        #expect(YAMLReading(parsing: bytes).problems.map(\.description) == [expected])
    }

    @Test(
        "Other mistakes are reported at their place",
        arguments: [
            (
                "a: 1\n---\nb: 2\n",
                [
                    "2:1: a second document starts here, but a file has only one; move it to its own file and delete the line `---`"
                ]
            ),
            (
                "a: 1\n...\nb: 2\n",
                [
                    "3:1: invalid YAML: text follows the end of the document; look for a line `...`, or for a bracket that is closed too early (did not find expected <document start>)"
                ]
            ),
            (
                "[a]: 1\nb: 2",
                ["1:1: a key must be text, but this is a list or a mapping; look for a missing quote or comma"]
            ),
            (
                "{x: {a}: 1}",
                [
                    "1:8: invalid YAML: look for a missing comma or closing bracket (did not find expected ',' or '}', while parsing a flow mapping)"
                ]
            ),
            ("x: !foo 1", ["1:4: the tag `!foo` is not supported, since every value is read as text; delete it"]),
            ("x: !!int 1", ["1:4: the tag `!!int` is not supported, since every value is read as text; delete it"]),
            (
                "a: b: c",
                [
                    "1:5: invalid YAML: either the line is indented too far, or text that contains `: ` needs quotes (mapping values are not allowed in this context)"
                ]
            ),
            (
                "a:\n\t- b",
                [
                    "2:1: invalid YAML: indent with spaces, not tabs, and put text that starts with @, %, ` or a tab in quotes (found character that cannot start any token, while scanning for the next token)"
                ]
            ),
            (
                "a: 'b",
                [
                    "1:6: invalid YAML: a quote or bracket is never closed (found unexpected end of stream, while scanning a quoted scalar)"
                ]
            ),
            (
                "a: [b, c\nd: 1",
                [
                    "2:2: invalid YAML: look for a missing comma or closing bracket (did not find expected ',' or ']', while parsing a flow sequence from line 1)"
                ]
            ),
        ])
    func mistakes(text: String, expected: [String]) {
        #expect(problems(text) == expected)
    }

    @Test("An endless list of problems is cut short, and says so")
    func manyProblems() {
        let text = String(repeating: "a: 1\n", count: 1_502)
        let found = problems(text)
        #expect(found.count == 1_001)
        #expect(
            found.last
                == "1001:1: this file has 501 more problems; fix these first, then run again to see the rest")
    }

    @Test("Endless directives are refused before they are compared")
    func directives() {
        let text = (0..<2_000).map { "%TAG !a\($0)! x\n" }.joined() + "--- a\n"
        #expect(
            problems(text) == [
                "1001:1: more than 1000 lines start with a percent sign; delete them, since no policy needs them"
            ])
    }

    @Test(
        "A message is one line without terminal control characters, whatever keys, tags and aliases contain",
        arguments: [
            (
                #"{ "a\n\e[2J": 1, "a\n\e[2J": 2 }"#,
                #"1:18: the key `a\u{A}\u{1B}[2J` is already defined at line 1, column 3; keep one of the two"#
            ),
            (
                "a: !odd%0Atag b",
                #"1:4: the tag `!odd\u{A}tag` is not supported, since every value is read as text; delete it"#
            ),
            (
                "a: *\(String(repeating: "b-", count: 250))",
                "1:4: the alias `*\(String(repeating: "b-", count: 30))…` is not defined; define"
                    + " `&\(String(repeating: "b-", count: 30))…` above it, or delete the alias"
            ),
        ])
    func safeMessages(text: String, expected: String) {
        #expect(problems(text) == [expected])
    }

    @Test(
        "A text without a final line break has no line after it",
        arguments: ["a: [1]\nb", "a: [1]\n- ", "a:\n  - "])
    func openEnd(text: String) {
        let lines = text.split(separator: "\n")
        for problem in reading(text).problems {
            #expect(problem.line <= lines.count, "\(problem)")
            #expect(problem.column <= lines[problem.line - 1].count + 1, "\(problem)")
        }
        if let item = reading(text).root?["a"]?.items.last { #expect(item.line <= lines.count) }
    }

    @Test("A key, alias or tag that may be a secret is not repeated, but its place is reported")
    func secrets() {
        let text = "wa_s3cr3t: 1\nwa_s3cr3t: 2\na: *eyJhbGciOi\nb: !wa_s3cr3t x\nc: &eyJhbGciOi [*eyJhbGciOi]\n"
        #expect(
            problems(text) == [
                "2:1: this key is already defined at line 1, column 1; keep one of the two",
                "3:4: this alias is not defined; define its anchor above it, or delete the alias",
                "4:4: this tag is not supported, since every value is read as text; delete it",
                "5:17: this alias is inside its own anchor, so it would repeat without end; delete the alias",
            ])
    }

    @Test(
        "A text may be a secret by its prefix, by a password in it, or because it looks random",
        arguments: [
            ("wa_x", true), ("token=wa_x", true), ("eyJhbGciOi", true), ("https://me:x@example.com", true),
            ("9f86d081884c7d65", true), ("sk9Tq2vX7", true), ("abcdefghijklmnopqrstuvwxy", true),
            ("calls_per_minute", false), ("Gateway", false), ("java_home", false), ("01HZ0S1", false),
            ("12036304123456789012345678@g.us", false), ("+62 812-3456-7890", false), ("99999999999999s", false),
            ("Jürgen Großmann 2", false), ("", false),
        ])
    func secretLooks(text: String, isSecret: Bool) {
        #expect(mayBeSecret(text) == isSecret)
    }
}

import LocatedYAML
import Testing

@Suite("YAML: text that reads differently from how it looks")
struct HiddenCharacterTests {
    @Test(
        "An invisible line end is refused, so that no comment hides content",
        arguments: ["\u{2028}", "\u{2029}", "\u{85}"])
    func lineEnds(character: String) {
        let name = "U+" + String("0000\(String(character.unicodeScalars.first?.value ?? 0, radix: 16))".suffix(4))
        let message = "the character \(name) ends the line here, but many programs do not show it; delete it"
        #expect(problems("a: # the first\(character)  - x\nb: 1\n").first == "1:15: \(message)")
        #expect(problems("a: x\(character)b: y") == ["1:5: \(message)"])
        #expect(problems("a: |\n  x\(character)b: y").first == "2:4: \(message)")
        #expect(problems("a: \"x\"\(character)b: 'y'") == ["1:7: \(message)"])
        #expect(problems("\(character)a: x") == ["1:1: \(message)"])
        #expect(problems("a: x\(character)") == ["1:5: \(message)"])
        #expect(problems("a: \"x\(character)y\"\nb: 'x\(character)y'").isEmpty)
        // If the rest of the line is not valid YAML, the cause is reported too.
        #expect(problems("a: x # b\(character)}{").first == "1:9: \(message)")
    }

    @Test("A carriage return ends a line only before a line feed")
    func carriageReturns() {
        let message =
            "a carriage return without a line feed ends the line here, but many programs do not show it; end lines with"
            + " a line feed"
        #expect(problems("a: # x\r- y\n") == ["1:7: \(message)"])
        #expect(problems("a: x\rb: y\r") == ["1:5: \(message)", "2:5: \(message)"])
        #expect(problems("a: x\r\r\nb: y\r\n") == ["1:5: \(message)"])
        #expect(problems("a: x\r\nb: 'y\r z'\r\n").isEmpty)
    }

    @Test(
        "A control character that reorders a line is refused outside quotes",
        arguments: [
            "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}", "\u{2066}", "\u{2067}", "\u{2068}", "\u{2069}",
        ])
    func controls(character: String) {
        let name = String(character.unicodeScalars.first?.value ?? 0, radix: 16).uppercased()
        let message =
            "the character U+\(name) reorders the line on the screen; delete it, or, if a text needs this character,"
            + " put the whole text in quotes"
        #expect(problems("a: x # y\(character)z\nb: 1") == ["1:9: \(message)"])
        #expect(problems("a: x\(character)y") == ["1:5: \(message)"])
        #expect(problems("a\(character): y") == ["1:2: \(message)"])
        #expect(problems("a: 'x' # é\(character)") == ["1:11: \(message)"])
    }

    @Test("A control character that reorders text must end before its quotes do")
    func balance() {
        #expect(problems("a: \"\u{202B}שלום\u{202C}\"\nb: '\u{2067}مرحبا \u{202A}x\u{202C}\u{2069}'").isEmpty)
        let message = "reorders the rest of the line on the screen; delete it, or add"
        #expect(
            problems("a: \"x\u{202E}\" # y") == [
                "1:6: the character U+202E \(message) U+202C before the closing quote"
            ])
        #expect(
            problems("a: [b, 'é\u{2066}\u{202A}\u{202C}']") == [
                "1:10: the character U+2066 \(message) U+2069 before the closing quote"
            ])
        #expect(problems("a: '\u{2066}x\u{202C}'").count == 1)
    }

    @Test(
        "Text in any script, direction marks and joined emoji are read",
        arguments: [
            "שלום", "مجموعة\u{200F} ١", "می\u{200C}خواهم", "ශ්\u{200D}රී", "👩\u{200D}🏫 x", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 x", "x\u{200E}", "Привет",
            "名前",
        ])
    func texts(text: String) {
        #expect(problems("a: \(text) # \(text)\nb: '\(text)'\nc: [\"\(text)\"]").isEmpty)
        #expect(reading("a: \(text)").root?["a"]?.text == text)
    }

    @Test("Any number of leading byte order marks is ignored, and one in the middle is refused")
    func marks() {
        let mark = "\u{FEFF}"
        #expect(outline(reading(mark + mark + mark + "a: 1").root) == "{a: 1}")
        #expect(problems(mark + mark + "a: *x").first?.hasPrefix("1:4: ") == true)
        let message =
            "a byte order mark (U+FEFF) is in the middle of the file, usually because files were joined; delete it"
        #expect(problems("a: 1\n\(mark)b: 2\n").first == "2:1: \(message)")
        #expect(problems("a: 1 # \(mark)\n") == ["1:8: \(message)"])
        #expect(problems("a: '\(mark)1'").isEmpty)
    }

    @Test("Text far to the right, or after many blanks, gives a warning, once a line")
    func farRight() {
        func warnings(_ text: String) -> [String] { reading(text).warnings.map(\.description) }
        let list = Array(repeating: "abcdefgh", count: 60).joined(separator: ", ")
        let far = "readers easily miss text beyond column 500; start a new line before it"
        #expect(warnings("a: [\(list)]\nb: [\(list), x]\n") == ["1:505: \(far)", "2:505: \(far)"])
        #expect(warnings("a: [x] # \(list)\(list)\nb: |\n  \(list)\(list)\nc: \"\(list)\(list)\"\n").isEmpty)
        let blanks = String(repeating: " ", count: 60)
        let behind =
            "readers easily miss text after 61 blanks; move it to the left"
        #expect(warnings("a: [x,\(blanks)y]\n") == ["1:67: \(behind)"])
        #expect(warnings("a: [x,\(blanks.replacing(" ", with: "\t"))y]\n") == ["1:67: \(behind)"])
        #expect(warnings("a:\(blanks)y\n") == ["1:63: \(behind)"])
        #expect(warnings("a:\n\(blanks)\(blanks)- y: z\n").isEmpty)
        #expect(warnings("a: x\(blanks)# y\n").isEmpty)
    }
}

@Suite("YAML: JSON escapes")
struct SurrogateTests {
    @Test("A surrogate pair in double quotes is its character, and shifts no place")
    func pairs() throws {
        #expect(outline(reading(#"["\ud83d\ude00", "\uD83D\uDE00\ud83d\ude00x"]"#).root) == #"["😀", "😀😀x"]"#)
        #expect(outline(reading(#"{"a": "\\ud83d\\ude00\n\ud83d\ude00"}"#).root) == "{\"a\": \"\\ud83d\\ude00\n😀\"}")
        let root = try #require(
            reading("{\"é\": \"\\ud83d\\ude00\", \"b\": [1, \"\\ud83d\\ude00\\ud83d\\ude00\", 2]}").root)
        #expect(root["b"]?.column == 28)
        #expect(root["b"]?.items.map(\.column) == [29, 32, 60])
        #expect(problems(#"{"a": "\ud83d\ude00", "a": 1}"#).first?.hasPrefix("1:23: the key `a`") == true)
    }

    @Test("Outside double quotes, a backslash is a backslash")
    func elsewhere() {
        let half = #"\ud83d\ude00"#
        #expect(
            outline(reading("a: \(half)\nb: '\(half)' # \(half)\nc: \"\(half)\"\nd: |\n  \(half)\n").root)
                == "{a: \(half), b: \"\(half)\", c: \"😀\", d: \"\(half)\n\"}")
    }

    @Test(
        "Half a surrogate pair is refused at its start, with what to write instead",
        arguments: [
            (#"a: "x\ud83d""#, "1:6"), (#"a: "\ude00\ud83d""#, "1:5"), (#"a: "\ud83d x \ude00""#, "1:5"),
            (#"a: "\ud83d\ude00\ud83d""#, "1:17"), (#"a: "\ud83d\\ude00""#, "1:5"),
        ])
    func halves(text: String, position: String) {
        let found = problems(text)
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix(
                "\(position): invalid YAML: this escape is only half of a character, or no character; write the"
                    + #" character itself, or its whole number, as in "\U0001F600""#) == true, "\(found)")
    }

    @Test(
        "Other common escapes are read, or the error names the right one",
        arguments: [
            (#"a: "\/""#, nil), (#"a: "\u{1F600}""#, "four and \\U eight"), (#"a: "it\'s""#, "double it, or use"),
        ]
            as [(String, String?)])
    func otherEscapes(text: String, hint: String?) {
        #expect(problems(text).first?.contains(hint ?? "") == (hint == nil ? nil : true))
    }
}

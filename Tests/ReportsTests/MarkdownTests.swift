import Reports
import Stage
import Testing

private let markdownExamples: [(text: String, markdown: String)] = [
    ("", ""),
    ("Choir", "Choir"),
    ("Year 6 parents, St Mary's", "Year 6 parents, St Mary's"),
    ("合唱団 👩‍👩‍👧", "合唱団 👩‍👩‍👧"),
    ("@amina", #"\@<!-- -->amina"#),
    ("@org/team", #"\@<!-- -->org\/<!-- -->team"#),
    ("#1", ##"\#<!-- -->1"##),
    ("GH-1", #"GH\-<!-- -->1"#),
    ("!1", #"\!<!-- -->1"#),
    ("a/b#1", ##"a\/<!-- -->b\#<!-- -->1"##),
    ("deadbeefcafe0", "deadbe<!-- -->efcafe<!-- -->0"),
    ("http://x.org", #"http\:<!-- -->\/<!-- -->\/<!-- -->x\.<!-- -->org"#),
    ("www.x.org", #"www\.<!-- -->x\.<!-- -->org"#),
    ("a@x.org", #"a\@<!-- -->x\.<!-- -->org"#),
    ("[a](b)", #"\[<!-- -->a\](b\)"#),
    ("![a](b)", #"\!<!-- -->\[<!-- -->a\](b\)"#),
    ("<b>", "&lt;b&gt;"),
    ("</details>", #"&lt;\/<!-- -->details&gt;"#),
    ("&lt;", "&amp;<!-- -->lt;"),
    ("a | b", "a &#124; b"),
    (#"\|"#, "&#92;&#124;"),
    ("a\nb", #"a&#92;u\{<!-- -->A\}b"#),
    ("\u{202E}x", #"&#92;u\{<!-- -->202E\}x"#),
    ("*a* _b_ `c` ~~d~~", #"\*a\* \_b\_ \`c\` \~<!-- -->\~<!-- -->d\~<!-- -->\~"#),
    ("# a", ##"\# a"##),
    ("- a", #"\- a"#),
    ("1. a", #"1\. a"#),
    ("2) a", #"2\) a"#),
    ("> a", "&gt; a"),
    ("===", #"\=\=\="#),
    ("$x$", "<span>&#36;</span>x<span>&#36;</span>"),
    (":+1:", #"\:<!-- -->\+1\:"#),
    ("/close", #"\/<!-- -->close"#),
    ("    code ", "&#32;   code&#32;"),
    ("\u{A0}a\u{2003}", "&#160;a&#8195;"),
]

@Suite("Untrusted text in Markdown") struct MarkdownTests {
    @Test("Platforms show untrusted text in Markdown, and act on nothing in it", arguments: markdownExamples)
    func examples(text: String, markdown: String) throws {
        #expect(text.escapedForMarkdown == markdown)
        #expect(try MarkdownReader(markdown).text == text.escapedForTerminal)
    }

    /// Texts that a platform turns into a link, mention or emoji after rendering, within one run of text.
    private static let live = [
        "[@#!$%~^&][A-Za-z0-9_\"]", "[A-Za-z]-[0-9]", "[0-9a-fA-F]{7}", "[a-z]+:/", "www\\.[^ ]", "[^ ]@[^ ]",
        ":[A-Za-z0-9_+-]+:", "[\\[{][+-]", "\\[\\[", "\\[[A-Za-z_]", "\\$.*\\$",
    ].joined(separator: "|")

    private static let pieces =
        (0x20...0x7E).compactMap { Unicode.Scalar(UInt32($0)).map(String.init) } + [
            "\n", "\r\n", "\t", "\u{0}", "\u{1B}", "\u{85}", "\u{2028}", "\u{202E}", "\u{2066}", "\u{200B}", "\u{FEFF}",
            "\u{301}", "é", "字", "http://", "www.", "@a", "#1", "GH-", "<!--", "-->", "<details>", "</td>", "&amp;",
            "&#64;", "```", "~~", "**", "[x](y)", "|", "\\", "$$", ":tada:", "abcdef0", "mailto:", "    ",
        ]

    @Test("Any untrusted text reads unchanged on one line of Markdown, without links", arguments: UInt64(0)..<20)
    func anyText(number: UInt64) throws {
        let live = try Regex(Self.live)
        var generator = SeededGenerator(seed: number)
        for _ in 0..<200 {
            let count = Int.random(in: 0...12, using: &generator)
            let text = (0..<count).compactMap { _ in Self.pieces.randomElement(using: &generator) }.joined()
            let markdown = text.escapedForMarkdown
            let reader = try MarkdownReader(markdown)
            #expect(reader.text == text.escapedForTerminal)
            #expect(!markdown.unicodeScalars.contains { $0.properties.generalCategory == .control })
            #expect(!markdown.hasPrefix("<!--") && !markdown.hasPrefix(" ") && !markdown.hasSuffix(" "))
            #expect(!reader.runs.contains { $0.contains(live) }, "\(text.debugDescription): \(markdown)")
        }
    }

    @Test("Escaped text stays the same next to any character")
    func pairs() throws {
        let live = try Regex(Self.live)
        for first in Self.pieces {
            for second in Self.pieces {
                let text = first + second + "a1"
                let reader = try MarkdownReader(text.escapedForMarkdown)
                #expect(reader.text == text.escapedForTerminal)
                #expect(!reader.runs.contains { $0.contains(live) }, "\(text.debugDescription)")
            }
        }
    }
}

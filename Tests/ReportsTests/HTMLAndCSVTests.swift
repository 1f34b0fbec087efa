import Reports
import Testing

private let htmlExamples: [(text: String, html: String)] = [
    ("", ""),
    ("Choir 合唱団", "Choir 合唱団"),
    ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("\" onload=\"x", "&quot; onload=&quot;x"),
    ("' onload='x", "&#39; onload=&#39;x"),
    ("`x`", "&#96;x&#96;"),
    ("&lt;", "&amp;lt;"),
    ("&", "&amp;"),
    ("]]>", "]]&gt;"),
    ("a\r\nb", #"a\u{D}\u{A}b"#),
    ("\u{0}\u{202E}x", #"\u{0}\u{202E}x"#),
    ("<\u{301}", "&lt;\u{301}"),
]

@Suite("Untrusted text in HTML") struct HTMLTests {
    @Test("Untrusted text ends no tag, attribute or line in HTML", arguments: htmlExamples)
    func examples(text: String, html: String) { #expect(text.escapedForHTML == html) }
}

private let csvExamples: [(text: String, cell: String)] = [
    ("", ""),
    ("Choir", "Choir"),
    ("a,b", "\"a,b\""),
    ("a;b", "\"a;b\""),
    ("a\tb", "\"a\tb\""),
    ("a\r\nb", "\"a\r\nb\""),
    ("say \"x\"", "\"say \"\"x\"\"\""),
    (" a", "\" a\""),
    ("a ", "\"a \""),
    ("=1+1", "'=1+1"),
    ("+6281234567890", "'+6281234567890"),
    ("-1", "'-1"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\tx", "\"'\tx\""),
    ("\rx", "\"'\rx\""),
    ("\r\nx", "\"'\r\nx\""),
    ("  =1", "'  =1"),
    ("\u{A0}=1", "'\u{A0}=1"),
    ("\u{FF1D}1", "'\u{FF1D}1"),
    ("=\u{301}1", "'=\u{301}1"),
    ("=1,\"x\"", "\"'=1,\"\"x\"\"\""),
    ("'=1", "''=1"),
    ("'tis", "'tis"),
    ("'", "'"),
    ("a=1", "a=1"),
]

@Suite("Untrusted text in CSV") struct CSVTests {
    @Test("Untrusted text is one cell that no spreadsheet reads as a formula", arguments: csvExamples)
    func examples(text: String, cell: String) { #expect(text.escapedForCSV == cell) }

    private static let pieces = [
        "'", "=", "+", "-", "@", "\t", "\r", "\n", " ", "\"", ",", ";", "a", "\u{FF0B}", "\u{301}",
    ]

    /// Returns a cell's content by RFC 4180.
    private static func content(of cell: String) -> String {
        let scalars = Array(cell.unicodeScalars)
        guard scalars.first == "\"" else { return cell }
        var text = String.UnicodeScalarView()
        var isSecond = false
        for scalar in scalars.dropFirst().dropLast() {
            isSecond = scalar == "\"" && !isSecond
            if !isSecond { text.append(scalar) }
        }
        return String(text)
    }

    /// Returns whether the text after the apostrophes would be a formula.
    private static func isFormula(_ content: String) -> Bool {
        let rest = content.unicodeScalars.drop { $0 == "'" }
        let first = rest.first { !$0.properties.isWhitespace }
        return rest.first.map { "\t\r\n".unicodeScalars.contains($0) } ?? false
            || first.map { "=+-@\u{FF0B}".unicodeScalars.contains($0) } ?? false
    }

    @Test("Any untrusted text is read back unchanged from CSV")
    func readBack() {
        let pairs = Self.pieces.flatMap { first in Self.pieces.map { first + $0 } }
        for text in pairs.flatMap({ pair in Self.pieces.map { pair + $0 } }) + pairs + Self.pieces {
            let content = Self.content(of: text.escapedForCSV)
            let hasMark = content.unicodeScalars.first == "'" && Self.isFormula(content)
            #expect(content.unicodeScalars.dropFirst(hasMark ? 1 : 0).elementsEqual(text.unicodeScalars))
            let first = content.unicodeScalars.first { !$0.properties.isWhitespace }
            #expect(first.map { !"=+-@\u{FF0B}".unicodeScalars.contains($0) } ?? true)
            #expect(content.unicodeScalars.first.map { !"\t\r\n".unicodeScalars.contains($0) } ?? true)
        }
    }
}

import Reports
import Testing

private let terminalExamples: [(text: String, shown: String)] = [
    ("", ""),
    ("Choir 合唱団 👩‍👩‍👧", "Choir 合唱団 👩‍👩‍👧"),
    ("a\r\nb\u{1B}[31m", #"a\u{D}\u{A}b\u{1B}[31m"#),
    ("\u{202E}x\u{2028}", #"\u{202E}x\u{2028}"#),
    ("::error::x", #"\u{3A}:error::x"#),
    ("  \u{A0}\u{3000}::error::x", "  \u{A0}\u{3000}\\u{3A}:error::x"),
    ("\u{200D}:\u{FE0F}:error::x", "\u{200D}\\u{3A}\u{FE0F}:error::x"),
    (":::", #"\u{3A}::"#),
    ("\r::error::x", #"\u{D}::error::x"#),
    ("a ::error::x", "a ::error::x"),
    (":-)", ":-)"),
    (": :", ": :"),
    ("##[error]x", #"\u{23}#[error]x"#),
    ("x ##vso[task.complete]", #"x \u{23}#vso[task.complete]"#),
    ("#\u{200D}#[error]x", "\\u{23}\u{200D}#[error]x"),
    ("###", #"\u{23}\u{23}#"#),
    ("#1 # 2", "#1 # 2"),
]

@Suite("Untrusted text on a terminal and in a pipeline") struct TerminalTextTests {
    // By number, because the pipeline that runs the tests reads the names of their arguments.
    @Test(
        "Untrusted text stays on its line, shows completely and starts no command", arguments: terminalExamples.indices)
    func examples(number: Int) {
        let (text, shown) = terminalExamples[number]
        #expect(text.escapedForTerminal == shown)
        #expect(shown.escapedForTerminal == shown)
    }

    @Test("In JSON, untrusted text stays the same and contains no start of a command")
    func json() {
        let texts = ["##[error]x", "#\u{200D}#[error]", "# 1", "::error::x"]
        let json = JSONText.list(texts.map { .string($0) })
        #expect(json.line() == "[\"\\u0023#[error]x\",\"\\u0023\u{200D}#[error]\",\"# 1\",\"::error::x\"]")
        #expect(json.rendered().split(separator: "\n").allSatisfy { !$0.contains("##") && !$0.hasPrefix("::") })
    }
}

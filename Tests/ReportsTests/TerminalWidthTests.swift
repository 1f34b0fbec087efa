import Core
import RunLedger
import Testing

@testable import Reports

private let widthExamples: [(text: String, width: Int)] = [
    ("", 0), ("Choir", 5), ("Müller", 6), ("Mu\u{308}ller", 6), ("合唱団", 6), ("한국", 4), ("ｶﾅ", 2), ("ＡＢ", 4),
    ("นักเรียน", 6), ("🎺", 2), ("🇮🇩", 2), ("❤", 1), ("❤\u{FE0F}", 2), ("👩‍👩‍👧", 6), ("a\u{200D}b", 2), ("→ …", 3),
]

@Suite("Terminal width") struct TerminalWidthTests {
    @Test("East Asian letters and emoji take two columns, and combining marks none", arguments: widthExamples)
    func widths(text: String, width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test("A text is shortened to fit, between characters") func shortening() {
        #expect("Choir".shortened(toWidth: 5) == "Choir")
        #expect("Choirs".shortened(toWidth: 5) == "Choi…")
        #expect("合唱団".shortened(toWidth: 5) == "合唱…")
        #expect("合唱団".shortened(toWidth: 4) == "合…")
        #expect("Mu\u{308}ller".shortened(toWidth: 3) == "Mu\u{308}…")
        #expect("Choir".shortened(toWidth: 1) == "…")
        #expect("Choir".shortened(toWidth: 0) == "")
    }

    @Test("Prose wraps between words, and loses none", arguments: 1...90)
    func wrapping(width: Int) {
        let text = "  x error    the gateway at http://127.0.0.1:38985/v1 合唱団 合唱団 never answered, so nobody is added"
        let lines = text.wrapped(toWidth: width, hanging: 6).split(separator: "\n").map(String.init)
        #expect(lines.flatMap { $0.split(separator: " ") } == text.split(separator: " "))
        for (index, line) in lines.enumerated() where line.displayWidth > width {
            #expect(line.split(separator: " ").count == 1, "\(line) could have been wrapped")
            #expect(index == 0 || line.hasPrefix("      "))
        }
    }

    private func table(_ width: Int?) -> [String] {
        var table = TextTable(indent: 2, width: width)
        table.add(["+ add", "+447700900106", "dev", "policies/school.yaml:16:32  (helps on the next trip)"])
        table.add(["~ held", "+447700900100", "", "self: the session's own account is never removed or demoted"])
        table.add(["", "", "", "→ leave it"])
        return table.lines().map { "  " + $0.joined() }
    }

    @Test("A table's last column wraps into aligned lines") func besideTheOthers() {
        #expect(
            table(72) == [
                """
                  + add   +447700900106  dev  policies/school.yaml:16:32  (helps on the
                                              next trip)
                """,
                """
                  ~ held  +447700900100       self: the session's own account is never
                                              removed or demoted
                """,
                "                              → leave it",
            ])
    }

    @Test("If the last column has too little room, it moves below the others") func belowTheOthers() {
        #expect(
            table(50) == [
                """
                  + add   +447700900106  dev
                      policies/school.yaml:16:32  (helps on the
                      next trip)
                """,
                """
                  ~ held  +447700900100
                      self: the session's own account is never
                      removed or demoted
                """,
                "      → leave it",
            ])
    }

    @Test("A table is never wider than the terminal, from 40 columns up", arguments: 40...140)
    func narrow(width: Int) {
        for line in table(width).flatMap({ $0.split(separator: "\n") }) {
            #expect(String(line).displayWidth <= width)
        }
    }

    @Test("In a file or a pipe a table has its full width") func pipe() {
        #expect(
            table(nil) == [
                "  + add   +447700900106  dev  policies/school.yaml:16:32  (helps on the next trip)",
                "  ~ held  +447700900100       self: the session's own account is never removed or demoted",
                "                              → leave it",
            ])
    }

    @Test("On a terminal, columns align whatever text they contain") func wideLetters() {
        var table = TextTable(width: 80)
        table.add(["合唱団", "x"])
        table.add(["Choir", "y"])
        #expect(table.lines().map { $0.joined() } == ["合唱団  x", "Choir   y"])
    }

    @Test("A name gets its own line if the rest does not fit beside it") func headings() {
        let details = "120363025000000001@g.us  8 members"
        #expect(
            Painter(usesColor: false, width: 60).heading("Larkhill staff", details) == "Larkhill staff  \(details)")
        #expect(
            Painter(usesColor: false, width: 40).heading("Larkhill staff", details) == "Larkhill staff\n    \(details)")
        #expect(Painter(usesColor: false).heading("Larkhill staff", details) == "Larkhill staff  \(details)")
    }

    @Test("The list of runs uses two lines a run if its table does not fit") func runs() throws {
        let start = SampleReport.noon(1)
        let run = RunRecord(
            id: RunID(at: start, randomness: (1, 0)), command: "apply", startedAt: start, finishedAt: nil,
            status: .incomplete, exitCode: 3, policyDigest: "sha256:00", version: "1.2.3", host: "machine",
            tally: RunTally(changes: ActionCounts(adds: 2), holds: 1))
        let wide = RunText(painter: Painter(usesColor: false, width: 140)).list([run])
        #expect(wide == RunText(painter: Painter(usesColor: false)).list([run]))
        #expect(wide.hasPrefix("RUN "))
        #expect(
            RunText(painter: Painter(usesColor: false, width: 60)).list([run]) == """
                \(run.id.text)  \(start.iso8601)  apply
                    incomplete (exit code 3), 2 add, 1 blocked or kept

                """)
    }
}

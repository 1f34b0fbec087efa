import Core
import Goldens
import RunLedger
import Testing

@testable import Reports

@Suite("The report page") struct LedgerPageTests {
    private func page(
        _ report: LedgerReport, numbers: NumberDisplay = .masked
    ) -> String {
        LedgerPage(report, numbers: numbers, madeAt: SampleReport.noon(4), version: "1.2.3").render()
    }

    @Test("The report page shows runs, groups, people and blocked changes") func golden() throws {
        let text = page(try SampleReport().report()).unstyled
        #expect(GoldenFolder().complaint(about: text, as: "page") == nil)
    }

    @Test("The report page says so if there is no run yet") func empty() throws {
        let text = page(LedgerReport()).unstyled
        #expect(GoldenFolder().complaint(about: text, as: "page-empty") == nil)
    }

    @Test(
        "Untrusted text does not change the structure of the report page",
        arguments: [
            "<script>alert(1)</script>", "\"\u{301} onload=alert(1) x=\"", "' onload='x", "</style><b>", "]]> --> <!--",
            "{{style}} {{{style}}} {{#runs}}", "&lt;b&gt;", "\u{202E}\u{0}\r\n", "` `` `",
        ])
    func hostileText(text: String) throws {
        let plain = page(try SampleReport().report())
        let hostile = page(try SampleReport(text: text).report())
        for mark in ["<", ">", "\"", "\n"] {
            func count(_ page: String) -> Int { page.unicodeScalars.count { String($0) == mark } }
            // Only code in a message can be added by a text.
            let code = mark == "<" || mark == ">" ? 2 * (codes(hostile) - codes(plain)) : 0
            #expect(count(hostile) == count(plain) + code, "\(mark)")
        }
        #expect(!hostile.unicodeScalars.contains("\u{202E}"))
    }

    private func codes(_ page: String) -> Int { page.ranges(of: "<code>").count }

    @Test("The report page loads and runs nothing, and allows only its own style sheet") func selfContained() throws {
        let text = page(try SampleReport().report())
        for part in [
            "http:", "https:", "<script", "<iframe", "<object", " style=", " src=", "url(", "@import", "javascript:",
        ] {
            #expect(!text.contains(part), "\(part)")
        }
        #expect(text.contains("default-src 'none'; style-src 'sha256-"))
        #expect(text.ranges(of: "<style>").count == 1)
    }

    @Test("The report page shows people's numbers only if asked") func numbers() throws {
        let report = try SampleReport(text: "call 6281234567899").report()
        let masked = page(report)
        #expect(!masked.contains("28123456789"))
        #expect(!masked.contains("3456-7897"))
        #expect(masked.contains("+62 812-•••-7892") && masked.contains("+62 812-•••-7894"))
        let full = page(report, numbers: .full)
        #expect(full.contains("+6281234567892"))
        #expect(full.contains("+62 812-3456-7897"))
        #expect(full.contains("call 6281234567899"))
    }

    @Test("The report page says how much a long list leaves out") func bounds() throws {
        var report = try SampleReport().report()
        let absence = try #require(report.absences.first)
        report.absences = (0..<305).map { number in
            var other = absence
            other.tries = number
            return other
        }
        let text = page(report)
        #expect(text.contains("305 people could not be added"))
        #expect(text.contains("And 5 more, who have waited less."))
        #expect(text.contains("The ledger has 12 runs; this report covers only the latest 3"))
        #expect(text.contains("And 1 change more: rollcall show \(report.runs[0].record.id)"))
    }

    @Test("The report page shows groups that fail every night, and unconfirmed changes, only if there are any")
    func attention()
        throws
    {
        var report = try SampleReport().report()
        let text = page(report)
        #expect(text.contains("In 2 groups, changes fail every night without a reason."))
        #expect(text.contains("4 changes in 2 groups, the oldest sent on 1 Nov 2026."))
        #expect(text.contains("And 2 changes more, sent later."))
        report.failing = []
        report.unseen = UnseenChanges()
        let quiet = page(report)
        for word in ["failing", "unseen"] {
            #expect(text.contains("href=\"#\(word)\"") && text.contains("id=\"\(word)\""))
            #expect(!quiet.contains("href=\"#\(word)\"") && !quiet.contains("id=\"\(word)\""))
        }
    }

    @Test("The report page distinguishes groups with the same name") func namesakes() throws {
        var report = try SampleReport().report()
        report.groups[1].name = report.groups[0].name
        #expect(page(report).contains("Larkhill (120363000000000001@g.us)"))
    }
}

@Suite("Masked numbers on a page") struct NumberDisplayTests {
    @Test(
        "A masked number shows country, beginning and end, and hides at least three digits",
        arguments: [
            (6_281_234_567_890, "+62 812-•••-7890"), (12_025_550_123, "+1 202-•••-0123"),
            (447_700_900_106, "+44 770-•••-0106"), (79_161_234_567, "+7 916-•••-4567"),
            (3_725_123_456, "+372 •••-3456"), (35_312_345, "+353 •••-45"), (1_000_000, "+1 •••-000"),
            (999_999_999_999_999, "+999 999-•••-9999"),
        ] as [(UInt64, String)])
    func masked(digits: UInt64, text: String) throws {
        let phone = try #require(PhoneNumber(digits: digits))
        #expect(NumberDisplay.masked.text(phone) == text)
        #expect(NumberDisplay.full.text(phone) == "+\(digits)")
    }

    @Test(
        "Numbers in texts are masked, and nothing else is",
        arguments: [
            ("", ""), ("Class 4b", "Class 4b"), ("+", "+"), ("1+1", "1+1"),
            ("call +62 812-3456-7890 now", "call +•••7890 now"),
            ("+6281234567890", "+•••7890"), ("6281234567890-1700000000@g.us", "•••7890-•••0000@g.us"),
            ("120363041234567890@g.us", "120363041234567890@g.us"),
            ("on 2026-11-24 at 12:00", "on 2026-11-24 at 12:00"),
            ("5551234", "•••34"), ("123456", "123456"), ("(+44 20) 7946-0018.", "(+•••0018."), ("+1 of 3", "+1 of 3"),
            ("++6281234567890", "++•••7890"), ("Trip +44 7700 900144 2024", "Trip +•••2024"),
            ("+447700900111 +44 7700 900112 00447700900113 447700900114", "+•••0111 +•••0114"),
            ("a 00447700900113 447700900114", "a •••0113 •••0114"), ("0044 7700 900136", "•••0136"),
            ("+44\u{A0}7700\u{A0}900134", "+•••0134"), ("+44\u{2011}7700\u{2011}900135", "+•••0135"),
            ("+44_7700_900148", "+•••0148"), ("+44·7700·900111", "+•••0111"), ("+44\t7700\n900111", "+•••0111"),
            ("٤٤٧٧٠٠٩٠٠١١١", "•••٠١١١"), ("07700 900115", "•••0115"), ("4477 0090 0146", "•••0146"),
            ("1.415.555.2673", "•••2673"), ("06 12 34 56 78", "•••5678"), ("tel:0612345678", "tel:•••5678"),
            ("Class of 2026/2027", "Class of 2026/2027"), ("24.11.2026 - 25.11.2026", "24.11.2026 - 25.11.2026"),
            ("2026-11-24 3 of 7", "2026-11-24 3 of 7"), ("192.168.100.20:8080", "192.168.100.20:8080"),
            ("policies/a.yaml:12:20", "policies/a.yaml:12:20"), ("1,024 members", "1,024 members"),
        ])
    func texts(text: String, shown: String) {
        #expect(NumberDisplay.masked.text(in: text) == shown)
        #expect(NumberDisplay.full.text(in: text) == text)
    }
}

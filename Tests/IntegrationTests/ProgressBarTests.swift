import Core
import Reconciliation
import Reports
import Testing

@testable import Commands

private let lines: [(width: Int, text: String)] = [
    (
        110,
        "Sending calls 12/40 [======>              ]  30%  12 min left, until about 20:05 UTC  Year 6 parents"
    ),
    (80, "Sending calls 12/40 [====>          ]  30%  12 min, 20:05 UTC  Year 6 parents"),
    (60, "Sending calls 12/40 [===>       ]  30%  12 min, 20:05 UTC"),
    (50, "Sending calls 12/40  30%  12 min, 20:05 UTC"),
    (36, "12/40  30%  12 min, 20:05 UTC"),
    (28, "Sending calls 12/40  30%"),
    (20, "Sending calls 12/40"),
    (12, "12/40  30%"),
]

private let names = [
    "Choir", "合唱団の保護者の皆様のための連絡用グループです", "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧",
    "❤\u{FE0F}❤\u{FE0F}❤\u{FE0F}❤\u{FE0F}❤\u{FE0F}❤\u{FE0F}❤\u{FE0F}", "\u{1B}[2J\r\n\u{202E}::error::x",
    String(repeating: "e\u{301}", count: 200), "Z" + String(repeating: "\u{300}", count: 300), "", " ",
]

@Suite("The progress bar") struct ProgressBarTests {
    /// Five past eight in the evening.
    private let end = Timestamp(milliseconds: 1_795_435_200_000 + 29_100_000)

    private func bar(
        _ done: Int, of total: Int, left: Int64? = 720, group: String? = "Year 6 parents", width: Int
    ) -> String {
        let now = end.advanced(byMilliseconds: -(left ?? 0) * 1_000)
        let progress = Progress.applying(done: done, of: total, endsAt: left.map { _ in end }, group: group)
        return ProgressBar(progress, at: now).text(width: width)
    }

    @Test("The bar omits parts that do not fit", arguments: lines) func widths(width: Int, text: String) {
        #expect(bar(12, of: 40, width: width) == text)
    }

    // By number, because the pipeline that runs the tests reads the names of their arguments.
    @Test("The bar is one line that leaves the last column free, with any group name", arguments: names.indices)
    func hostile(number: Int) {
        let name = names[number]
        for width in 1...200 {
            for (done, total) in [(0, 7), (3, 7), (7, 7), (1_234, 5_678)] {
                let text = bar(done, of: total, group: name, width: width)
                #expect(text.displayWidth < width)
                #expect(text.escapedForTerminal == text)
                #expect(width < 20 || text.contains("\(done)/\(total)"))
            }
        }
    }

    @Test("The bar is full, and says 100%, only when nothing is left") func full() {
        #expect(bar(999, of: 1_000, left: nil, group: nil, width: 60).hasSuffix("[==========>]  99%"))
        #expect(bar(1_000, of: 1_000, left: nil, group: nil, width: 60).hasSuffix("[===========] 100%"))
        #expect(bar(0, of: 1_000, left: nil, group: nil, width: 60).hasSuffix("[>          ]   0%"))
    }

    @Test("The bar stays the same while the text after it changes") func steadiness() {
        let texts = [(9, "Choir"), (720, "Year 6 parents of the whole school"), (40_000, "合唱団")].map { left, group in
            bar(12, of: 40, left: left, group: group, width: 100).prefix { $0 != "]" }
        }
        #expect(Set(texts).count == 1)
    }

    @Test(
        "The bar shows the remaining time, rounded up",
        arguments: [
            (0, "0 s"), (1, "1 s"), (59, "59 s"), (60, "1 min"), (61, "2 min"), (3_600, "1 h 0 min"),
            (9_000, "2 h 30 min"),
        ])
    func timeLeft(seconds: Int64, text: String) {
        #expect(bar(1, of: 2, left: seconds, group: nil, width: 60).contains("50%  \(text), 20:05 UTC"))
        // The end may be past if calls take longer than expected.
        #expect(bar(1, of: 2, left: -seconds, group: nil, width: 60).contains("50%  0 s, 20:05 UTC"))
    }

    @Test("The bar also shows the reading of groups") func reading() {
        let text = ProgressBar(.reading(done: 1, of: 4), at: end).text(width: 60)
        #expect(text == "Reading groups 1/4 [==>        ]  25%")
    }
}

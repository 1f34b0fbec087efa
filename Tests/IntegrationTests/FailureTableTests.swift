import GatewayAPI
import Goldens
import Testing

@Suite("The table of failures") struct FailureTableTests {
    @Test("docs/reliability.md shows the table that the program runs on")
    func documented() {
        var text =
            "| failure | what | read sent again | change sent again | effect of a change | stops if a change fails "
            + "| stops after several in a row |\n"
        text += "| --- | --- | --- | --- | --- | --- | --- |\n"
        for kind in FailureKind.allCases {
            let change =
                !kind.isTransient
                ? "no" : kind.effectIsUnknown ? "once, after a look at the member list" : "up to 3 times"
            let stopped = kind == .notFound ? "group; for a promotion or demotion: change" : kind.reach.rawValue
            text +=
                "| `\(kind.rawValue)` | \(kind.examples) | \(kind.isTransient ? "up to 3 times" : "no") | \(change) | "
            text += "\(kind.effectIsUnknown ? "unknown" : "none") | \(stopped) | \(kind.repeated) |\n"
        }
        let section = GoldenSection(
            file: "\(Program.sources)/docs/reliability.md", marker: "## What a failure means\n", end: "\nThe pauses")
        #expect(section.complaint(about: text) == nil)
    }

    @Test("Every status has one meaning, and no failure that reaches beyond a group leaves its effect open")
    func consistent() {
        for status in [300, 302, 307] { #expect(FailureKind(status: status) == .unexpectedStatus) }
        for status in 400...499 { #expect(!FailureKind(status: status).effectIsUnknown || status == 408) }
        for status in 500...599 { #expect(FailureKind(status: status).effectIsUnknown == (status != 501)) }
        for kind in FailureKind.allCases where kind.wasNotProcessed { #expect(!kind.effectIsUnknown) }
    }
}

extension FailureKind {
    /// The statuses and faults that have this meaning, found by asking the program.
    fileprivate var examples: String {
        switch self {
        case .unreachable: "no connection: nothing was sent"
        case .noAnswer: "no answer in time, or the connection broke"
        case .brokenAnswer: "the answer is too large or not HTTP"
        case .unreadable: "the answer breaks the contract"
        case .cancelled: "the run stopped"
        case .refused: "any other 4xx"
        case .gatewayTrouble: "any other 5xx"
        case .unexpectedStatus: "any other status, such as a redirect"
        default: (300...599).filter { FailureKind(status: $0) == self }.map(String.init).joined(separator: ", ")
        }
    }

    /// What stops after several such failures in a row.
    fileprivate var repeated: String {
        if self == .internalError { return "after 2 changes: group; after 3 groups: session" }
        if reach == .group, mayConcernSession || self == .unreadable { return "after 3 changes: session" }
        return ""
    }
}

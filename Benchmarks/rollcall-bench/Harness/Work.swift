/// A work's name for `--only`, in the order of the table.
enum WorkName: String, CaseIterable {
    case validate
    case plan
    case decode
    case apply
    case ledger
    case start

    /// The work of this name.
    var work: any Work {
        switch self {
        case .validate: ValidateWork()
        case .plan: PlanWork()
        case .decode: DecodeWork()
        case .apply: ApplyWork()
        case .ledger: LedgerWork()
        case .start: StartWork()
        }
    }
}

/// Generates its input, measures it and its yardsticks, and checks the results.
protocol Work: Sendable {
    /// Returns the rows, in the order of the table.
    func measure(with bench: Bench) async throws -> Section
}

/// The rows of one work.
struct Section: Sendable {
    /// The heading of the rows.
    let title: String
    /// The rows.
    let rows: [Row]
}

/// Why something was not measured, in one sentence.
struct Complaint: Error, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }
}

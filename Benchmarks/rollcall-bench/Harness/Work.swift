/// Something to be measured, by the name that `--only` knows it by, in the order of the table.
enum WorkName: String, CaseIterable {
    case validate
    case plan
    case decode
    case apply
    case ledger
    case start

    /// What measures it.
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

/// Generates its work, measures it and its yardsticks, and checks that what was measured has happened.
protocol Work: Sendable {
    /// The rows, in the order of the table.
    func measure(with bench: Bench) async throws -> Section
}

/// The rows of one work.
struct Section: Sendable {
    /// What they have in common.
    let title: String
    /// The rows.
    let rows: [Row]
}

/// Why something was not measured, in one sentence.
struct Complaint: Error, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }
}

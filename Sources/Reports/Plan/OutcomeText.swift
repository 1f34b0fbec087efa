import Core
package import Reconciliation
import RunLedger

/// The result of an apply as text: everything that needs a look, then a summary.
package struct OutcomeText: Sendable {
    private let painter: Painter

    /// Creates the text for a painter.
    package init(painter: Painter) { self.painter = painter }

    /// Everything that needs a look, then the summary, with a final line break.
    package func render(_ outcome: RunOutcome) -> String {
        var lines: [String] = []
        for group in outcome.groups {
            let troubled = zip(group.plan.actions, group.actions).filter(\.1.needsALook)
            guard group.error != nil || !troubled.isEmpty else { continue }
            let name = (group.plan.name ?? "(no name)").escapedForTerminal
            lines.append(painter.heading(name, "\(group.plan.key.group)  \(group.status.word)"))
            // A row may have the same error.
            if let error = group.error, !troubled.contains(where: { $0.1.error == error }) {
                lines.append(painter.note("  x \(group.status == .stale ? "stale" : "error")    ", error, .removed))
            }
            lines += rows(troubled)
        }
        if !lines.isEmpty { lines.append("") }
        lines.append(painter.paint(painter.line(summaryLine(of: outcome)), .strong))
        return lines.joined(separator: "\n") + "\n"
    }

    private func rows(_ troubled: [(PlannedAction, ActionOutcome)]) -> [String] {
        var table = TextTable(firstWidth: "^ promote".count, indent: 2, width: painter.width)
        var last: String?
        for (action, result) in troubled {
            // One refusal may end a whole group, so the same error often repeats.
            let error = result.error == last && last != nil ? "as above" : result.error ?? ""
            last = result.error
            table.add([
                "\(action.operation.symbol) \(action.operation.rawValue)", action.number,
                action.person?.escapedForTerminal ?? "", result.status.word, error.escapedForTerminal,
            ])
        }
        return zip(troubled, table.lines()).map { trouble, cells in
            let (action, result) = trouble
            let status = painter.paint(cells[3], result.status == .failed ? .removed : .caution)
            return "  " + painter.paint(cells[0], action.operation.style) + cells[1] + cells[2] + status + cells[4]
        }
    }

    private func summaryLine(of outcome: RunOutcome) -> String {
        let tally = outcome.tally
        let parts = Operation.allCases.compactMap { operation -> String? in
            let count = outcome.count(operation, .confirmed)
            return count > 0 ? "\(count) \(operation.participle)" : nil
        }
        let unseen = Operation.allCases.reduce(0) { $0 + outcome.count($1, .accepted) }
        let hasUnknown = outcome.groups.contains { $0.actions.contains { $0.status == .unknown } }
        var clauses: [String] = []
        if !parts.isEmpty {
            clauses.append("Done: " + parts.joined(separator: ", "))
        } else if unseen == 0 {
            clauses.append(hasUnknown ? "No change is confirmed" : "Nothing was changed")
        }
        if unseen > 0 { clauses.append("\(unseen) change\(unseen == 1 ? "" : "s") sent, not confirmed yet") }
        var text = clauses.joined(separator: "; ") + outcome.groups.map(\.plan).holdClause()
        if tally.errors > 0 { text += "; \(tally.errors) not done\(hasUnknown ? " or with an unknown result" : "")" }
        if let reason = outcome.stopReason { text += "; stopped early: \(reason.message)" }
        switch outcome.stopReason {
        case .interrupted, .deadlinePassed: return text + ". Run `rollcall apply` again."
        case .credentialsRejected: return text + ". Check the token, then run `rollcall apply` again."
        case .ledgerFailed: return text + ". Check the ledger with `rollcall doctor`."
        case nil: return text + "."
        }
    }
}

extension ActionOutcome {
    /// Whether the change failed, was skipped or declined, or is unknown.
    var needsALook: Bool {
        switch status {
        case .declined, .failed, .unknown, .skipped: true
        case .planned, .sending, .accepted, .confirmed: false
        }
    }
}

extension RunOutcome {
    fileprivate func count(_ operation: Operation, _ status: ActionStatus) -> Int {
        groups.reduce(0) { total, group in
            total + zip(group.plan.actions, group.actions).count { $0.operation == operation && $1.status == status }
        }
    }
}

import Membership
package import Reconciliation
import RunLedger

/// How an apply came out, as people read it: what did not go well in full, the rest as a count.
package struct OutcomeText: Sendable {
    private let painter: Painter

    /// Renders for a terminal with or without colours.
    package init(painter: Painter) { self.painter = painter }

    /// The lines on what needs a look, then the summary, with a line break at the end.
    package func render(_ outcome: RunOutcome) -> String {
        var lines: [String] = []
        for group in outcome.groups {
            let troubled = zip(group.plan.actions, group.actions).filter { Self.needsALook($0.1.status) }
            guard group.error != nil || !troubled.isEmpty else { continue }
            let name = (group.plan.name ?? "(no name)").defusedForTerminal
            lines.append(painter.paint(name, .strong) + "  \(group.plan.key.group)  \(group.status.rawValue)")
            if troubled.isEmpty, let error = group.error {
                lines.append("  " + painter.paint("x error  \(error.defusedForTerminal)", .removed))
            }
            var table = TextTable()
            for (action, result) in troubled {
                table.add([
                    "\(action.operation.symbol) \(action.operation.rawValue)", action.phone.e164,
                    action.person?.defusedForTerminal ?? "", result.status.rawValue,
                    (result.error ?? "").defusedForTerminal,
                ])
            }
            lines += table.lines().map { "  " + $0.joined() }
        }
        if !lines.isEmpty { lines.append("") }
        lines.append(painter.paint(summaryLine(of: outcome), .strong))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func needsALook(_ status: ActionStatus) -> Bool {
        switch status {
        case .declined, .failed, .unknown, .skipped: true
        case .planned, .sending, .accepted, .confirmed: false
        }
    }

    private func summaryLine(of outcome: RunOutcome) -> String {
        let tally = outcome.tally
        var parts: [String] = []
        if tally.adds > 0 { parts.append("\(tally.adds) added") }
        if tally.promotes > 0 { parts.append("\(tally.promotes) promoted") }
        if tally.demotes > 0 { parts.append("\(tally.demotes) demoted") }
        if tally.removes > 0 { parts.append("\(tally.removes) removed") }
        var text = parts.isEmpty ? "Nothing was changed" : "Done: " + parts.joined(separator: ", ")
        if tally.holds > 0 { text += "; \(tally.holds) held back" }
        if tally.errors > 0 { text += "; \(tally.errors) not done" }
        if let reason = outcome.stopReason { text += "; stopped early because \(reason.message)" }
        return text + "."
    }
}

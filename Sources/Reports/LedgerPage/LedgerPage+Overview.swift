import Core
import RunLedger

extension LedgerPage {
    /// The key figures.
    var tiles: [PageValues] {
        guard let last = report.runs.last?.record else { return [] }
        let good = report.runs.count { $0.record.status == .succeeded }
        let looked = report.groups.filter { $0.latest != nil }
        let inOrder = looked.count { state(of: $0) == .inOrder }
        let stillWithheld = report.withheld.filter(\.isCurrent)
        let people = stillWithheld.reduce(0) { $0 + $1.people }
        let changes = report.groups.reduce(0) { $0 + $1.changes.total }
        let oldest = report.absences.first.map { "the longest since \($0.since.dayWords)" }
        return [
            .tile(
                "Last run", last.status.word, "\(last.command) on \(last.startedAt.momentWords)",
                mark: last.status == .succeeded ? nil : last.status.mark),
            .tile(
                "Runs that succeeded", "\(good.words) of \(report.runs.count.words)",
                Self.percentage(good, of: report.runs.count)),
            .tile(
                "Groups that match the policy", "\(inOrder.words) of \(looked.count.words)", "when last read"),
            .tile(
                "Could not be added", report.absences.count.words,
                oldest
                    ?? (inOrder == looked.count && report.unseen.count == 0
                        ? "nobody is missing" : "none when last read"),
                mark: report.absences.isEmpty ? nil : RunStatus.incomplete.mark),
            .tile(
                "Blocked now", people.words,
                people == 0
                    ? "no removals or demotions" : "removals or demotions, in \(stillWithheld.count.words("group"))",
                mark: people == 0 ? nil : RunStatus.withheld.mark),
            .tile(
                "Changes made", changes.words, "in \(report.groups.count { $0.changes.total > 0 }.words("group"))"),
        ]
    }

    /// Returns a share in whole percent; only exact values give 0% or 100%.
    static func percentage(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        let percent = Int((Double(part) * 100 / Double(whole)).rounded())
        if part < whole, percent == 100 { return "over 99%" }
        if part > 0, percent == 0 { return "under 1%" }
        return "\(percent)%"
    }

    /// Returns the state of a group when it was last read.
    func state(of group: ReportedGroup) -> GroupCondition {
        guard let look = group.latest else { return .unknown }
        switch look.status {
        case .unchanged: return absentees.contains(group.key) ? .lacking : .inOrder
        // A plan changes nothing, so its changes are still pending.
        case .changed where commands[look.run] == "plan": return .pending
        case .changed: return absentees.contains(group.key) ? .lacking : .inOrder
        case .incomplete: return .incomplete
        case .withheld: return .withheld
        case .failed: return .failed
        case .skipped, .stale: return .pending
        }
    }
}

/// The state of a group, in the words of the page, the most urgent first.
enum GroupCondition: String, CaseIterable {
    /// It could not be read.
    case failed
    /// Some change failed.
    case incomplete
    /// Removals or demotions are blocked.
    case withheld = "blocked"
    /// The policy asks for changes that are not made yet.
    case pending
    /// Nothing to do, but somebody could not be added.
    case lacking = "missing"
    /// No run has read it.
    case unknown
    /// It matches the policy.
    case inOrder = "matches"

    /// The CSS class.
    var mark: String {
        switch self {
        case .inOrder: "succeeded"
        case .pending: "running"
        case .incomplete, .lacking: "incomplete"
        case .withheld: "withheld"
        case .failed: "failed"
        case .unknown: "interrupted"
        }
    }
}

extension RunStatus {
    /// The CSS class.
    var mark: String { rawValue }
}

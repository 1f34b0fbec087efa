package import Core
package import Reconciliation
package import RunLedger

/// A plan as one self-contained HTML page, without scripts.
package struct PlanPage: Sendable {
    let plan: Plan
    let id: RunID
    let numbers: NumberDisplay
    let now: Timestamp
    let version: String
    /// Whether groups need the gateway's name to identify them.
    let hasManyGateways: Bool

    /// Creates the page of a run's plan, made at `now` by a version of the program.
    package init(_ plan: Plan, id: RunID, numbers: NumberDisplay, madeAt now: Timestamp, version: String) {
        self.plan = plan
        self.id = id
        self.numbers = numbers
        self.now = now
        self.version = version
        hasManyGateways = Set(plan.groups.map(\.key.gateway)).count > 1
    }

    /// Returns the page, with a final line break.
    package func render() -> String { PageTemplates.render(parts, with: "plan-page") }

    /// The most rows of all groups together, so a browser can open the page.
    static let maxRows = 20_000

    /// The most rows of one group.
    static let maxRowsOfGroup = 2_000

    private var parts: PageValues {
        let shown = plan.groups.filter(PlanText.isWorthShowing)
        var room = Self.maxRows
        var groups: [PageValues] = []
        for (position, group) in shown.enumerated() {
            guard room > 0 else { break }
            let rows = rows(of: group)
            let listed = rows.prefix(min(room, Self.maxRowsOfGroup))
            room -= listed.count + 1
            groups.append(
                parts(of: group, at: position, rows: Array(listed), leftOut: rows.count - listed.count))
        }
        let left = shown.count - groups.count
        return [
            "frame": PageValues.frame(
                heading: "Rollcall plan", lead: PlanText.summary(of: plan), notes: notes, style: .plan, madeAt: now,
                version: version),
            "tiles": tiles, "groupsIntro": intro(shown: shown.count), "hasGroups": !shown.isEmpty,
            "counts": shown.enumerated().map { counts(of: $1, id: $0 < groups.count ? Self.anchor($0) : nil) },
            "groups": groups, "more": left > 0 ? "And \(left.words("group")) more; rollcall plan shows all." : nil,
        ]
    }

    static func anchor(_ position: Int) -> String { "group-\(position + 1)" }

    private var notes: [String] {
        let digest = plan.policyDigest.dropFirst("sha256:".count).prefix(12)
        var notes = (plan.causeSentences + plan.lossSentences).map { numbers.text(in: $0) }
        notes.append("This is a plan; nothing has been changed yet. rollcall apply makes these changes in this order.")
        notes.append("Plan \(id) of \(now.momentWords) UTC, policy \(digest).")
        if numbers == .masked { notes.append("Phone numbers are masked.") }
        return notes
    }

    private var tiles: [PageValues] {
        let summary = plan.summary
        let withheld = plan.groups.holdCount(where: \.isWithheld)
        let routine = plan.groups.holdCount(where: \.isRoutine)
        let actions = Operation.allCases.map { operation in
            let groups = plan.groups.count { $0.actions.contains { $0.operation == operation } }
            return PageValues.tile(
                "To \(operation.rawValue)", summary.count(operation).words,
                groups == 0 ? "nobody" : "in \(groups.words("group"))")
        }
        return actions + [
            .tile(
                "Blocked", (summary.holds - routine).words,
                withheld > 0
                    ? "\(withheld.words) of them removals or demotions"
                    : "plus \(routine.words("account")) always kept",
                mark: withheld > 0 ? "withheld" : nil),
            .tile(
                "Could not be planned", (summary.errors + summary.stale).words, "of \(summary.groups.words("group"))",
                mark: summary.errors > 0 ? "failed" : summary.stale > 0 ? "incomplete" : nil),
        ]
    }

    private func intro(shown: Int) -> String {
        let rest = plan.groups.count - shown
        if shown == 0 { return plan.groups.isEmpty ? "There are no groups." : "Every group matches its policy." }
        if rest == 0 { return "Click a group for details." }
        return rest == 1
            ? "1 more group matches its policy and is not listed."
            : "\(rest.words) more groups match their policies and are not listed."
    }
}

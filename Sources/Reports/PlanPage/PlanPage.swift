package import Membership
package import Reconciliation
package import RunLedger

/// A plan as one HTML page that needs nothing else: no script, no file beside it, nothing from the network.
package struct PlanPage: Sendable {
    let plan: Plan
    let id: RunID
    let numbers: NumberDisplay
    let now: Timestamp
    let version: String
    /// Whether it takes the gateway's name to tell where a group is.
    let hasManyGateways: Bool

    /// Prepares the page of a plan that a run of a version of the program makes at a moment.
    package init(_ plan: Plan, id: RunID, numbers: NumberDisplay, madeAt now: Timestamp, version: String) {
        self.plan = plan
        self.id = id
        self.numbers = numbers
        self.now = now
        self.version = version
        hasManyGateways = Set(plan.groups.map(\.key.gateway)).count > 1
    }

    /// The page, with a line break at the end.
    package func render() -> String { PageTemplates.render(parts, with: "plan-page") }

    /// How many rows all groups show together, so that a browser can open the page.
    static let mostRows = 20_000

    /// How many rows one group shows.
    static let mostRowsOfGroup = 2_000

    private var parts: PlanPageParts {
        let shown = plan.groups.filter(PlanText.isWorthShowing)
        var room = Self.mostRows
        var groups: [PlannedGroupParts] = []
        for (place, group) in shown.enumerated() {
            guard room > 0 else { break }
            let parts = self.parts(of: group, at: place, most: min(room, Self.mostRowsOfGroup))
            room -= parts.rows.count + 1
            groups.append(parts)
        }
        let left = shown.count - groups.count
        return PlanPageParts(
            frame: PageFrame(
                heading: "Rollcall plan", title: "Rollcall plan, \(now.dayWords)", lead: PlanText.summary(of: plan),
                notes: notes, style: .plan, madeAt: now, version: version),
            tiles: tiles, groupsIntro: intro(shown: shown.count), hasGroups: !shown.isEmpty,
            counts: shown.enumerated().map { counts(of: $1, id: $0 < groups.count ? Self.anchor($0) : nil) },
            groups: groups,
            more: left > 0 ? "And \(left.words("group")) more, which rollcall plan shows in full." : nil)
    }

    static func anchor(_ place: Int) -> String { "group-\(place + 1)" }

    private var notes: [String] {
        let digest = plan.policyDigest.dropFirst("sha256:".count).prefix(12)
        var notes = (plan.causeSentences + plan.lossSentences).map { numbers.text(in: $0) }
        notes.append("Nothing of this has been done: it is what rollcall apply would do, in this order.")
        notes.append("Plan \(id) of \(now.momentWords) UTC, policy \(digest).")
        if numbers == .masked { notes.append("Phone numbers are masked.") }
        return notes
    }

    private var tiles: [Tile] {
        let summary = plan.summary
        let withheld = plan.groups.holdCount(where: \.isWithheld)
        let routine = plan.groups.holdCount(where: \.isRoutine)
        let actions = Operation.allCases.map { operation in
            let groups = plan.groups.count { $0.actions.contains { $0.operation == operation } }
            return Tile(
                label: "To \(operation.rawValue)", figure: summary.count(operation).words,
                remark: groups == 0 ? "nobody" : "in \(groups.words("group"))", mark: nil)
        }
        return actions + [
            Tile(
                label: "Held back", figure: (summary.holds - routine).words,
                remark: withheld > 0
                    ? "\(withheld.words) of them withheld: they would be removed or demoted"
                    : "besides \(routine.words("account")) never touched",
                mark: withheld > 0 ? "withheld" : nil),
            Tile(
                label: "Could not be planned", figure: (summary.errors + summary.stale).words,
                remark: "of \(summary.groups.words("group"))",
                mark: summary.errors > 0 ? "failed" : summary.stale > 0 ? "incomplete" : nil),
        ]
    }

    private func intro(shown: Int) -> String {
        let rest = plan.groups.count - shown
        if shown == 0 {
            return plan.groups.isEmpty ? "There is no group to tell of." : "Every group is as the policy says."
        }
        if rest == 0 { return "Each opens and folds; what was left alone stands beside what is to be done." }
        return rest == 1
            ? "1 more group is as the policy says, and not listed."
            : "\(rest.words) more groups are as the policy says, and not listed."
    }
}

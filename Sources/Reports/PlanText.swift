import Membership
package import Reconciliation

/// A plan as people read it on a terminal: like a diff, one block per group, then one line that sums it up.
package struct PlanText: Sendable {
    private let painter: Painter

    /// How many holds of one kind are listed before the rest is only counted.
    private static let mostHoldsListed = 20

    /// Renders for a terminal with or without colours.
    package init(painter: Painter) { self.painter = painter }

    /// The whole plan, with a line break at the end.
    package func render(_ plan: Plan) -> String {
        var blocks: [String] = []
        for group in plan.groups where Self.isWorthShowing(group) {
            blocks.append(block(of: group).joined(separator: "\n"))
        }
        blocks.append(summaryLine(of: plan))
        return blocks.joined(separator: "\n\n") + "\n"
    }

    /// A group that is as the policy says, and holds nothing but the everyday protections, is no news.
    private static func isWorthShowing(_ group: GroupPlan) -> Bool {
        !group.actions.isEmpty || group.fault != nil || !group.warnings.isEmpty
            || group.holds.contains { !$0.isRoutine }
    }

    private func block(of group: GroupPlan) -> [String] {
        var heading = painter.paint((group.name ?? "(no name)").defusedForTerminal, .strong) + "  \(group.key.group)"
        if let size = group.size { heading += "  \(size) member\(size == 1 ? "" : "s")" }
        var lines = [heading]
        if let fault = group.fault {
            lines.append("  " + painter.paint("x error    \(fault.message.defusedForTerminal)", .removed))
        }
        lines += actionLines(of: group)
        lines += holdLines(of: group)
        if let link = group.inviteLink {
            lines.append("  " + painter.paint("~ invite   \(link.defusedForTerminal)", .caution))
        }
        for warning in group.warnings {
            let who = warning.phone.map { "\($0.e164)  " } ?? ""
            lines.append("  " + painter.paint("! warning  \(who)\(warning.message.defusedForTerminal)", .caution))
        }
        return lines
    }

    private func actionLines(of group: GroupPlan) -> [String] {
        var table = TextTable()
        for action in group.actions {
            let why = action.reason.map { "  (\($0.defusedForTerminal))" } ?? ""
            table.add([
                "\(action.operation.symbol) \(action.operation.rawValue)", action.phone.e164,
                action.person?.defusedForTerminal ?? "", "\(action.source)\(why)",
            ])
        }
        return zip(group.actions, table.lines()).map { action, cells in
            let place = painter.paint(cells[3].defusedForTerminal, .faint)
            return "  " + painter.paint(cells[0], action.operation.style) + cells[1] + cells[2] + place
        }
    }

    private func holdLines(of group: GroupPlan) -> [String] {
        var listed: [String: Int] = [:]
        var table = TextTable()
        for hold in group.holds {
            listed[hold.kind, default: 0] += 1
            guard listed[hold.kind, default: 0] <= Self.mostHoldsListed else { continue }
            let who = hold.phone?.e164 ?? hold.lid?.description ?? ""
            table.add(["~ held", who, hold.person?.defusedForTerminal ?? "", "\(hold.kind): \(hold.message)"])
        }
        var lines = table.lines().map { cells in
            "  " + painter.paint(cells[0], .caution) + cells[1] + cells[2] + cells[3].defusedForTerminal
        }
        for (kind, count) in listed.sorted(by: { $0.key < $1.key }) where count > Self.mostHoldsListed {
            lines.append(
                "  " + painter.paint("~ held", .caution) + "  … and \(count - Self.mostHoldsListed) more \(kind)")
        }
        return lines
    }

    private func summaryLine(of plan: Plan) -> String {
        let summary = plan.summary
        var text: String
        if summary.total == 0 {
            let groups = summary.groups - summary.errors
            text = "No changes. \(groups) group\(groups == 1 ? " is" : "s are") as the policy says"
        } else {
            let parts = Operation.allCases.filter { summary.count($0) > 0 }.map {
                "\(summary.count($0)) to \($0.rawValue)"
            }
            text = "Plan: \(parts.joined(separator: ", ")) in \(summary.changed) of \(summary.groups) "
            text += summary.groups == 1 ? "group" : "groups"
        }
        if summary.holds > 0 { text += "; \(summary.holds) held back" }
        if summary.errors > 0 { text += "; \(summary.errors) could not be planned" }
        return painter.paint(text + ".", .strong)
    }
}

extension Operation {
    /// The sign that the operation's lines begin with.
    var symbol: String {
        switch self {
        case .add: "+"
        case .promote: "^"
        case .demote: "v"
        case .remove: "-"
        }
    }

    var style: TextStyle {
        switch self {
        case .add: .added
        case .promote, .demote: .changed
        case .remove: .removed
        }
    }
}

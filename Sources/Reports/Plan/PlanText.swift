import Core
package import Reconciliation

/// A plan as text, like a diff: one block for each group, then a summary line.
package struct PlanText: Sendable {
    private let painter: Painter

    /// The most holds of one kind that a group lists; the rest are counted.
    private static let maxHoldsListed = 20

    /// Creates the text for a painter.
    package init(painter: Painter) { self.painter = painter }

    /// Returns the whole plan, with a final line break.
    package func render(_ plan: Plan) -> String {
        var blocks: [String] = []
        for sentences in [plan.causeSentences, plan.lossSentences] where !sentences.isEmpty {
            blocks.append(sentences.map { painter.note("! ", $0, .caution, hanging: 2) }.joined(separator: "\n"))
        }
        let faults = plan.sharedFaults
        blocks += faults.map(block(of:))
        for group in plan.groups where Self.isWorthShowing(group) {
            if let fault = group.fault, faults.contains(where: { $0.fault == fault }) { continue }
            blocks.append(block(of: group).joined(separator: "\n"))
        }
        blocks.append(painter.paint(painter.line(Self.summary(of: plan)), .strong))
        return blocks.joined(separator: "\n\n") + "\n"
    }

    /// Whether there is anything to show besides accounts that are always kept.
    static func isWorthShowing(_ group: GroupPlan) -> Bool {
        !group.actions.isEmpty || group.fault != nil || !group.warnings.isEmpty
            || group.holds.contains { !$0.isRoutine }
    }

    /// Whether the policy asks for nothing more in the group, and nothing is blocked.
    private static func isAsDesired(_ group: GroupPlan) -> Bool {
        group.fault == nil && group.actions.isEmpty
            && group.holds.allSatisfy { hold in
                if case .outOfTerm = hold.reason { true } else { !hold.isNews }
            }
    }

    /// Returns the lines of a fault that several groups share, for example an outage.
    private func block(of shared: SharedFault) -> String {
        let names = shared.groups.prefix(Self.maxFaultyNamed).map { ($0.name ?? $0.key.group.jid).escapedForTerminal }
        let more = shared.groups.count - names.count
        let heading = painter.heading(
            "\(shared.groups.count) groups", names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : ""))
        return heading + "\n" + painter.note("  x \(shared.fault.word)    ", shared.fault.message, .removed)
    }

    /// The most groups that a shared fault names.
    private static let maxFaultyNamed = 5

    /// Returns the lines of one group.
    private func block(of group: GroupPlan) -> [String] {
        var details = "\(group.key.group)"
        if let size = group.size { details += "  \(size) member\(size == 1 ? "" : "s")" }
        var lines = [painter.heading((group.name ?? "(no name)").escapedForTerminal, details)]
        if let fault = group.fault { lines.append(painter.note("  x \(fault.word)    ", fault.message, .removed)) }
        lines += tableLines(of: group)
        if let link = group.inviteLink { lines.append(painter.note("  ~ invite   ", link, .caution)) }
        for warning in group.warnings {
            let who = warning.phone.map { "\($0.e164)  " } ?? ""
            lines.append(painter.note("  ! warning  \(who)", warning.message, .caution))
        }
        return lines
    }

    /// Actions and holds in one table; the first column is equally wide in all groups.
    private func tableLines(of group: GroupPlan) -> [String] {
        var table = TextTable(firstWidth: "^ promote".count, indent: 2, width: painter.width)
        var styles: [(sign: TextStyle, rest: TextStyle?)] = []
        for action in group.actions {
            let why = action.reason.map { "  (\($0))" } ?? ""
            table.add([
                "\(action.operation.symbol) \(action.operation.rawValue)", action.number,
                action.person?.escapedForTerminal ?? "", "\(action.source)\(why)".escapedForTerminal,
            ])
            styles.append((action.operation.style, .faint))
        }
        let (listed, leftOut) = Self.shorten(group.holds)
        for (index, hold) in listed.enumerated() {
            // Equal messages are shown once: the reason at the first hold, the remedy after the last.
            let explanation = hold.explanation
            let isFirst = index == 0 || listed[index - 1].explanation != explanation
            let isLast = index == listed.count - 1 || listed[index + 1].explanation != explanation
            table.add([
                "~ \(hold.word)", hold.phone?.e164 ?? hold.lid?.description ?? "",
                hold.person?.escapedForTerminal ?? "",
                "\(hold.label == hold.word ? "" : hold.label + ": ")\(isFirst ? explanation.what : "as above")"
                    .escapedForTerminal,
            ])
            styles.append(hold.isNews ? (.caution, nil) : (.faint, .faint))
            if let remedy = explanation.remedy, isLast {
                table.add(["", "", "", "→ \(remedy)".escapedForTerminal])
                styles.append((.faint, .faint))
            }
        }
        for (kind, count) in leftOut {
            table.add([
                "~ \(Hold.word(ofKind: kind))", "", "",
                "\(kind == "withheld" ? "" : Hold.label(ofKind: kind) + ": ")and \(count) more",
            ])
            styles.append((.caution, nil))
        }
        return zip(styles, table.lines()).map { style, cells in
            let rest = style.rest.map { painter.paint(cells[3], $0) } ?? cells[3]
            return "  " + painter.paint(cells[0], style.sign) + cells[1] + cells[2] + rest
        }
    }

    /// Returns the first holds of each kind, and the number of further ones by kind.
    private static func shorten(_ holds: [Hold]) -> (listed: [Hold], leftOut: [(kind: String, count: Int)]) {
        var counts: [String: Int] = [:]
        let listed = holds.filter { hold in
            counts[hold.kind, default: 0] += 1
            return counts[hold.kind, default: 0] <= maxHoldsListed
        }
        let leftOut = counts.filter { $0.value > maxHoldsListed }.sorted { $0.key < $1.key }
        return (listed, leftOut.map { (kind: $0.key, count: $0.value - maxHoldsListed) })
    }

    /// Returns the plan in one line.
    static func summary(of plan: Plan) -> String {
        let summary = plan.summary
        var text: String
        var counted = 0
        if summary.errors == summary.groups, summary.groups > 0 {
            let groups = summary.groups == 1 ? "the group could not" : "none of the \(summary.groups) groups could"
            text = "No plan: \(groups) be planned"
        } else if summary.total == 0, let blocked = blockedByOneLimit(plan) {
            let changes = blocked.count == 1 ? "\(blocked.noun) is" : "\(blocked.noun)s are"
            text = "Nothing will change: \(blocked.count) \(changes) blocked by \(blocked.limit)"
            counted = blocked.count
        } else if summary.total == 0 {
            let asDesired = plan.groups.count(where: Self.isAsDesired)
            let groups =
                asDesired == summary.groups
                ? "\(asDesired) group\(asDesired == 1 ? "" : "s")" : "\(asDesired) of \(summary.groups) groups"
            text = "No changes. \(groups) match\(asDesired == 1 ? "es" : "") the policy"
        } else {
            let parts = Operation.allCases.filter { summary.count($0) > 0 }.map {
                "\(summary.count($0)) to \($0.rawValue)"
            }
            text = "Plan: \(parts.joined(separator: ", ")) in \(summary.changed) of \(summary.groups) "
            text += summary.groups == 1 ? "group" : "groups"
        }
        text += plan.groups.holdClause(besides: counted)
        if summary.errors > 0, summary.errors < summary.groups { text += "; \(summary.errors) could not be planned" }
        if summary.stale > 0 { text += "; \(summary.stale) skipped, because the saved plan no longer fits" }
        return text + "."
    }

    /// Returns the removals and demotions that one limit blocks; nil if there are none or something else blocks others.
    private static func blockedByOneLimit(_ plan: Plan) -> (count: Int, noun: String, limit: String)? {
        var result: (count: Int, noun: String, limit: String)?
        for hold in plan.groups.flatMap(\.holds) {
            guard case .withheld(let operation, let cause) = hold.reason else { continue }
            let limit: String
            switch cause {
            case .runLimit(_, let allowed): limit = "limits.removals_per_run (\(allowed))"
            case .groupLimit(_, let allowed): limit = "limits.removals (\(allowed))"
            default: return nil
            }
            let noun = operation == .remove ? "removal" : "demotion"
            let isMixed = result.map { $0.noun != noun } ?? false
            if let result, result.limit != limit { return nil }
            result = ((result?.count ?? 0) + 1, isMixed ? "change" : noun, limit)
        }
        return result
    }
}

extension PlannedAction {
    /// The person's number, or the LID if no number is known.
    var number: String { phone?.e164 ?? account.description }
}

extension Operation {
    /// The first character of the operation's lines.
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
        case .promote: .changed
        case .demote: .lowered
        case .remove: .removed
        }
    }
}

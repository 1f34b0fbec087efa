import Core
import RunLedger
import Stage

/// The matrix as Markdown tables, one for each call.
struct MatrixTable {
    /// All results, in the order of the cells.
    let results: [MatrixResult]

    /// The tables with their headings.
    var text: String {
        MatrixCall.allCases.map { call in
            var lines = ["### \(call.title)", ""]
            if let remark = call.remark { lines += [remark, ""] }
            let calls = call.isMutation ? "changes sent, and looks between them" : "times struck"
            lines.append("| fault | strikes | exit | run | group | beside | elsewhere | actions | \(calls) |")
            lines.append("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
            lines += results.filter { $0.cell.call == call }.map(Self.row)
            return lines.joined(separator: "\n") + "\n"
        }.joined(separator: "\n")
    }

    private static func row(_ result: MatrixResult) -> String {
        let cell = result.cell
        let columns =
            [cell.fault.name, cell.isLasting ? "always" : "once", "\(result.ending.code)", result.run.status.rawValue]
            + (0..<3).map { status(result, $0) }
            + [done(result), cell.call.isMutation ? sent(result) : struck(result)]
        return "| " + columns.joined(separator: " | ") + " |"
    }

    /// Returns a group's status with its error code.
    ///
    /// How far another session gets before a rejected token ends the run depends on timing.
    private static func status(_ result: MatrixResult, _ index: Int) -> String {
        guard index < result.groups.count else { return "not recorded" }
        if index == 2, result.cell.fault.reach == .run { return "ends too" }
        let group = result.groups[index]
        return group.status.rawValue + (group.errorCode.map { " `\($0)`" } ?? "")
    }

    /// Returns what was done in the affected group; for a plan with an invite link, what it prints.
    private static func done(_ result: MatrixResult) -> String {
        guard result.cell.call == .invite else { return actions(result.struckActions) }
        if result.ending.output.contains("invite link could not be read") { return "warning" }
        return result.ending.output.contains("https://chat.whatsapp.com/") ? "link shown" : "no plan"
    }

    /// Returns the statuses of some actions, grouped by status.
    private static func actions(_ actions: [ActionRecord]) -> String {
        guard let first = actions.first else { return "none" }
        if actions.count > 1, actions.allSatisfy({ $0.status == first.status }) {
            return "all \(first.status.rawValue)"
        }
        var parts: [(status: String, operations: [String])] = []
        for action in actions {
            if parts.last?.status == action.status.rawValue {
                parts[parts.count - 1].operations.append(action.operation.rawValue)
            } else {
                parts.append((action.status.rawValue, [action.operation.rawValue]))
            }
        }
        return parts.map { "\($0.operations.joined(separator: ", ")) \($0.status)" }.joined(separator: "; ")
    }

    /// Returns how often the fault occurred; after the changes, that depends on timing.
    private static func struck(_ result: MatrixResult) -> String {
        var count = result.requests.count { $0.faulty && !$0.isDistortedList(result.cell) }
        // Whether the first of four attempts used a kept connection depends on the group read before, so
        // libcurl's own retry is left out.
        if result.cell.fault.name == "connection reset, no effect", result.cell.isLasting { count -= count % 4 }
        return result.cell.call == .membersAfterwards && result.cell.isLasting ? "until settled" : "\(count)"
    }

    /// Returns the results of the affected group's changes, with the reads between attempts of one of them.
    private static func sent(_ result: MatrixResult) -> String {
        let word = result.cell.call.rawValue
        var tries = result.struckActions.filter { $0.operation.rawValue == word }.flatMap(result.attempts)[...]
        var parts: [String] = []
        let sequence = result.sequence
        for (index, step) in sequence.enumerated() {
            if step == word, let attempt = tries.popFirst() {
                let code = attempt.httpStatus.map { "\($0)" } ?? attempt.errorCode ?? "?"
                parts.append("\(step) \(code) \(attempt.status.rawValue)")
            } else if step == "look", index > 0, sequence[index - 1] == word {
                parts.append("look")
            }
        }
        return parts.joined(separator: ", ")
    }
}

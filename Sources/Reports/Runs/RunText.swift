import Core
import Reconciliation
package import RunLedger

/// Past runs as text.
package struct RunText: Sendable {
    private let painter: Painter

    /// Creates the text for a painter.
    package init(painter: Painter) { self.painter = painter }

    /// Returns a table of runs, newest first, with a final line break.
    package func list(_ runs: [RunRecord]) -> String {
        guard !runs.isEmpty else { return "No runs yet.\n" }
        var table = TextTable()
        table.add([
            "RUN", "STARTED", "COMMAND", "STATUS", "EXIT", "ADD", "PROMOTE", "DEMOTE", "REMOVE", "BLOCKED/KEPT",
            "ERRORS",
        ])
        for run in runs {
            let counts = Operation.allCases.map { run.tally.changes[$0] } + [run.tally.holds, run.tally.errors]
            table.add(
                [
                    run.id.text, run.startedAt.iso8601, run.command.escapedForTerminal, run.status.word,
                    run.exitCode.map(String.init) ?? "-",
                ] + counts.map(String.init))
        }
        let lines = table.lines().map { $0.joined() }
        if let width = painter.width, lines.contains(where: { $0.displayWidth > width }) {
            return runs.map(brief).joined(separator: "\n") + "\n"
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Returns a run on a terminal that is too narrow for the table, without counts of 0.
    private func brief(_ run: RunRecord) -> String {
        let tally = run.tally
        let changes = Operation.allCases.map { (tally.changes[$0], $0.rawValue) }
        let counts = (changes + [(tally.holds, "blocked or kept"), (tally.errors, "errors")])
            .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let status = run.status.word + (run.exitCode.map { " (exit code \($0))" } ?? "")
        let first = "\(run.id.text)  \(run.startedAt.iso8601)  \(run.command.escapedForTerminal)"
        let second = "    " + ([status] + counts).joined(separator: ", ")
        return painter.line(first, hanging: 4) + "\n" + painter.line(second, hanging: 4)
    }

    /// One run in full, with a final line break.
    package func detail(
        _ run: RunRecord, groups: [GroupRunRecord], actions: [ActionRecord], holds: [HoldRecord]
    ) -> String {
        var lines = heading(of: run)
        let actionsByGroup = Dictionary(grouping: actions, by: \.key)
        let holdsByGroup = Dictionary(grouping: holds, by: \.key)
        for group in groups {
            lines.append("")
            lines += block(of: group, actions: actionsByGroup[group.key] ?? [], holds: holdsByGroup[group.key] ?? [])
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func heading(of run: RunRecord) -> [String] {
        var table = TextTable(width: painter.width)
        table.add(["Run", run.id.text])
        table.add(["Command", "\(run.command) (rollcall \(run.version) on \(run.host))".escapedForTerminal])
        table.add(["Started", run.startedAt.iso8601])
        table.add(["Finished", run.finishedAt?.iso8601 ?? "-"])
        table.add(["Status", run.status.word + (run.exitCode.map { " (exit code \($0))" } ?? "")])
        table.add(["Policy", run.policyDigest.escapedForTerminal])
        let tally = run.tally
        table.add([
            "Counts",
            "\(tally.changes[.add]) add, \(tally.changes[.promote]) promote, \(tally.changes[.demote]) demote, \(tally.changes[.remove]) remove, "
                + "\(tally.holds) blocked or kept, \(tally.errors) errors",
        ])
        return table.lines().map { $0.joined() }
    }

    private func block(of group: GroupRunRecord, actions: [ActionRecord], holds: [HoldRecord]) -> [String] {
        var size = ""
        switch (group.sizeBefore, group.sizeAfter) {
        case (let before?, let after?) where before != after: size = "  \(before) → \(after) members"
        case (let before?, _): size = "  \(before) members"
        case (nil, _): break
        }
        let name = (group.name ?? "(no name)").escapedForTerminal
        var lines = [painter.heading(name, "\(group.key.group)  \(group.status.word)\(size)")]
        if let error = group.error {
            lines.append(painter.note("  ", "x \(group.errorCode ?? "error")  \(error)", .removed))
        }
        var table = TextTable(firstWidth: "^ promote".count, indent: 2, width: painter.width)
        for action in actions {
            let symbol = action.operation.symbol
            table.add([
                "\(symbol) \(action.operation.rawValue)".escapedForTerminal,
                action.phone?.e164 ?? action.lid?.description ?? "", action.person?.escapedForTerminal ?? "",
                action.status.word,
                action.source.escapedForTerminal + (action.error.map { "  \($0.escapedForTerminal)" } ?? ""),
            ])
        }
        var last: String?
        for hold in holds {
            table.add([
                "~ \(Hold.word(ofKind: hold.kind))", hold.phone?.e164 ?? hold.lid?.description ?? "",
                hold.person?.escapedForTerminal ?? "", Hold.label(ofKind: hold.kind).escapedForTerminal,
                hold.message == last ? "as above" : hold.message.escapedForTerminal,
            ])
            last = hold.message
        }
        return lines + table.lines().map { "  " + $0.joined() }
    }
}

import Core
import Reconciliation
import RunLedger

extension LedgerPage {
    /// The introduction to the list of runs.
    var runsIntro: PageValues {
        let undetailed = report.runs.count { $0.changes.count < $0.called }
        let hint =
            undetailed == 0
            ? ""
            : " \(undetailed.words("run has", "runs have")) more changes than this page lists; `rollcall show <id>` shows all."
        return .passage("Newest first. Click a run for details.\(hint)")
    }

    /// The runs by months, newest first.
    var months: [PageValues] {
        var months: [(name: String, runs: [PageValues])] = []
        for run in report.runs.reversed() {
            let name = run.record.startedAt.date.monthWords
            if months.last?.name != name { months.append((name, [])) }
            months[months.count - 1].runs.append(parts(of: run))
        }
        return months.map { ["name": $0.name, "runs": $0.runs] }
    }

    private func parts(of run: ReportedRun) -> PageValues {
        let record = run.record
        return [
            "startedAt": record.startedAt.iso8601, "moment": record.startedAt.shortMomentWords,
            "command": record.command, "status": record.status.word, "mark": record.status.mark,
            "counts": counts(of: run), "facts": facts(of: run), "faults": faults(of: run),
            "groups": changedGroups(of: run), "more": more(of: run),
        ]
    }

    /// Returns the errors, each once with its groups.
    private func faults(of run: ReportedRun) -> [PageValues] {
        var lines: [(error: String, groups: [String])] = []
        for fault in run.faults {
            let error = numbers.text(in: fault.error ?? "")
            let position = lines.firstIndex { $0.error == error } ?? lines.count
            if position == lines.count { lines.append((error, [])) }
            lines[position].groups.append(names.name(fault.key))
        }
        return lines.map { ["groups": $0.groups.joined(separator: ", "), "error": $0.error] }
    }

    private func counts(of run: ReportedRun) -> String {
        let record = run.record
        var words = record.tally.changes.words(isPlan: record.command == "plan")
        // The details list accounts that are always kept.
        if run.withheld > 0 { words.append("\(run.withheld.words) blocked") }
        if record.tally.errors > 0 { words.append(record.tally.errors.words("error")) }
        if words.isEmpty { return record.status == .running ? "still running" : "no changes" }
        return words.joined(separator: ", ")
    }

    private func facts(of run: ReportedRun) -> [PageValues] {
        let record = run.record
        var facts = [("Run", record.id.text)]
        if let end = record.finishedAt { facts.append(("Took", Self.duration(from: record.startedAt, to: end))) }
        if let code = record.exitCode { facts.append(("Exit code", String(code))) }
        let groups = GroupRunStatus.allCases.compactMap { status in
            run.groups[status].map { "\($0.words) \(status.word)" }
        }
        if !groups.isEmpty { facts.append(("Groups", groups.joined(separator: ", "))) }
        if !run.holds.isEmpty {
            let holds = run.holds.map { "\($0.count.words) \(Hold.label(ofKind: $0.kind))" }
            facts.append(("Blocked or kept", holds.joined(separator: ", ")))
        }
        facts.append(("By", "rollcall \(record.version) on \(record.host)"))
        return facts.map { ["label": $0, "text": numbers.text(in: $1)] }
    }

    /// Returns a length of time, to the second.
    static func duration(from start: Timestamp, to end: Timestamp) -> String {
        let seconds = Int(max(0, end.milliseconds - start.milliseconds) / 1_000)
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60)
        if hours > 0 { return "\(hours) h \(minutes) min" }
        return minutes > 0 ? "\(minutes) min \(seconds % 60) s" : "\(seconds) s"
    }

    private func changedGroups(of run: ReportedRun) -> [PageValues] {
        var groups: [(key: GroupKey, changes: [PageValues])] = []
        for change in run.changes {
            if groups.last?.key != change.key { groups.append((change.key, [])) }
            groups[groups.count - 1].changes.append([
                "mark": change.operation.rawValue, "operation": change.operation.rawValue,
                "person": change.person.map(numbers.text(in:)),
                "phone": numbers.text(change.phone, orElse: change.lid), "status": change.status.word,
                "error": change.error.map(numbers.text(in:)),
            ])
        }
        return groups.map { ["name": names.name($0.key), "changes": $0.changes] }
    }

    private func more(of run: ReportedRun) -> String? {
        var words: [String] = []
        let (changes, faults) = (run.called - run.changes.count, run.faultCount - run.faults.count)
        if faults > 0 { words.append(faults.words("group") + " with an error") }
        if changes > 0 { words.append(changes.words("change")) }
        guard !words.isEmpty else { return nil }
        return "And \(words.joined(separator: " and ")) more: rollcall show \(run.record.id)"
    }
}

extension ActionCounts {
    /// Returns the counts of changes in words: made by an apply, or asked for by a plan.
    func words(isPlan: Bool) -> [String] {
        let forms =
            isPlan
            ? ["to add", "to promote", "to demote", "to remove"] : ["added", "promoted", "demoted", "removed"]
        return zip(Operation.allCases, forms).filter { self[$0.0] > 0 }.map { "\(self[$0].words) \($1)" }
    }
}

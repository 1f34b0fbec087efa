import Core
package import RunLedger

/// The ledger's figures in the Prometheus text format.
package enum MetricsText {
    /// Returns the file's text; `standing` holds the figures of the whole ledger, nil if the ledger has none.
    package static func render(_ figures: [CommandFigures], standing: StandingFigures?, version: String) -> String {
        var text = ""
        func metric(_ name: String, _ help: String, _ samples: [(labels: String, value: String)]) {
            guard !samples.isEmpty else { return }
            text += "# HELP rollcall_\(name) \(help)\n# TYPE rollcall_\(name) gauge\n"
            for (labels, value) in samples {
                text += "rollcall_\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(value)\n"
            }
        }
        func each(_ value: (CommandFigures) -> String?) -> [(labels: String, value: String)] {
            figures.compactMap { one in value(one).map { ("command=\"\(one.last.command)\"", $0) } }
        }
        func counts(
            _ label: String, _ values: (CommandFigures) -> [(name: String, count: Int)]
        ) -> [(labels: String, value: String)] {
            figures.flatMap { one in
                values(one).map { ("command=\"\(one.last.command)\",\(label)=\"\($0.name)\"", "\($0.count)") }
            }
        }
        metric("build_info", "The version of the program that wrote this file.", [("version=\"\(version)\"", "1")])
        metric(
            "run_start_timestamp_seconds", "When the last run of a command began.", each { $0.last.startedAt.seconds })
        metric(
            "run_end_timestamp_seconds", "When the last run of a command ended.", each { $0.last.finishedAt?.seconds })
        metric(
            "run_success_timestamp_seconds", "When the last successful run of a command ended (exit code 0 or 2).",
            each { $0.succeededAt?.seconds })
        metric(
            "run_exit_code", "The exit code of the last run of a command.", each { $0.last.exitCode.map { "\($0)" } })
        metric(
            "run_actions", "Changes that the last plan asked for or the last apply sent, by operation.",
            counts("op") {
                let tally = $0.last.tally
                return [
                    ("add", tally.changes[.add]), ("promote", tally.changes[.promote]),
                    ("demote", tally.changes[.demote]),
                    ("remove", tally.changes[.remove]),
                ]
            })
        metric(
            "run_holds", "Changes that the last run of a command blocked, and accounts always kept.",
            each { "\($0.last.tally.holds)" })
        metric("run_errors", "Errors in the last run of a command.", each { "\($0.last.tally.errors)" })
        metric(
            "run_groups", "The groups of the last run of a command, by status.",
            counts("status") { one in GroupRunStatus.allCases.map { ($0.rawValue, one.groups[$0] ?? 0) } })
        guard let standing else { return text }
        metric(
            "groups_failing", "Groups whose changes failed without a reason on at least three nights in a row.",
            [("", "\(standing.groupsFailing)")])
        metric(
            "changes_unseen", "Changes that were sent and are not confirmed yet.",
            [("", "\(standing.changesUnseen)")])
        return text
    }
}

extension Timestamp {
    /// Seconds since 1970, to the millisecond.
    fileprivate var seconds: String {
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        let digits = "\(rest)"
        return "\(whole).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
    }
}

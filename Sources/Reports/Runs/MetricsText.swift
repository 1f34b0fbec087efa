package import Core
import RunLedger

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
            counts("op") { one in Operation.allCases.map { ($0.rawValue, one.last.tally.changes[$0]) } })
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
            "changes_unseen", "Changes that were sent and are not confirmed yet.", [("", "\(standing.changesUnseen)")])
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

extension MetricsText {
    /// The end of a command's last run, read from an earlier metrics file.
    package struct Ending: Hashable, Sendable {
        /// When the run began.
        package let startedAt: Timestamp
        /// When the run ended.
        package let finishedAt: Timestamp
        /// The exit code.
        package let exitCode: Int
        /// When the latest successful run ended; nil if there is none.
        package let succeededAt: Timestamp?
    }

    /// Reads the endings by command from a text of `render`; ignores other lines.
    package static func endings(in text: String) -> [String: Ending] {
        var values: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            values[line[..<space]] = line[line.index(after: space)...]
        }
        var endings: [String: Ending] = [:]
        for command in ["apply", "plan"] {
            func value(_ name: String) -> Substring? { values["rollcall_run_\(name){command=\"\(command)\"}"] }
            guard let start = value("start_timestamp_seconds").flatMap(Timestamp.init(seconds:)),
                let end = value("end_timestamp_seconds").flatMap(Timestamp.init(seconds:)),
                let code = value("exit_code").flatMap({ UInt8($0) })
            else { continue }
            endings[command] = Ending(
                startedAt: start, finishedAt: end, exitCode: Int(code),
                succeededAt: value("success_timestamp_seconds").flatMap(Timestamp.init(seconds:)))
        }
        return endings
    }
}

extension Timestamp {
    /// Reads seconds since 1970 with three decimals; nil for anything else.
    fileprivate init?(seconds text: Substring) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let whole = UInt32(parts[0]), parts[1].utf8.count == 3,
            let rest = UInt16(parts[1])
        else { return nil }
        self.init(milliseconds: Int64(whole) * 1_000 + Int64(rest))
    }
}

package import Core

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

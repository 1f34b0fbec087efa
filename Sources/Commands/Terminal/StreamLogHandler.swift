import Core
import Logging
import Reports

/// Writes log lines to standard error, as text or as one JSON object per line.
struct StreamLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level
    private let output: any Output
    private let time: any TimeSource
    private let format: LogFormat

    init(output: any Output, time: any TimeSource, format: LogFormat, logLevel: Logger.Level) {
        self.output = output
        self.time = time
        self.format = format
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        switch format {
        case .text:
            let rest = fields.map { " \($0.key)=\($0.value)" }.joined()
            output.writeError("rollcall: \(event.level): \(("\(event.message)" + rest).escapedForTerminal)\n")
        case .json:
            var members: [String: JSONText] = [:]
            for (key, value) in fields { members[key] = .string("\(value)") }
            members["time"] = .string(time.now().iso8601)
            members["level"] = .string(event.level.rawValue)
            members["message"] = .string("\(event.message)")
            output.writeError(JSONText.object(members).line() + "\n")
        }
    }
}

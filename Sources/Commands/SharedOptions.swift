import ArgumentParser
import Logging
import PolicyFiles
import Reports

/// When results are set in colours.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto
    case always
    case never
}

/// How log lines are written.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// How much is logged.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case debug
    case info
    case notice
    case warning
    case error

    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}

/// How results are written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// How a plan is written.
enum PlanFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case markdown
    case html
}

/// The options that every verb takes.
struct SharedOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: "The configuration file. Default: $ROLLCALL_CONFIG, else rollcall.yaml.",
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(
        help: "The ledger file, instead of the configured one.",
        completion: .file(extensions: ["sqlite", "sqlite3", "db"]))
    var ledger: String?

    @Option(help: "How much is logged to standard error.")
    var logLevel: LogLevel = .notice

    @Option(help: "How log lines are written.")
    var logFormat: LogFormat = .text

    @Option(help: "When results are set in colours; `auto` means on a terminal, unless NO_COLOR is set.")
    var color: ColorChoice = .auto

    @Flag(name: [.short, .long], help: "Print no progress and no notices, only results and errors.")
    var quiet = false

    func painter(in context: Context) -> Painter {
        let terminal = context.terminal
        let usesColor =
            switch color {
            case .always: true
            case .never: false
            case .auto:
                terminal.showsOutput && (context.environment["NO_COLOR"] ?? "").isEmpty
                    && context.environment["TERM"] != "dumb"
            }
        return Painter(usesColor: usesColor, width: terminal.resultWidth)
    }

    func logger(in context: Context) -> Logger {
        let handler = StreamLogHandler(
            output: context.output, time: context.time, format: logFormat,
            logLevel: quiet ? .error : logLevel.level)
        return Logger(label: "rollcall") { _ in handler }
    }
}

/// The options that narrow what a run looks at.
struct NarrowingOptions: ParsableArguments {
    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "Only the groups of these sessions, by id or by a pattern such as \"01J9*\".", valueName: "id"))
    var session: [String] = []

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "Only these groups, by JID, by the policy's name, or by a pattern such as \"Year *\".", valueName: "group"))
    var group: [String] = []
}

/// The options that shape a plan.
struct PlanningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Accept exactly so many removals and demotions in this run, whatever the limits say.", valueName: "n"))
    var acceptRemovals: Int?

    @Flag(help: "Try people again now whose adds never showed, whatever `declined` says.")
    var retryDeclined = false

    @Flag(
        help: """
            Ask WhatsApp about no numbers; people to be added are planned as they are, and nobody is taken away who may \
            be one of them.
            """)
    var offlineIdentities = false

    @Flag(help: "Read the invite links of groups to which someone could not be added, to send them to these people.")
    var inviteLinks = false

    func validate() throws {
        if let acceptRemovals, acceptRemovals < 0 {
            throw ValidationError("--accept-removals takes a number of people, not \(acceptRemovals).")
        }
    }
}

/// A length of time on the command line, written as in the configuration.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration

    init?(argument: String) {
        guard let text = DurationText(argument) else { return nil }
        duration = text.duration
    }
}

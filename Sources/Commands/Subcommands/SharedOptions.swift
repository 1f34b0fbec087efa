import ArgumentParser
import Logging
import PolicyFiles
import Reconciliation
import Reports

/// When to use colours.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto
    case always
    case never
}

/// The format of log lines.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// The lowest level that is logged.
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

/// The output format of results.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// The output format of a plan.
enum PlanFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case markdown
    case html
}

/// The options of all subcommands.
struct SharedOptions: ParsableArguments {
    @Option(
        name: [.short, .long], help: "The configuration file. Default: $ROLLCALL_CONFIG, else rollcall.yaml.",
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(
        help: "The ledger file, instead of the configured one.",
        completion: .file(extensions: ["sqlite", "sqlite3", "db"]))
    var ledger: String?

    @Option(help: "The lowest level logged to standard error.")
    var logLevel: LogLevel = .notice

    @Option(help: "The format of log lines.")
    var logFormat: LogFormat = .text

    @Option(help: "When to use colours; `auto` means on a terminal, unless NO_COLOR is set.")
    var color: ColorChoice = .auto

    @Flag(name: [.short, .long], help: "Print only results and errors.")
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
            output: context.output, time: context.time, format: logFormat, logLevel: quiet ? .error : logLevel.level)
        return Logger(label: "rollcall") { _ in handler }
    }
}

/// The options that select groups.
struct NarrowingOptions: ParsableArguments {
    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "Only the groups of these sessions, by id or by a pattern such as \"01J9*\".", valueName: "id"))
    var session: [String] = []

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "Only these groups, by JID, name in the policy, or pattern such as \"Year *\".", valueName: "group"))
    var group: [String] = []
}

/// The options for planning.
struct PlanningArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Accept exactly <n> removals and demotions in this run, even above the limits.", valueName: "n"))
    var acceptRemovals: Int?

    @Flag(help: "Retry people who were added but never appeared, without the pause of `declined`.")
    var retryDeclined = false

    @Flag(
        help: """
            Look up no numbers. People are added without a check, and members who may be one of them are not removed \
            or demoted.
            """)
    var offlineIdentities = false

    @Flag(help: "Show the invite links of groups with people who could not be added.")
    var inviteLinks = false

    /// The same for the planning itself.
    var options: PlanningOptions {
        PlanningOptions(
            acceptedRemovals: acceptRemovals, retriesDeclined: retryDeclined, looksUpNumbers: !offlineIdentities,
            readsInviteLinks: inviteLinks)
    }

    func validate() throws {
        if let acceptRemovals, acceptRemovals < 0 {
            throw ValidationError("--accept-removals must be a number from 0, not \(acceptRemovals).")
        }
    }
}

/// A duration on the command line, in the configuration's format.
struct DurationArgument {
    let duration: Duration

    /// Reads a number and a unit.
    static func read(_ argument: String) throws -> DurationArgument {
        guard let text = DurationText(argument) else {
            throw ValidationError("A duration is a whole number and a unit (ms, s, m, h or d), such as 45m or 400d.")
        }
        return DurationArgument(duration: text.duration)
    }
}

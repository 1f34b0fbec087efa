import ArgumentParser
import Membership
import Reconciliation
import Reports
import RunLedger

/// `rollcall ledger`: the upkeep of the ledger.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Look after the ledger: take out its tables, delete old runs.",
        subcommands: [LedgerExportCommand.self, LedgerPruneCommand.self])
}

extension LedgerTable: ExpressibleByArgument {}

/// How a table is written.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
    case csv
    case json
}

/// `rollcall ledger export`: one table as CSV or JSON.
struct LedgerExportCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write one of the ledger's tables.",
        usage: "rollcall ledger export [--table <table>] [--format csv|json] [<options>]",
        discussion: """
            CSV has a line of column names first; what a spreadsheet would take for a formula, phone numbers among it, \
            gets an apostrophe in front. JSON is a list of objects.
            """)

    @Option(help: "Which table.")
    var table: LedgerTable = .actions

    @Option(help: "How it is written.")
    var format: TableFormat = .csv

    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws -> ExitStatus {
        let path = try shared.ledgerPath(in: context)
        guard Ledger.exists(at: path) else {
            throw Failure(.usage, "there is no ledger at \(path.defusedForTerminal)")
        }
        let writer = TableWriter(format: format, output: context.output)
        do throws(LedgerError) {
            try await Ledger(readingFrom: path).forEachRow(
                of: table, columns: { writer.begin($0) }, row: { writer.write($0) })
        } catch {
            throw Failure(error)
        }
        writer.end()
        return .success
    }
}

/// `rollcall ledger prune`: delete old runs.
struct LedgerPruneCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Delete runs that are older than you want to keep.",
        usage: "rollcall ledger prune --keep <duration> [--yes] [<options>]",
        discussion: """
            Nothing is ever deleted unless this is called. Asks first; without a terminal to ask on it needs --yes. What \
            is remembered of people and groups stays; the last 90 days of runs do too, since later runs rely on them.
            """)

    @Option(help: ArgumentHelp("How long runs are kept, for example 400d.", valueName: "duration"))
    var keep: DurationArgument

    @Flag(name: [.short, .long], help: "Do not ask.")
    var yes = false

    @OptionGroup var shared: SharedOptions

    func validate() throws {
        guard keep.duration >= Ledger.shortestKeep else {
            throw ValidationError("--keep must be at least 90d: later runs rely on what was recorded since.")
        }
    }

    func run(in context: Context) async throws -> ExitStatus {
        guard yes || context.terminal.canAsk else {
            throw Failure(.usage, "there is no terminal to ask on; pass --yes to delete without asking")
        }
        let path = try shared.ledgerPath(in: context)
        guard Ledger.exists(at: path) else {
            throw Failure(.usage, "there is no ledger at \(path.defusedForTerminal)")
        }
        let lock = try await LockWish().fulfil(path, in: context)
        defer { withExtendedLifetime(lock) {} }
        let now = context.time.now()
        let cutoff = now.advanced(byMilliseconds: -keep.duration.milliseconds)
        do throws(LedgerError) {
            let ledger = try Ledger(path: path)
            let count = try await ledger.runs(before: cutoff, at: now)
            let runs = "\(count) run\(count == 1 ? "" : "s") from before \(cutoff.date)"
            guard count > 0 else {
                context.output.write("There are no runs from before \(cutoff.date).\n")
                return .success
            }
            if !yes {
                context.output.writeError("Delete \(runs)? Only \"yes\" is taken for a yes: ")
                guard await context.terminal.readAnswer(context.control) == "yes" else {
                    context.output.write("Nothing was deleted.\n")
                    return .failure
                }
            }
            try await ledger.deleteRuns(before: cutoff, at: now)
            context.output.write("Deleted \(runs).\n")
        } catch {
            throw Failure(error)
        }
        return .success
    }
}

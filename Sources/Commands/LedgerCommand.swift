import ArgumentParser
import Membership
import Reconciliation
import Reports
import RunLedger

/// `rollcall ledger`: exports tables of the ledger and deletes old runs.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Export the ledger's tables, or delete old runs.",
        subcommands: [LedgerExportCommand.self, LedgerPruneCommand.self])
}

extension LedgerTable: ExpressibleByArgument {}

/// The output format of a table.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
    case csv
    case json
}

/// `rollcall ledger export`: writes one table as CSV or JSON.
struct LedgerExportCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Export one of the ledger's tables.",
        usage: "rollcall ledger export [--table <table>] [--format csv|json] [<options>]",
        discussion: """
            CSV begins with a line of column names. Values that a spreadsheet would read as a formula, such as phone \
            numbers, get a leading apostrophe. JSON is a list of objects.
            """)

    @Option(help: "The table to export.")
    var table: LedgerTable = .actions

    @Option(help: "The output format.")
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

/// `rollcall ledger prune`: deletes old runs.
struct LedgerPruneCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Delete old runs from the ledger.",
        usage: "rollcall ledger prune --keep <duration> [--yes] [<options>]",
        discussion: """
            No other command deletes runs. It asks for confirmation; without a terminal, --yes is required. It keeps \
            the last 90 days of runs, which later runs need, and everything remembered of people and groups.
            """)

    @Option(help: ArgumentHelp("Keep runs that are younger than this, for example 400d.", valueName: "duration"))
    var keep: DurationArgument

    @Flag(name: [.short, .long], help: "Do not ask for confirmation.")
    var yes = false

    @OptionGroup var shared: SharedOptions

    func validate() throws {
        guard keep.duration >= Ledger.shortestKeep else {
            throw ValidationError("--keep must be at least 90d, because later runs need these records.")
        }
    }

    func run(in context: Context) async throws -> ExitStatus {
        guard yes || context.terminal.canAsk else {
            throw Failure(.usage, "there is no terminal for the confirmation; pass --yes to delete without asking")
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
                context.output.writeError("Delete \(runs)? Type \"yes\" to continue: ")
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

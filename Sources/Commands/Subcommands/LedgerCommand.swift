import ArgumentParser
import Core
import Reconciliation
import Reports
import RunLedger

/// `rollcall ledger`: exports tables of the ledger and deletes old runs.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Export the ledger's tables, delete old records, or delete one person's data.",
        subcommands: [LedgerExportCommand.self, LedgerPruneCommand.self, LedgerForgetCommand.self])
}

extension LedgerTable: ExpressibleByArgument {}

/// The output format of a table.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
    case csv
    case json
}

/// `rollcall ledger export`: writes one table as CSV or JSON.
struct LedgerExportCommand: Subcommand {
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
        let path = try shared.existingLedgerPath(in: context)
        let writer = TableWriter(format: format, output: context.output)
        try await Ledger(readingFrom: path).forEachRow(
            of: table, columns: { writer.begin($0) }, row: { writer.write($0) })
        writer.end()
        return .success
    }
}

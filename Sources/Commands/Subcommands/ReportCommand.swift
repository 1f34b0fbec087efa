import ArgumentParser
import Core
import Reports
import RunLedger

/// `rollcall report`: writes an HTML page about the ledger.
struct ReportCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write an HTML report of runs, groups, and people who could not be added.",
        usage: "rollcall report --out <file.html> [--last <n>] [--show-phones] [<options>]",
        discussion: """
            The report is one self-contained HTML file: it loads nothing and runs no script. It is written completely \
            or not at all, and only its owner can read it. The command only reads the ledger, even during a run.
            """)

    @Option(
        help: ArgumentHelp(
            "The file to write or replace; its name ends in .html, or is - for standard output.",
            valueName: "file.html"),
        completion: .file(extensions: ["html", "htm"]))
    var out: String

    @Option(help: ArgumentHelp("Cover the latest <n> runs.", valueName: "n"))
    var last: Int = 500

    @Flag(help: "Show full phone numbers. Default: masked.")
    var showPhones = false

    @OptionGroup var shared: SharedOptions

    func validate() throws {
        guard (1...10_000).contains(last) else { throw ValidationError("--last must be a number from 1 to 10000.") }
        // Protects other files from a mistyped name.
        guard
            ResultFile.isStandardOutput(out) || ResultFile.isSpecialFile(out)
                || [".html", ".htm"].contains(where: out.lowercased().hasSuffix)
        else { throw ValidationError("--out must be a file whose name ends in .html.") }
    }

    func run(in context: Context) async throws -> ExitStatus {
        try ResultFile.checkTarget(of: out)
        let path = try shared.ledgerPath(in: context)
        let report = try await Ledger(readingFrom: path).report(within: ReportBounds(runs: last))
        let page = LedgerPage(
            report, numbers: showPhones ? .full : .masked, madeAt: context.time.now(), version: Version.current)
        try ResultFile.write(page.render(), to: out, in: context)
        if !ResultFile.isStandardOutput(out), !shared.quiet {
            context.output.write("wrote \(out.escapedForTerminal)\n")
        }
        return .success
    }
}

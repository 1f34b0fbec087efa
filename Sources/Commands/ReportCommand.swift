import ArgumentParser
import Membership
import Reports
import RunLedger

/// `rollcall report`: a page over the ledger.
struct ReportCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write a page over the ledger: runs, groups, and who could not be added.",
        usage: "rollcall report --out <file.html> [--last <n>] [--show-phones] [<options>]",
        discussion: """
            The page is one HTML file that needs nothing else: it loads nothing from elsewhere and runs no script. It is \
            written whole or not at all, readable by its owner alone. The ledger is only read; a run may be at work.
            """)

    @Option(
        help: ArgumentHelp(
            "The file to write, which may exist; its name ends in .html, or is - for standard output.",
            valueName: "file.html"),
        completion: .file(extensions: ["html", "htm"]))
    var out: String

    @Option(help: ArgumentHelp("How many runs at most are covered, the latest ones.", valueName: "n"))
    var last: Int = 500

    @Flag(help: "Show phone numbers in full, where they are masked otherwise.")
    var showPhones = false

    @OptionGroup var shared: SharedOptions

    func validate() throws {
        guard (1...10_000).contains(last) else { throw ValidationError("--last takes a number from 1 to 10000.") }
        // Whatever else lies there is not written over by a slip.
        guard
            ResultFile.isStandardOutput(out) || ResultFile.isPlace(out)
                || [".html", ".htm"].contains(where: out.lowercased().hasSuffix)
        else {
            throw ValidationError("--out takes a file whose name ends in .html.")
        }
    }

    func run(in context: Context) async throws -> ExitStatus {
        try ResultFile.checkPlace(of: out)
        let path = try shared.ledgerPath(in: context)
        let report: LedgerReport
        do throws(LedgerError) {
            report = try await Ledger(readingFrom: path).report(within: ReportBounds(runs: last))
        } catch {
            throw Failure(error)
        }
        let page = LedgerPage(
            report, numbers: showPhones ? .full : .masked, madeAt: context.time.now(), version: Version.current)
        try ResultFile.write(page.render(), to: out, in: context)
        if !ResultFile.isStandardOutput(out), !shared.quiet {
            context.output.write("wrote \(out.defusedForTerminal)\n")
        }
        return .success
    }
}

import Core
import Logging
import PolicyFiles
import Reports
import RunLedger

/// The metrics file about the last `plan` and the last `apply`, whether the ledger recorded them or not.
///
/// A run never fails because of it, and never waits for another run because of it.
struct MetricsFile {
    private let path: String?
    private let ledgerPath: String
    private let logger: Logger
    private let context: Context

    /// The largest metrics file accepted, in bytes.
    private static let maxBytes = 1 << 20

    init(_ configuration: Configuration, logger: Logger, in context: Context) {
        path = configuration.metricsFile
        ledgerPath = configuration.ledger
        self.logger = logger
        self.context = context
    }

    /// Replaces the file after a run, if one is configured; an error is only logged.
    func write(_ status: ExitStatus, of runSummary: RunSummary) async {
        guard let path else { return }
        let (commands, standing) = await figuresOnRecord()
        let recorded = Dictionary(grouping: commands, by: \.last.command).compactMapValues(\.first)
        let earlier = endings(in: path)
        let now = context.time.now()
        let figures = ["apply", "plan"].compactMap { command -> CommandFigures? in
            let (known, ending) = (recorded[command], earlier[command])
            let succeededAt = known.map(\.succeededAt) ?? ending?.succeededAt
            if command == runSummary.command {
                if let known, let run = runSummary.run, known.last.id >= run { return known }
                return unrecorded(
                    command, from: runSummary.startedAt, to: now, exitCode: Int(status.code), succeededAt: succeededAt)
            }
            guard let ending, ending.finishedAt > known?.last.finishedAt ?? Timestamp(milliseconds: 0) else {
                return known
            }
            // The ledger has no row for the other command's last run; only the earlier metrics file has it.
            return unrecorded(
                command, from: ending.startedAt, to: ending.finishedAt, exitCode: ending.exitCode,
                succeededAt: succeededAt)
        }
        do throws(Failure) {
            try ResultFile.write(
                MetricsText.render(figures, standing: standing, version: Version.current), to: path, for: .everyone,
                in: context)
        } catch {
            logger.warning("Rollcall could not write the metrics: \(error.text); check the file with `rollcall doctor`")
        }
    }

    /// Returns the ledger's figures; empty if there is no ledger or it cannot be read.
    private func figuresOnRecord() async -> ([CommandFigures], StandingFigures?) {
        do throws(LedgerError) {
            let ledger = try Ledger(readingFrom: ledgerPath)
            return (try await ledger.figures(), try await ledger.standingFigures())
        } catch .missing {
            return ([], nil)
        } catch {
            let reason = Failure(error).text
            logger.warning("Rollcall could not read the ledger, so the metrics lack its figures: \(reason)")
            return ([], nil)
        }
    }

    /// Returns the endings in the file to be replaced; empty if there is none or it cannot be read.
    private func endings(in path: String) -> [String: MetricsText.Ending] {
        do throws(DiskFault) {
            let bytes = try DiskFile.contents(of: path, limit: Self.maxBytes)
            return MetricsText.endings(in: String(decoding: bytes, as: UTF8.self))
        } catch {
            logger.debug("no earlier metrics: \(path.escapedForTerminal) \(error.words)")
            return [:]
        }
    }

    /// Returns the figures of a run without a complete row in the ledger; it counts no changes.
    private func unrecorded(
        _ command: String, from start: Timestamp, to end: Timestamp, exitCode: Int, succeededAt: Timestamp?
    ) -> CommandFigures {
        let run = RunRecord(
            id: .random(at: end), command: command, startedAt: start, finishedAt: end, status: .failed,
            exitCode: exitCode, policyDigest: "", version: Version.current, host: context.host)
        return CommandFigures(last: run, succeededAt: succeededAt, groups: [:])
    }
}

import Core
import Reconciliation
import Reports
import RunLedger

/// The facts about a run for the notice at its end.
struct RunSummary {
    let command: String
    let startedAt: Timestamp
    /// The run's id, once the ledger has recorded it.
    var run: RunID?
    /// The results by group, once there are any.
    var outcome: RunOutcome?
    /// False if somebody was asked and did not confirm; then no notice is sent.
    var wasAgreedTo = true

    init(command: String, startedAt: Timestamp) {
        self.command = command
        self.startedAt = startedAt
    }

    /// Returns the notice about the run and about the failure that ended it, if any.
    func notice(of status: ExitStatus, _ failure: Failure? = nil, in context: Context) -> RunNotice {
        RunNotice(
            run: run, command: command, host: context.host, version: Version.current, startedAt: startedAt,
            finishedAt: context.time.now(), status: status.runStatus, exitCode: status.code,
            errors: failure?.lines ?? [], outcome: outcome)
    }
}

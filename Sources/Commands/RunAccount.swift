import Membership
import Reconciliation
import Reports
import RunLedger

/// What is known of a run while it goes on, to be told when it has ended.
struct RunAccount {
    let command: String
    let startedAt: Timestamp
    /// Its id, once it is on record.
    var run: RunID?
    /// How its groups came out, once they have.
    var outcome: RunOutcome?
    /// False where somebody was asked and did not say yes: that is no news.
    var wasAgreedTo = true

    init(command: String, startedAt: Timestamp) {
        self.command = command
        self.startedAt = startedAt
    }

    /// What others are told of the run, and of what ended it early.
    func notice(of status: ExitStatus, _ failure: Failure? = nil, in context: Context) -> RunNotice {
        RunNotice(
            run: run, command: command, host: context.host, version: Version.current, startedAt: startedAt,
            finishedAt: context.time.now(), status: status.runStatus, exitCode: status.code,
            errors: failure?.lines ?? [], outcome: outcome)
    }
}

package import Core
package import PolicyFiles
package import Reconciliation
package import RunLedger

/// A notice about a run that has ended: its result, and the groups that need a look.
///
/// Notices leave the machine, so all phone numbers are masked.
package struct RunNotice: Sendable {
    /// The ledger's id of the run; nil if the run ended before the ledger recorded it.
    package var run: RunID?
    /// The command, for example `apply`.
    package var command: String
    /// The machine's name.
    package var host: String
    /// The program's version.
    package var version: String
    /// When the run began.
    package var startedAt: Timestamp
    /// When it ended.
    package var finishedAt: Timestamp
    /// The status at the end.
    package var status: RunStatus
    /// The exit code.
    package var exitCode: Int32
    /// Why the run ended early, one line for each error.
    package var errors: [String] = []
    /// The results by group; nil if the run ended before any.
    package var outcome: RunOutcome?

    /// Creates a notice.
    package init(
        run: RunID?, command: String, host: String, version: String, startedAt: Timestamp, finishedAt: Timestamp,
        status: RunStatus, exitCode: Int32, errors: [String], outcome: RunOutcome?
    ) {
        self.run = run
        self.command = command
        self.host = host
        self.version = version
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.status = status
        self.exitCode = exitCode
        self.errors = errors
        self.outcome = outcome
    }

    /// The reasons to send the notice.
    package var occasions: Set<NoticeOccasion> {
        var occasions: Set<NoticeOccasion> = []
        if tally.changes.total > 0 { occasions.insert(.changes) }
        if withheld > 0 || status == .withheld { occasions.insert(.withheld) }
        switch status {
        case .succeeded, .withheld, .running: break
        case .incomplete, .stale, .failed, .interrupted: occasions.insert(.failure)
        }
        return occasions
    }

    var tally: RunTally { outcome?.tally ?? RunTally() }

    /// The number of removals and demotions that are blocked.
    var withheld: Int { groups.map(\.plan).holdCount(where: \.isWithheld) }

    var groups: [GroupOutcome] { outcome?.groups ?? [] }

    /// Returns a text with all phone numbers masked.
    static func masked(_ text: String) -> String { NumberDisplay.masked.text(in: text) }
}

/// One group of a notice: only groups in which something was done, or that need a look, have one.
struct NoticedGroup {
    /// The most groups in a notice.
    static let most = 50

    let outcome: GroupOutcome
    let tally: RunTally
    let withheld: Int
    /// The first error, or else why a removal or demotion is blocked.
    let reason: String?

    /// Creates an entry; nil if there is nothing to report.
    init?(_ outcome: GroupOutcome) {
        self.outcome = outcome
        tally = outcome.tally
        let held = outcome.plan.holds.filter(\.isWithheld)
        withheld = held.count
        let failed = outcome.actions.first { $0.needsALook && !$0.isNoLongerNeeded }
        reason = (outcome.error ?? failed?.error ?? held.first?.message).map(RunNotice.masked)
        guard tally.changes.total > 0 || tally.errors > 0 || withheld > 0 || outcome.error != nil else { return nil }
    }

    var name: String { RunNotice.masked(outcome.plan.name ?? outcome.plan.key.group.jid) }
}

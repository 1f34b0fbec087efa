package import Membership
package import PolicyFiles
package import Reconciliation
package import RunLedger

/// What others are told of a run that has ended: how it went, and which groups need a look.
///
/// It leaves the machine, so the numbers of people are masked in all of it.
package struct RunNotice: Sendable {
    /// The ledger's id of the run; nil where the run ended before it was on record.
    package var run: RunID?
    /// The verb.
    package var command: String
    /// The machine.
    package var host: String
    /// The program's version.
    package var version: String
    /// When the run began.
    package var startedAt: Timestamp
    /// When it ended.
    package var finishedAt: Timestamp
    /// How it ended.
    package var status: RunStatus
    /// The number that the process ends with.
    package var exitCode: Int32
    /// Why it ended before it was done; one line for each thing that was wrong.
    package var errors: [String] = []
    /// How its groups came out; nil where it did not come so far.
    package var outcome: RunOutcome?

    /// Describes the end of a run.
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

    /// What of it may be worth telling.
    package var occasions: Set<NoticeOccasion> {
        var occasions: Set<NoticeOccasion> = []
        if tally.changes.total > 0 { occasions.insert(.changes) }
        if withheld > 0 { occasions.insert(.withheld) }
        switch status {
        case .succeeded, .withheld, .running: break
        case .incomplete, .stale, .failed, .interrupted: occasions.insert(.failure)
        }
        return occasions
    }

    var tally: RunTally { outcome?.tally ?? RunTally() }

    /// How many removals and demotions were held back.
    var withheld: Int { groups.map(\.plan).holdCount(where: \.isWithheld) }

    var groups: [GroupOutcome] { outcome?.groups ?? [] }

    /// Text of anybody's as it may be told.
    static func told(_ text: String) -> String { NumberDisplay.masked.text(in: text) }
}

/// One group of a notice: only groups in which something was done, or that need a look, have one.
struct NoticedGroup {
    /// How many groups a notice tells of.
    static let most = 50

    let outcome: GroupOutcome
    let tally: RunTally
    let withheld: Int
    /// The first thing that went wrong, or why something was withheld.
    let reason: String?

    /// Nil where there is nothing to tell of the group.
    init?(_ outcome: GroupOutcome) {
        self.outcome = outcome
        tally = outcome.tally
        let held = outcome.plan.holds.filter(\.isWithheld)
        withheld = held.count
        let failed = outcome.actions.first { $0.needsALook && !$0.isOvertaken }
        reason = (outcome.error ?? failed?.error ?? held.first?.message).map(RunNotice.told)
        guard tally.changes.total > 0 || tally.errors > 0 || withheld > 0 || outcome.error != nil else { return nil }
    }

    var name: String { RunNotice.told(outcome.plan.name ?? outcome.plan.key.group.jid) }
}

import Core
package import RunLedger

/// The result of an apply in one group.
package struct GroupOutcome: Hashable, Sendable {
    /// The plan that was carried out.
    package var plan: GroupPlan
    /// The outcome of each action, in the same order.
    package var actions: [ActionOutcome]
    /// The status of the whole group.
    package var status: GroupRunStatus
    /// Members at the end; nil if the roster was not read again.
    package var sizeAfter: Int?
    /// A code for the error; nil if there is none.
    package var errorCode: String?
    /// The error in a sentence.
    package var error: String?

    /// The ledger's row for it.
    package var record: GroupRunRecord {
        GroupRunRecord(
            key: plan.key, name: plan.name, status: status, sizeBefore: plan.size, sizeAfter: sizeAfter,
            rosterDigest: plan.rosterDigest, errorCode: errorCode, error: error)
    }
}

/// The result of an apply.
package struct RunOutcome: Sendable {
    /// The groups, in the order of the plan.
    package var groups: [GroupOutcome]
    /// Why the run ended early; nil if it did not.
    package var stopReason: StopReason?
    /// The ledger's error, if that was the reason.
    package var ledgerError: LedgerError?

    /// The accepted changes by operation, and the errors.
    package var tally: RunTally {
        var tally = RunTally()
        for group in groups { group.count(in: &tally) }
        return tally
    }
}

extension GroupOutcome {
    /// Describes a group before its first call; a group that could not be planned stays like this.
    init(before plan: GroupPlan) {
        self.plan = plan
        actions = plan.actions.map { _ in ActionOutcome(status: .planned) }
        status = plan.isWithheld ? .withheld : .unchanged
        sizeAfter = plan.size
        guard let fault = plan.fault else { return }
        status = fault.isStale ? .stale : .failed
        sizeAfter = nil
        errorCode = fault.code
        error = fault.message
    }

    /// The accepted changes of this group by operation, and the errors.
    package var tally: RunTally {
        var tally = RunTally()
        count(in: &tally)
        return tally
    }

    fileprivate func count(in tally: inout RunTally) {
        tally.holds += plan.holds.count
        if plan.fault?.isStale == false || (errorCode != nil && actions.isEmpty) { tally.errors += 1 }
        for (action, outcome) in zip(plan.actions, actions) {
            switch outcome.status {
            case .accepted, .confirmed: tally.changes[action.operation] += 1
            case .declined, .failed, .unknown: tally.errors += 1
            case .skipped: tally.errors += outcome.isHarmless ? 0 : 1
            case .planned, .sending: break
            }
        }
    }
}

extension Plan {
    /// What the plan asks for, as the ledger counts it.
    package var tally: RunTally {
        let summary = summary
        return RunTally(changes: summary.actions, holds: summary.holds, errors: summary.errors)
    }
}

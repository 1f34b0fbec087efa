package import Membership
package import RunLedger

/// How one group came out of an apply.
package struct GroupOutcome: Hashable, Sendable {
    /// The plan that was carried out.
    package var plan: GroupPlan
    /// How each of its actions came out, in the same order.
    package var actions: [ActionOutcome]
    /// How the group came out in all.
    package var status: GroupRunStatus
    /// Members at the end; nil where the roster was not read again.
    package var sizeAfter: Int?
    /// A word for what went wrong; nil where nothing did.
    package var errorCode: String?
    /// A sentence for it.
    package var error: String?
    /// When each action was last answered, by its place.
    var answers: [Int: Timestamp] = [:]
    /// The LIDs on the roster before the first call.
    var rosterLIDs: Set<LID> = []

    /// Describes an outcome.
    package init(
        plan: GroupPlan, actions: [ActionOutcome], status: GroupRunStatus, sizeAfter: Int? = nil,
        errorCode: String? = nil, error: String? = nil
    ) {
        self.plan = plan
        self.actions = actions
        self.status = status
        self.sizeAfter = sizeAfter
        self.errorCode = errorCode
        self.error = error
    }

    /// The row that the ledger keeps of it.
    package var record: GroupRunRecord {
        GroupRunRecord(
            key: plan.key, name: plan.name, status: status, sizeBefore: plan.size, sizeAfter: sizeAfter,
            rosterDigest: plan.rosterDigest, errorCode: errorCode, error: error)
    }
}

/// How an apply came out.
package struct RunOutcome: Sendable {
    /// The groups, in the order of the plan.
    package var groups: [GroupOutcome]
    /// Why the run ended early; nil where it did not.
    package var stopReason: StopReason?
    /// The ledger's error where that was the reason.
    package var ledgerError: LedgerError?

    /// Describes an outcome.
    package init(groups: [GroupOutcome], stopReason: StopReason? = nil, ledgerError: LedgerError? = nil) {
        self.groups = groups
        self.stopReason = stopReason
        self.ledgerError = ledgerError
    }

    /// The sessions in which the gateway took a change and could not show it yet.
    package var sessionsWithUnseenChanges: Set<SessionKey> {
        Set(groups.filter { $0.actions.contains { $0.status == .accepted } }.map(\.plan.key.sessionKey))
    }

    /// What the gateway took, by operation, and what went wrong.
    package var tally: RunTally {
        var tally = RunTally()
        for group in groups { group.count(in: &tally) }
        return tally
    }
}

extension GroupOutcome {
    /// What the gateway took in this group, by operation, and what went wrong.
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
            case .accepted, .confirmed: tally.count(action.operation)
            case .declined, .failed, .unknown: tally.errors += 1
            case .skipped: tally.errors += outcome.isNoTrouble ? 0 : 1
            case .planned, .sending: break
            }
        }
    }
}

extension Plan {
    /// What the plan asks for, as the ledger counts it.
    package var tally: RunTally {
        let summary = summary
        return RunTally(
            adds: summary.count(.add), promotes: summary.count(.promote), demotes: summary.count(.demote),
            removes: summary.count(.remove), holds: summary.holds, errors: summary.errors)
    }
}

extension RunTally {
    mutating func count(_ operation: Operation) {
        switch operation {
        case .add: adds += 1
        case .promote: promotes += 1
        case .demote: demotes += 1
        case .remove: removes += 1
        }
    }
}

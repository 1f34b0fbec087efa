package import Core
package import RunLedger

extension Applier {
    /// Reads the groups of some sessions again after a backfill and records which accepted calls had an effect.
    ///
    /// If the ledger fails, the outcome stays as it was, and the next run looks again.
    package func confirm(
        _ outcome: RunOutcome, rows: [GroupKey: [ActionRecord]], of run: RunID, in sessions: Set<SessionKey>
    ) async -> RunOutcome {
        var result = outcome
        for (index, group) in outcome.groups.enumerated() {
            let key = group.plan.key
            guard sessions.contains(key.sessionKey), group.actions.contains(where: { $0.status == .accepted }),
                let gateway = gateways[key.gateway], control.stopReason == nil
            else { continue }
            var application = GroupApplication(
                resuming: group, rows: rows[key] ?? [], gateway: gateway, seenAt: time.now())
            guard let entry = await application.confirmAgain(at: time.now()) else { continue }
            var confirmed = application.outcome(
                describing: GroupOutcome(
                    plan: group.plan, actions: group.actions, status: group.plan.isWithheld ? .withheld : .unchanged,
                    sizeAfter: group.plan.size))
            if let code = group.errorCode {
                (confirmed.status, confirmed.errorCode, confirmed.error) = (group.status, code, group.error)
            }
            do {
                try await ledger.commit([entry, .finished(confirmed.record, of: run)])
                result.groups[index] = confirmed
            } catch {
                result.ledgerError = result.ledgerError ?? error
                return result
            }
        }
        return result
    }
}

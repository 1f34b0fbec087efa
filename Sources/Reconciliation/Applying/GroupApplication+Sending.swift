import Core
import GatewayAPI
import RunLedger

extension GroupApplication {
    /// How many attempts a call gets at most if each may have taken effect.
    private static let uncertainAttempts = 2

    /// Sends one call until it is answered or more attempts are useless; each attempt is recorded in the ledger first.
    ///
    /// If an answer was lost, Rollcall reads the roster before it sends again, and leaves out actions that already
    /// show.
    mutating func send(_ batch: Range<Int>) async {
        var positions = Array(batch)
        // The account that the call names instead of the action's own.
        var instead: AccountID?
        var attempts = 0
        while true {
            if let reason = await session.waitForTurn() {
                // Earlier attempts have settled their outcome already.
                if attempts == 0 {
                    settle(positions, ActionOutcome(status: .skipped, error: reason), keepsTurn: true)
                }
                return
            }
            let operation = operation(of: batch)
            let answer = await sendOnce(operation, positions, naming: instead)
            session.endTurn()
            switch answer {
            case nil:
                let outcome = ActionOutcome(status: .skipped, error: StopReason.ledgerFailed.message)
                for index in positions where outcomes[index].status == .planned { note([index: outcome]) }
                return
            case .success(let status)?:
                session.noteSuccess()
                noteAnswer(nil)
                noteEffect(of: plan.actions[batch.lowerBound])
                settle(positions, ActionOutcome(status: .accepted, httpStatus: status))
                return
            case .failure(let error)?:
                attempts += 1
                let outcome = ActionOutcome(failure: error)
                settle(
                    positions, outcome, isTry: isRefusalOfThePerson(error, positions, operation),
                    keepsTurn: error.kind.wasNotProcessed)
                await session.commitQueued()
                if instead == nil, let phone = phoneInstead(of: plan.actions[batch.lowerBound], after: error) {
                    instead = .phone(phone)
                    continue
                }
                guard let pause = pauseBeforeAnother(attempts, error, outcome, of: operation) else {
                    learn(from: error, operation: operation)
                    return
                }
                do { try await session.wait(for: pause) } catch { return }
                guard outcome.status == .unknown else { continue }
                guard let shown = await shown(of: positions) else {
                    learn(from: error, operation: operation)
                    return
                }
                if !shown.isEmpty {
                    noteAnswer(nil)
                    noteEffect(of: plan.actions[batch.lowerBound])
                }
                positions.removeAll { shown.contains($0) }
                if positions.isEmpty { return }
                if operation.countsAsRemoval, await !isStillCalledFor(plan.actions[batch.lowerBound]) {
                    learn(from: error, operation: operation)
                    return
                }
            }
        }
    }

    /// Whether a plan made now still asks for an action, so that an old plan removes or demotes nobody.
    private func isStillCalledFor(_ action: PlannedAction) async -> Bool {
        let fresh = await replan()
        return fresh.actions.contains { $0.operation == action.operation && $0.account == action.account }
    }

    /// Whether the gateway refused to add the one person in the call; repeating it every night would not help.
    private func isRefusalOfThePerson(_ error: GatewayError, _ positions: [Int], _ operation: Operation) -> Bool {
        operation == .add && positions.count == 1 && error.kind.refusesAdd
    }

    private func operation(of batch: Range<Int>) -> Operation { plan.actions[batch.lowerBound].operation }

    /// Records that a call is about to be sent, then sends it; nil if the ledger failed.
    private func sendOnce(
        _ operation: Operation, _ positions: [Int], naming instead: AccountID?
    ) async -> Result<Int, GatewayError>? {
        let ids = positions.map { rows[$0].id }
        // This commit also records the result of the call before, so that the disk is waited for once.
        guard await session.commit([.sending(ids, at: session.now)]) else { return nil }
        if operation == .add { session.noteAdds(positions.count) }
        do throws(GatewayError) {
            return .success(
                try await gateway.writing.change(
                    operation, instead.map { [$0] } ?? positions.map { plan.actions[$0].account },
                    in: plan.key.group, of: plan.key.session))
        } catch {
            return .failure(error)
        }
    }

    /// Returns the number for a call if the gateway refuses the LID that the call named.
    ///
    /// Newer gateways accept LIDs for removals, promotions and demotions; the documented contract names only user JIDs.
    private func phoneInstead(of action: PlannedAction, after error: GatewayError) -> PhoneNumber? {
        error.kind == .badRequest && action.account.lid != nil ? action.phone : nil
    }

    /// Returns the pause before another attempt; nil if there is none.
    private func pauseBeforeAnother(
        _ attempts: Int, _ error: GatewayError, _ outcome: ActionOutcome, of operation: Operation
    ) -> Duration? {
        if outcome.status == .unknown, attempts >= Self.uncertainAttempts { return nil }
        if operation == .add, session.addsLeft == 0 { return nil }
        return session.reasonToStop == nil ? session.applier.retries.pause(afterAttempts: attempts, error) : nil
    }
}

import Core
import GatewayAPI
import RunLedger

/// The execution of one group's plan, with the outcome of each action so far.
struct GroupApplication {
    /// The plan as the user saw it.
    let plan: GroupPlan
    let rows: [ActionRecord]
    /// How many of its actions, from the first, may run.
    private let allowed: Int
    let gateway: WritableGateway
    let session: SessionCalls
    private(set) var outcomes: [ActionOutcome]
    /// Why the group's remaining calls are skipped; nil while they are not.
    private var endReason: (code: String, message: String)?
    /// Why no more admins are removed or demoted, while other calls go on; nil while they may be.
    private var removalBlock: String?
    private var admins: Int
    /// The LIDs in the roster before the first call.
    private(set) var rosterLIDs: Set<LID>
    private var sizeAfter: Int?
    /// When the group was last planned from a roster.
    private var seenAt: Timestamp
    /// How many changes in a row failed, and the gateway gave no reason.
    private var unexplainedFailures = 0
    /// The last of these failures; nil if there is none.
    private var latestUnexplainedFailure: GatewayError?
    /// Whether any change got another answer than a failure that the gateway does not explain.
    private var hasOtherAnswers = false
    /// When each action was last answered, by its index.
    private var answers: [Int: Timestamp] = [:]
    /// Whether our adds or promotions have changed the group since `seenAt`.
    private var hasChanged = false
    /// Whether the roster could not be read again after the calls.
    private var isUnconfirmed = false

    init(
        _ plan: GroupPlan, rows: [ActionRecord], allowed: Int, gateway: WritableGateway, of session: SessionCalls
    ) {
        self.plan = plan
        self.rows = rows
        self.allowed = allowed
        self.gateway = gateway
        self.session = session
        outcomes = plan.actions.map { _ in ActionOutcome(status: .planned) }
        admins = plan.adminCount
        rosterLIDs = plan.rosterLIDs
        seenAt = session.applier.planned.madeAt
    }

    /// The maximum age of a plan without another look, in milliseconds.
    private static let freshness: Int64 = 60_000

    /// Whether the plan is too old to act on.
    private var isStale: Bool { session.now.milliseconds - seenAt.milliseconds > Self.freshness }

    /// Whether accepted changes do not show yet.
    var hasUnseenChanges: Bool { outcomes.contains { $0.status == .accepted } }

    /// Plans the group as it is now, without limits.
    func replan() async -> GroupPlan { await session.applier.planning.replan(plan.key) }

    /// Plans the group again and skips what is no longer needed.
    private mutating func lookAgain() async {
        await session.commitQueued()
        seenAt = session.now
        let fresh = await replan()
        hasChanged = false
        if let fault = fresh.fault {
            endReason = (fault.code, fault.message)
            if case .gateway(let error) = fault, error.kind.isDisconnected { session.end(because: error.message) }
            return
        }
        admins = fresh.adminCount
        // Newcomers are those who were not in the group before the first call.
        if actionsToConfirm.isEmpty { rosterLIDs = fresh.rosterLIDs }
        for (index, outcome) in plan.noLongerNeeded(by: fresh).sorted(by: { $0.key < $1.key })
        where outcomes[index].status == .planned { settle([index], outcome) }
    }

    /// Before a removal or demotion, waits until earlier calls show, and plans a changed group again.
    ///
    /// The roster must confirm each removal and show the admins who stay.
    private mutating func recheckBeforeRemoving() async {
        guard session.reasonToStop == nil, endReason == nil, hasChanged || isStale else { return }
        let given = actionsToConfirm.filter { !plan.actions[$0].operation.countsAsRemoval }
        if !given.isEmpty { _ = await shown(of: given) }
        await lookAgain()
    }

    /// Sends the calls in order, then reads the roster to see their results.
    ///
    /// If its turn comes late, the group is planned again first. Only changes that both plans ask for are sent.
    mutating func run() async {
        if plan.actions.isEmpty { return }
        if allowed > 0 { session.begin(plan.name ?? plan.key.group.jid) }
        if session.reasonToStop == nil, isStale { await lookAgain() }
        var index = 0
        while index < plan.actions.count {
            let batch = nextBatch(from: index)
            if plan.actions[index].operation.countsAsRemoval { await recheckBeforeRemoving() }
            if outcomes[index].status != .planned {
                // The recheck settled it.
            } else if let reason = await reasonToSkip(batch) {
                // An error of this group must not take the turn of other groups every night.
                let keepsTurn = endReason == nil || isEnding(batch)
                settle(
                    batch, ActionOutcome(status: .skipped, errorCode: reason.code, error: reason.message),
                    keepsTurn: keepsTurn)
            } else {
                await send(batch)
            }
            session.count(batch.count)
            index = batch.upperBound
        }
        if !actionsToConfirm.isEmpty { await confirm() }
        concludeFromFailures()
    }

    /// Records whether all changes of the group failed, and the gateway gave no reason.
    private mutating func concludeFromFailures() {
        if hasOtherAnswers || outcomes.contains(where: { $0.status == .confirmed }) {
            session.noteGroup(failedWithoutReason: false)
        } else if let error = latestUnexplainedFailure {
            if endReason == nil { endReason = (GroupFault.unexplainedFailure, Self.likelyCauses(error)) }
            session.noteGroup(failedWithoutReason: true)
        }
    }

    /// Records the answer to a change; `failure` is a failure that the gateway does not explain, or nil.
    mutating func noteAnswer(_ failure: GatewayError?) {
        latestUnexplainedFailure = failure
        unexplainedFailures = failure == nil ? 0 : unexplainedFailures + 1
        if failure == nil { hasOtherAnswers = true }
    }

    /// The outcome of the group so far.
    var outcome: GroupOutcome {
        var result = GroupOutcome(before: plan)
        if plan.actions.isEmpty { return result }
        result.actions = outcomes
        result.sizeAfter = sizeAfter ?? (outcomes.allSatisfy { $0.status == .skipped } ? plan.size : nil)
        result.errorCode = endReason?.code
        result.error = endReason?.message
        let statuses = Set(outcomes.filter { !$0.isHarmless }.map(\.status))
        if isUnconfirmed, result.error == nil {
            result.errorCode = "not_read_again"
            result.error =
                "the calls were sent, but the member list could not be read again; the next run checks the calls"
        }
        if isUnconfirmed {
            result.status = .incomplete
        } else if statuses.isSubset(of: [.confirmed, .accepted]) {
            result.status = plan.isWithheld ? .withheld : .changed
        } else if statuses == [.skipped], endReason == nil {
            result.status = .skipped
        } else if statuses.isSubset(of: [.skipped, .failed]), endReason != nil {
            result.status = .failed
        } else {
            result.status = .incomplete
        }
        if result.status == .changed || result.status == .withheld {
            // A call that failed and still took effect is no error of the group.
            (result.errorCode, result.error) = (nil, nil)
        } else if result.error == nil, let first = outcomes.first(where: { $0.error != nil && !$0.isHarmless }) {
            result.errorCode = first.errorCode ?? first.status.rawValue
            result.error = first.error
        }
        return result
    }

    /// Returns the actions of the next call: one, or several adds in a row up to the call's limit.
    private func nextBatch(from index: Int) -> Range<Int> {
        let size = min(session.pace.addsPerCall, max(1, session.addsLeft ?? .max))
        var end = index + 1
        while end < (index < allowed ? allowed : plan.actions.count), end - index < size,
            plan.actions[index].operation == .add, plan.actions[end].operation == .add, outcomes[end].status == .planned
        { end += 1 }
        return index..<end
    }

    /// Whether a call is skipped because the run or the session's part of it ends.
    private func isEnding(_ batch: Range<Int>) -> Bool {
        session.reasonToStop != nil || batch.lowerBound >= allowed
    }

    /// Returns why a call is skipped; nil if it is sent.
    private mutating func reasonToSkip(
        _ batch: Range<Int>
    ) async -> (code: String?, message: String)? {
        if let reason = session.reasonToStop { return (nil, reason) }
        if batch.lowerBound >= allowed {
            return (nil, "not sent: --max-actions was reached; the next run sends this change")
        }
        if let endReason { return (nil, "not sent after this error: \(endReason.message)") }
        let action = plan.actions[batch.lowerBound]
        switch action.operation {
        case .add: return session.addsLeft == 0 ? (nil, "the session's budget of adds is used up") : nil
        case .promote:
            guard action.role == nil else { return nil }
            switch await verdict(on: action) {
            case .shown?: return nil
            case .cannotTell?:
                return (ActionOutcome.awaited, "Rollcall promotes the person once the member list shows them")
            case .notShown?, nil: return (nil, "the member list does not show the person, so they cannot be promoted")
            }
        case .demote, .remove:
            guard action.removesAdmin else { return nil }
            if let removalBlock { return (nil, removalBlock) }
            guard admins - action.adminsRemoved < plan.limits.minAdmins else { return nil }
            let least = plan.limits.minAdmins
            let few = least == 1 ? "no admin" : "fewer than \(least) admins"
            return (nil, "the group would have \(few) (`limits.min_admins`)")
        }
    }

    /// The actions that may have taken effect, not confirmed yet.
    var actionsToConfirm: [Int] {
        outcomes.indices.filter { outcomes[$0].status == .accepted || outcomes[$0].status == .unknown }
    }

    /// The rows of the accepted actions, not confirmed yet.
    var rowsTaken: [Int64] { outcomes.indices.filter { outcomes[$0].status == .accepted }.map { rows[$0].id } }

    /// Returns when an action was last answered; the end of time if never.
    func answeredAt(_ position: Int) -> Timestamp { answers[position] ?? Timestamp(milliseconds: .max) }

    /// Records that nothing could be confirmed; accepted calls stay `accepted` for a later run.
    mutating func noteNotReadAgain() { isUnconfirmed = true }

    /// Records outcomes by the index of their action.
    mutating func note(_ settled: [Int: ActionOutcome]) {
        for (index, outcome) in settled { outcomes[index] = outcome }
    }

    /// Records how many members a later look shows.
    mutating func note(sizeAfter size: Int) { sizeAfter = size }

    /// Records the outcome of some actions for the session's next commit.
    ///
    /// `isTry` counts an add as a failed try. With `keepsTurn`, the person keeps their place in the queue of adds.
    mutating func settle(
        _ positions: some Sequence<Int>, _ outcome: ActionOutcome, isTry: Bool = false,
        keepsTurn: Bool = false
    ) {
        let now = session.now
        let settled = positions.map { index in
            outcomes[index] = outcome
            if outcome.status == .accepted || outcome.status == .unknown { answers[index] = now }
            let action = plan.actions[index]
            var note: MemoryNote?
            if isTry {
                note = .didNotShow(fingerprint: action.fingerprint ?? "")
            } else if action.operation == .add, !keepsTurn, outcome.status != .accepted {
                // An accepted add used its turn too; `LedgerWrite.taken` records that.
                note = .hadTurn
            }
            return SettledAction(id: rows[index].id, phone: action.phone, outcome: outcome, note: note)
        }
        session.enqueue(.settled(settled, in: plan.key, size: nil, at: now))
    }

    /// Updates the number of admins after a call that took effect, or may have.
    mutating func noteEffect(of action: PlannedAction) {
        if action.operation == .promote { admins += 1 }
        if !action.operation.countsAsRemoval { hasChanged = true }
        admins -= action.adminsRemoved
    }

    /// After this many failures in a row that the gateway does not explain, Rollcall skips the group in this run.
    private static let maxUnexplainedFailures = 2

    /// Returns the error of a group whose first changes failed, and the gateway gave no reason.
    ///
    /// The gateway hides most of WhatsApp's refusals.
    private static func likelyCauses(_ error: GatewayError) -> String {
        "the changes failed, and the gateway gave no reason (\(error.explanation.what)); check that the session's account "
            + "is in the group and is an admin"
    }

    /// Decides how far a failed call reaches: this action, the group, the session, or the run.
    mutating func learn(from error: GatewayError, operation: Operation) {
        if operation == .promote { removalBlock = "a promotion failed, so no admin is removed or demoted" }
        noteAnswer(error.kind == .internalError ? error : nil)
        // A promotion or demotion of somebody who is not a member says nothing about the others.
        if error.kind == .notFound, operation.kind == .role { return }
        session.learn(from: error)
        guard error.kind.reach == .change else {
            endReason = (error.code, error.message)
            return
        }
        // Without the gateway's reason, a failure may concern one person; Rollcall skips a group where it repeats.
        if unexplainedFailures >= Self.maxUnexplainedFailures {
            endReason = (GroupFault.unexplainedFailure, hasOtherAnswers ? error.message : Self.likelyCauses(error))
        }
    }
}

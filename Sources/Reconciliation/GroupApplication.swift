import GatewayAPI
import Membership
import RunLedger

/// The carrying out of one group's plan: what has become of each action so far.
struct GroupApplication {
    /// The plan as it was shown.
    let plan: GroupPlan
    let rows: [ActionRecord]
    /// So many of its actions, from the first, may be done in this run.
    private let allowed: Int
    let gateway: WritableGateway
    private(set) var outcomes: [ActionOutcome]
    /// Why the group's remaining calls are left out; nil while they are not.
    private var stopped: (code: String, message: String)?
    /// Why no further admin is demoted or removed, though everything else goes on; nil while they may be.
    private var bar: String?
    private var admins: Int
    /// The LIDs on the roster before the first call.
    private(set) var rosterLIDs: Set<LID>
    private var sizeAfter: Int?
    /// When the group was last planned from a roster.
    private var seenAt: Timestamp
    /// How many changes in a row were answered with a failure that has no name.
    private var namelessFailures = 0
    /// The last of these.
    private var latestNamelessFailure: GatewayError?
    /// Whether any change was answered otherwise.
    private var hasOtherAnswers = false
    /// When each of the actions was last answered, by its place.
    private var answers: [Int: Timestamp] = [:]
    /// Whether calls of ours have changed the group since.
    private var hasChanged = false
    /// Whether the roster could not be read again after the calls.
    private var isUnconfirmed = false

    init(plan: GroupPlan, rows: [ActionRecord], allowed: Int, gateway: WritableGateway, seenAt: Timestamp) {
        self.plan = plan
        self.rows = rows
        self.allowed = allowed
        self.gateway = gateway
        outcomes = plan.actions.map { _ in ActionOutcome(status: .planned) }
        admins = plan.adminCount
        rosterLIDs = plan.rosterLIDs
        self.seenAt = seenAt
    }

    /// Takes up a group again whose calls have been sent.
    init(resuming outcome: GroupOutcome, rows: [ActionRecord], gateway: WritableGateway, seenAt: Timestamp) {
        self.init(plan: outcome.plan, rows: rows, allowed: rows.count, gateway: gateway, seenAt: seenAt)
        outcomes = outcome.actions
        answers = outcome.answers
        rosterLIDs = outcome.rosterLIDs
    }

    /// Whether the plan is too old to act on.
    func isStale(in worker: SessionWorker) -> Bool { SecondLook.isStale(seenAt, now: worker.applier.time.now()) }

    /// Plans the group anew: what is no longer called for is left out.
    mutating func lookAgain(in worker: inout SessionWorker) async {
        guard let secondLook = worker.applier.secondLook else { return }
        await worker.commitHeld()
        seenAt = worker.applier.time.now()
        let fresh = await secondLook.look(at: plan.key)
        hasChanged = false
        if let fault = fresh.fault {
            stopped = (fault.code, fault.message)
            if case .gateway(let error) = fault, error.saysNotConnected { worker.stopped = error.message }
            return
        }
        admins = fresh.adminCount
        // Newcomers are known by what was there before the first call.
        if actionsToConfirm.isEmpty { rosterLIDs = fresh.rosterLIDs }
        for (index, outcome) in plan.overtaken(by: fresh).sorted(by: { $0.key < $1.key })
        where outcomes[index].status == .planned {
            settle([index], outcome, in: &worker)
        }
    }

    /// Before anybody is taken away, gives what was sent before its time to show, and plans the group anew where it is no
    /// longer as it was planned from: the roster must bear out each removal, and show the admins who are to stay.
    private mutating func lookBeforeTakingAway(in worker: inout SessionWorker) async {
        guard worker.reasonToStop == nil, stopped == nil, hasChanged || isStale(in: worker) else { return }
        let given = actionsToConfirm.filter { !plan.actions[$0].operation.takesAway }
        if !given.isEmpty { _ = await shown(of: given, in: &worker) }
        await lookAgain(in: &worker)
    }

    /// Sends the calls in order, then looks at the roster for what has come of them.
    mutating func run(in worker: inout SessionWorker) async {
        var index = 0
        while index < plan.actions.count {
            let batch = nextBatch(from: index, in: worker)
            if plan.actions[index].operation.takesAway { await lookBeforeTakingAway(in: &worker) }
            if outcomes[index].status != .planned {
                // The second look has settled it.
            } else if let reason = await reasonToSkip(batch, in: &worker) {
                // What is the matter with the group must not keep those of other groups from their turn every night.
                let keepsTurn = stopped == nil || isEnding(batch, in: worker)
                settle(
                    batch, ActionOutcome(status: .skipped, errorCode: reason.code, error: reason.message), in: &worker,
                    keepsTurn: keepsTurn)
            } else {
                await send(batch, in: &worker)
            }
            worker.count(batch.count)
            index = batch.upperBound
        }
        if !actionsToConfirm.isEmpty { await confirm(in: &worker) }
        concludeFromFailures(in: &worker)
    }

    /// Tells a group whose changes all failed without a name, and in vain, from one in which something was answered otherwise.
    private mutating func concludeFromFailures(in worker: inout SessionWorker) {
        if hasOtherAnswers || outcomes.contains(where: { $0.status == .confirmed }) {
            worker.namelessGroups = 0
        } else if let error = latestNamelessFailure {
            if stopped == nil { stopped = (GroupFault.namelessFailure, Self.likelyCauses(error)) }
            worker.noteNamelessGroup()
        }
    }

    /// Takes in that a change was answered; `failure` is one that has no name.
    mutating func noteAnswer(_ failure: GatewayError?) {
        latestNamelessFailure = failure
        namelessFailures = failure == nil ? 0 : namelessFailures + 1
        if failure == nil { hasOtherAnswers = true }
    }

    /// The outcome of the group, given what is known of it otherwise.
    func outcome(describing start: GroupOutcome) -> GroupOutcome {
        var result = start
        result.actions = outcomes
        result.answers = answers
        result.rosterLIDs = rosterLIDs
        result.sizeAfter = sizeAfter ?? (outcomes.allSatisfy { $0.status == .skipped } ? start.sizeAfter : nil)
        result.errorCode = stopped?.code
        result.error = stopped?.message
        let statuses = Set(outcomes.filter { !$0.isNoTrouble }.map(\.status))
        if isUnconfirmed, result.error == nil {
            result.errorCode = "not_read_again"
            result.error =
                "the gateway took the calls, but no roster came that shows what became of them; a later run looks"
        }
        if isUnconfirmed {
            result.status = .incomplete
        } else if statuses.isSubset(of: [.confirmed, .accepted]) {
            result.status = start.plan.isWithheld ? .withheld : .changed
        } else if statuses == [.skipped], stopped == nil {
            result.status = .skipped
        } else if statuses.isSubset(of: [.skipped, .failed]), stopped != nil {
            result.status = .failed
        } else {
            result.status = .incomplete
        }
        if result.status == .changed || result.status == .withheld {
            // A call that failed and has had its effect all the same is no trouble of the group.
            (result.errorCode, result.error) = (nil, nil)
        } else if result.error == nil, let first = outcomes.first(where: { $0.error != nil && !$0.isNoTrouble }) {
            result.errorCode = first.errorCode ?? first.status.rawValue
            result.error = first.error
        }
        return result
    }

    /// The next call's actions: one, or as many adds in a row as one call may name.
    private func nextBatch(from index: Int, in worker: SessionWorker) -> Range<Int> {
        let size = min(worker.applier.pace.addsPerCall, max(1, worker.addsLeft ?? .max))
        var end = index + 1
        while end < (index < allowed ? allowed : plan.actions.count), end - index < size,
            plan.actions[index].operation == .add,
            plan.actions[end].operation == .add, outcomes[end].status == .planned
        { end += 1 }
        return index..<end
    }

    /// Whether a call is not sent because the run, or the session's part of it, has come to its end.
    private func isEnding(_ batch: Range<Int>, in worker: SessionWorker) -> Bool {
        worker.reasonToStop != nil || batch.lowerBound >= allowed
    }

    /// Why a call is not sent; nil where it is.
    private mutating func reasonToSkip(
        _ batch: Range<Int>, in worker: inout SessionWorker
    ) async -> (code: String?, message: String)? {
        if let reason = worker.reasonToStop { return (nil, reason) }
        if batch.lowerBound >= allowed { return (nil, "left to the next run: --max-actions bounds this one") }
        if let stopped { return (nil, "not tried after this: \(stopped.message)") }
        let action = plan.actions[batch.lowerBound]
        switch action.operation {
        case .add:
            return worker.addsLeft == 0 ? (nil, "the session's budget of adds is used up") : nil
        case .promote:
            guard action.role == nil else { return nil }
            switch await verdict(on: action, in: &worker) {
            case .shown?: return nil
            case .cannotTell?:
                return (
                    ActionOutcome.awaited, "the person is promoted once the gateway's list shows that they have come"
                )
            case .notShown?, nil: return (nil, "the add has not shown in the roster, and only a member can be promoted")
            }
        case .demote, .remove:
            guard action.takesAnAdmin else { return nil }
            if let bar { return (nil, bar) }
            guard admins - action.adminsTaken < plan.limits.minAdmins else { return nil }
            return (nil, "it would leave the group with fewer than \(plan.limits.minAdmins) admins")
        }
    }

    /// The actions that may have taken effect, without proof so far.
    var actionsToConfirm: [Int] {
        outcomes.indices.filter { outcomes[$0].status == .accepted || outcomes[$0].status == .unknown }
    }

    /// The rows of the actions that the gateway took, without proof so far.
    var rowsTaken: [Int64] { outcomes.indices.filter { outcomes[$0].status == .accepted }.map { rows[$0].id } }

    /// When an action was last answered; the end of time where it never was.
    func answeredAt(_ place: Int) -> Timestamp { answers[place] ?? Timestamp(milliseconds: .max) }

    /// Notes that nothing could be confirmed: what the gateway took stays `accepted`, for a later run to look up.
    mutating func noteNotReadAgain() { isUnconfirmed = true }

    /// Takes in how some actions came out, by their places.
    mutating func note(_ settled: [Int: ActionOutcome]) {
        for (index, outcome) in settled { outcomes[index] = outcome }
    }

    /// Takes in how many members a later look has shown.
    mutating func note(sizeAfter size: Int) { sizeAfter = size }

    /// Takes in how some actions came out, for the worker's next commit; `isTry` counts an add as one that was tried in
    /// vain, and whoever `keepsTurn` goes on waiting to be added.
    mutating func settle(
        _ places: some Sequence<Int>, _ outcome: ActionOutcome, in worker: inout SessionWorker, isTry: Bool = false,
        keepsTurn: Bool = false
    ) {
        let now = worker.applier.time.now()
        let settled = places.map { index in
            outcomes[index] = outcome
            if outcome.status == .accepted || outcome.status == .unknown { answers[index] = now }
            let action = plan.actions[index]
            var note: MemoryNote?
            if isTry {
                note = .didNotShow(fingerprint: action.fingerprint ?? "")
            } else if action.operation == .add, !keepsTurn, outcome.status != .accepted {
                // Whoever's add the gateway took has had their turn as well, by what is noted of the group's calls together.
                note = .hadTurn
            }
            return SettledAction(id: rows[index].id, phone: action.phone, outcome: outcome, note: note)
        }
        worker.hold(.settled(settled, in: plan.key, size: nil, at: now))
    }

    /// Takes in that a call has had, or may have had, its effect on the number of admins.
    mutating func noteEffect(of action: PlannedAction) {
        if action.operation == .promote { admins += 1 }
        if !action.operation.takesAway { hasChanged = true }
        admins -= action.adminsTaken
    }

    /// After so many changes in a row that failed without a name a group is left for the night.
    private static let mostNamelessFailures = 2

    /// What a group is told of whose first changes failed without a name: the gateway hides most of WhatsApp's own refusals so.
    private static func likelyCauses(_ error: GatewayError) -> String {
        "the changes failed without a reason; either the session's account is not an admin of the group, or it is no longer "
            + "in the group (\(error.message))"
    }

    /// Decides how far a failed call reaches: this action, the group, the session, or the run.
    mutating func learn(from error: GatewayError, operation: Operation, in worker: inout SessionWorker) {
        if operation == .promote { bar = "a promotion failed before, so no admin is taken away from the group" }
        noteAnswer(error.hasNoName ? error : nil)
        switch error {
        case .refused(_, let refusal):
            switch refusal.status {
            case 400, 422: return
            case 404 where operation == .promote || operation == .demote: return
            case 401:
                worker.applier.control.stop(.credentialsRejected)
            case 409, 429, 501:
                worker.stopped = error.message
            case 500:
                // It may be about the one person; a group in which it comes again is left.
                if namelessFailures >= Self.mostNamelessFailures {
                    stopped = (GroupFault.namelessFailure, hasOtherAnswers ? error.message : Self.likelyCauses(error))
                }
                return
            case 408, 501...: worker.noteFailure(error.message)
            default: break
            }
        case .noAnswer(_, let fault):
            if fault.kind == .unreachable { worker.stopped = error.message } else { worker.noteFailure(error.message) }
        case .unreadable: worker.noteFailure(error.message)
        case .cancelled: break
        }
        stopped = (error.code, error.message)
    }
}

import GatewayAPI
import Membership
import RunLedger

/// What a fresh read of a group shows: the roles of everyone who can be told.
struct FreshLook {
    let roster: Roster
    private var byLID: [LID: Role] = [:]
    private var byPhone: [PhoneNumber: Role] = [:]
    /// Members whose numbers the gateway does not know.
    private(set) var unresolved: Set<LID> = []

    init(roster: Roster, phones: IdentityTable) {
        self.roster = roster
        for member in roster.members {
            switch member.account {
            case .phone(let phone): byPhone[phone] = member.role
            case .lid(let lid):
                byLID[lid] = member.role
                if let phone = phones[lid] { byPhone[phone] = member.role } else { unresolved.insert(lid) }
            }
        }
    }

    /// Whether it may be the whole group: a roster that is empty, has lost more than half, or lacks the session's own
    /// account where that was listed before, is a failed read.
    func isTrusted(after plan: GroupPlan) -> Bool {
        let removals = plan.actions.count { $0.operation == .remove }
        guard !roster.members.isEmpty, roster.members.count * 2 >= (plan.size ?? 0) - removals else { return false }
        return plan.ownEntries.isSubset(of: roster.members.map(\.account))
    }

    /// Whether it lists as many as it should, so that who does not show is not there.
    func isWhole(after plan: GroupPlan) -> Bool {
        let removals = plan.actions.count { $0.operation == .remove }
        return roster.members.count + roster.foreignEntries >= (plan.size ?? 0) - removals
    }

    /// The role of a person, known by LID, by the number that WhatsApp knows, or by the policy's; nil where not seen.
    func role(lid: LID?, account: PhoneNumber, phone: PhoneNumber) -> Role? {
        lid.flatMap { byLID[$0] } ?? byPhone[account] ?? byPhone[phone]
    }

    /// The role of the person of an action; nil where they are not seen.
    func role(of action: PlannedAction) -> Role? {
        role(lid: action.lid, account: action.account, phone: action.phone)
    }

    /// Whether the roster shows that an action has taken effect.
    func shows(_ action: PlannedAction) -> Bool { shows(action.operation, as: role(of: action)) }

    /// Whether the roster shows that a call of an earlier run has taken effect.
    func shows(_ call: OpenCall) -> Bool {
        guard let operation = Operation(rawValue: call.operation) else { return false }
        return shows(operation, as: role(lid: call.lid, account: call.account, phone: call.phone))
    }

    private func shows(_ operation: Operation, as role: Role?) -> Bool {
        switch operation {
        case .add: role != nil
        case .promote: role == .admin
        case .demote: role == .member
        case .remove: role == nil && !roster.members.isEmpty
        }
    }
}

extension GroupApplication {
    /// Reads the group until every accepted action shows, or the time to settle is over, and says what came of each.
    mutating func confirm(in worker: inout SessionWorker) async {
        let open = actionsToConfirm
        worker.hold(.taken(rowsTaken))
        let (last, isFull) = await look(in: &worker) { look in open.allSatisfy { look.shows(plan.actions[$0]) } }
        guard let look = last else {
            noteNotReadAgain()
            return
        }
        // On a roster that was no ground to go by from the start, or was not looked at for long enough, absence proves
        // nothing: what does not show stays open for a later run, and the roster is not remembered as a good one.
        let isConclusive = isFull && plan.hasSoundRoster && look.isWhole(after: plan)
        let newcomerIsUnknown = !look.unresolved.subtracting(rosterLIDs).isEmpty
        var settled: [Int: ActionOutcome] = [:]
        var rows: [SettledAction] = []
        for index in open {
            let action = plan.actions[index]
            let isShown = look.shows(action)
            // A call whose answer was lost and that does not show may never have arrived: nothing is concluded from it.
            guard isShown || outcomes[index].status == .accepted else { continue }
            guard isShown || isConclusive else {
                noteNotReadAgain()
                continue
            }
            let outcome =
                isShown
                ? ActionOutcome(status: .confirmed)
                : .unconfirmed(action.operation, newcomerIsUnknown: newcomerIsUnknown)
            settled[index] = outcome
            rows.append(
                SettledAction(
                    id: self.rows[index].id, phone: action.phone, outcome: outcome,
                    note: note(of: action, isShown: isShown)))
        }
        let size = look.roster.members.count + look.roster.foreignEntries
        note(settled)
        note(sizeAfter: size)
        worker.hold(
            .settled(rows, in: plan.key, size: isConclusive ? size : nil, at: worker.applier.time.now()))
    }

    /// What later runs are to know of an action.
    private func note(of action: PlannedAction, isShown: Bool) -> MemoryNote? {
        switch action.operation {
        case .add:
            isShown ? .joined(isSighted: plan.remembersSightings) : .didNotShow(fingerprint: action.fingerprint ?? "")
        case .remove: .removed
        case .promote, .demote: nil
        }
    }

    /// The places among these of actions that have taken effect, though their answers were lost; nil where no roster tells.
    mutating func shown(of places: [Int], in worker: inout SessionWorker) async -> Set<Int>? {
        await look(in: &worker) { look in places.allSatisfy { look.shows(plan.actions[$0]) } }
            .last.map { look in Set(places.filter { look.shows(plan.actions[$0]) }) }
    }

    /// Whether someone who was just added shows in the roster before the time to settle is over.
    mutating func isSeen(_ action: PlannedAction, in worker: inout SessionWorker) async -> Bool {
        await look(in: &worker) { $0.role(of: action) != nil }.last?.role(of: action) != nil
    }

    /// Reads the group again and again, with growing pauses, until it shows what is hoped for or the time is over.
    ///
    /// Returns the last look that can be trusted, nil where there was none, and whether the group was looked at for as long as
    /// a change may take to show: an interruption and the deadline end it before.
    private func look(
        in worker: inout SessionWorker, until isEnough: (FreshLook) -> Bool
    ) async -> (last: FreshLook?, isFull: Bool) {
        await worker.commitHeld()
        let (time, control) = (worker.applier.time, worker.applier.control)
        let end = time.now().advanced(byMilliseconds: worker.applier.pace.settle.milliseconds)
        var pause: Int64 = 100
        var last: FreshLook?
        while true {
            switch await control.unlessInterrupted({ [gateway, plan] in await gateway.look(at: plan.key) }) {
            case nil: return (last, false)
            case .success(let look):
                if look.isTrusted(after: plan) {
                    last = look
                    if isEnough(look) { return (look, true) }
                }
            case .failure(let error):
                // The deadline: no later look would come to more.
                if case .cancelled = error { return (last, false) }
                if case .refused(_, let refusal) = error, refusal.status == 401 {
                    control.stop(.credentialsRejected)
                    return (last, false)
                }
                if error.saysNotConnected {
                    worker.stopped = worker.stopped ?? error.message
                    return (last, false)
                }
            }
            let left = end.milliseconds - time.now().milliseconds
            guard left > 0 else { return (last, true) }
            guard await worker.rest(for: min(pause, left)) else { return (last, false) }
            pause *= 2
        }
    }
}

extension WritableGateway {
    /// Reads a group's members, and who they are.
    fileprivate func look(at key: GroupKey) async -> Result<FreshLook, GatewayError> {
        do throws(GatewayError) {
            let roster = try await reading.members(of: key.group, of: key.session)
            let contacts = try await reading.contacts(of: key.session, in: key.group)
            return .success(FreshLook(roster: roster, phones: contacts.phonesByLID))
        } catch {
            return .failure(error)
        }
    }
}

extension ActionOutcome {
    /// What is said of a call that the gateway took and the roster does not show.
    fileprivate static func unconfirmed(_ operation: Operation, newcomerIsUnknown: Bool) -> ActionOutcome {
        guard operation == .add else {
            return ActionOutcome(
                status: .unknown, errorCode: "unconfirmed",
                error: "the gateway took the call, but the roster does not show it yet")
        }
        guard !newcomerIsUnknown else {
            return ActionOutcome(
                status: .unknown, errorCode: "unconfirmed",
                error:
                    "the gateway took the call; a member whose number is not known has appeared, who may be this person"
            )
        }
        return ActionOutcome(
            status: .declined, errorCode: "declined",
            error: "the gateway took the call, but the person does not show in the group")
    }

    /// What a failed call makes of its action.
    init(failure: GatewayError) {
        let isUnknown: Bool =
            switch failure {
            case .noAnswer(_, let fault): fault.outcomeIsUnknown
            case .unreadable, .cancelled: true
            case .refused(_, let refusal): refusal.effectIsUnknown
            }
        self.init(
            status: isUnknown ? .unknown : .failed, httpStatus: failure.httpStatus, errorCode: failure.code,
            error: failure.message)
    }
}

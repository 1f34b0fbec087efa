import GatewayAPI
import Membership
import RunLedger

/// What a fresh read of a group shows.
struct GroupLook {
    private let observation: GroupObservation
    private let rows: Roster
    private let store: StoreMemory
    /// Who is there, by all that is known.
    let evidence: Evidence

    init(record: GroupRecord, rows: Roster, phones: IdentityTable, store: StoreMemory) {
        observation = GroupObservation(record: record, roster: rows, phones: phones, own: nil, store: store)
        self.rows = rows
        self.store = store
        evidence = Evidence(observation)
    }

    /// The same rows, taken for the group as it is.
    func following() -> GroupLook {
        GroupLook(record: observation.record, rows: rows, phones: observation.phones, store: StoreMemory(follows: true))
    }

    /// Whether the list is the group as it is, so that a change has to show in it.
    var isList: Bool { evidence.stored.basis == .list }

    /// How many it lists.
    var size: Int { evidence.members.count + evidence.stored.roster.foreignEntries }

    /// Whether it may be the whole group: a roster that is empty, has lost more than half, or lacks the session's own
    /// account where that was listed before, is a failed read.
    func isTrusted(after plan: GroupPlan) -> Bool {
        let removals = plan.actions.count { $0.operation == .remove }
        guard !evidence.members.isEmpty, evidence.members.count * 2 >= (plan.size ?? 0) - removals else { return false }
        return plan.ownEntries.isSubset(of: evidence.members.map(\.account))
    }

    /// Whether it lists as many as it should, so that who does not show is not there.
    func isWhole(after plan: GroupPlan) -> Bool {
        size >= (plan.size ?? 0) - plan.actions.count { $0.operation == .remove }
    }

    /// What has become of an action that was answered at a moment.
    func verdict(on action: PlannedAction, answeredAt: Timestamp) -> CallVerdict {
        evidence.verdict(
            on: action.operation, lid: action.lid, account: action.account, phone: action.phone, answeredAt: answeredAt)
    }

    /// Who somebody of an action is by what the gateway says: the next run may find them with another number.
    func identity(of action: PlannedAction) -> PersonReference? {
        let member = evidence.member(lid: action.lid, account: action.account, phone: action.phone)
        guard let member, member.isNumberTold, let lid = member.lid, let phone = member.phone else { return nil }
        return PersonReference(phone: phone, lid: lid, name: nil)
    }

    /// Whether an action shows that the gateway's store follows changes by itself: rows that are only ever added or stamped by a
    /// message cannot show it without a later snapshot.
    func findsToFollow(_ action: PlannedAction) -> Bool {
        guard case .snapshot(let moment) = evidence.stored.basis else { return false }
        guard let lid = action.lid, action.role != nil else { return false }
        switch action.operation {
        case .remove: return !rows.lists(.lid(lid))
        case .promote: return store.showsPromotion(of: lid, in: rows, at: moment)
        case .add, .demote: return false
        }
    }
}

extension GroupApplication {
    /// Reads the group until every accepted action shows, or the time to settle is over, and says what came of each.
    mutating func confirm(in worker: inout SessionWorker) async {
        let open = actionsToConfirm
        worker.hold(.taken(rowsTaken))
        let (last, isFull) = await look(in: &worker) { look in
            open.allSatisfy { look.verdict(on: plan.actions[$0], answeredAt: answeredAt($0)) == .shown }
        }
        guard var look = last else {
            // A group that the gateway has never read may well list nobody.
            if plan.doubt != .neverRead { noteNotReadAgain() }
            return
        }
        if !look.isList, learnsToFollow(from: look, open) {
            worker.hold(.storeFollows(plan.key.sessionKey, at: worker.applier.time.now()))
            look = look.following()
        }
        let (settled, rows, size) = conclusions(from: look, on: open, isFull: isFull)
        note(settled)
        if let size { note(sizeAfter: size.shown) }
        worker.hold(
            .settled(
                rows, in: plan.key, size: size.flatMap { $0.isTrusted ? $0.shown : nil },
                at: worker.applier.time.now()))
    }

    /// What a look tells of some actions, what later runs are to know of them, and how many members it shows where it shows the whole
    /// group.
    private mutating func conclusions(
        from look: GroupLook, on open: [Int], isFull: Bool
    ) -> (settled: [Int: ActionOutcome], rows: [SettledAction], size: (shown: Int, isTrusted: Bool)?) {
        // On a roster that was no ground to go by from the start, or was not looked at for long enough, absence proves
        // nothing: what does not show stays open for a later run, and the roster is not remembered as a good one.
        let isConclusive = isFull && plan.hasSoundRoster && look.isWhole(after: plan)
        let newcomerIsUnknown = !look.evidence.unresolved.subtracting(rosterLIDs).isEmpty
        var settled: [Int: ActionOutcome] = [:]
        var rows: [SettledAction] = []
        for index in open {
            let action = plan.actions[index]
            let verdict = look.verdict(on: action, answeredAt: answeredAt(index))
            // A call whose answer was lost and that does not show may never have arrived: nothing is concluded from it.
            guard verdict == .shown || outcomes[index].status == .accepted else { continue }
            // What the store cannot show yet stays as the gateway took it, and is no trouble.
            if verdict == .cannotTell { continue }
            guard verdict == .shown || isConclusive || !look.isList else {
                if plan.doubt != .neverRead { noteNotReadAgain() }
                continue
            }
            // Who is there already under another number that WhatsApp could not be asked about has not declined.
            let isUnchecked = action.operation == .add && !action.isChecked && verdict != .shown
            let outcome =
                verdict == .shown
                ? ActionOutcome(status: .confirmed)
                : isUnchecked ? .unchecked : .unconfirmed(action.operation, newcomerIsUnknown: newcomerIsUnknown)
            settled[index] = outcome
            rows.append(
                SettledAction(
                    id: self.rows[index].id, phone: action.phone, outcome: outcome,
                    // It counts as a try all the same: nobody is asked every night while WhatsApp cannot be asked.
                    note: note(of: action, verdict == .shown ? look : nil)))
        }
        let isCounted = look.isList || actionsToConfirm.allSatisfy { settled[$0] != nil }
        return (settled, rows, isCounted ? (look.size, isConclusive) : nil)
    }

    /// Looks once more at a group whose gateway has read it from WhatsApp since the calls, and says what came of those that did not
    /// show; what that was is left to the caller to commit.
    mutating func confirmAgain(at now: Timestamp) async -> JournalEntry? {
        guard case .success(let look) = await gateway.look(at: plan), look.isTrusted(after: plan) else { return nil }
        let (settled, rows, size) = conclusions(from: look, on: actionsToConfirm, isFull: true)
        note(settled)
        if let size { note(sizeAfter: size.shown) }
        return .settled(rows, in: plan.key, size: nil, at: now)
    }

    /// Whether what became of some actions shows that the session's store follows changes by itself.
    private func learnsToFollow(from look: GroupLook, _ open: [Int]) -> Bool {
        guard look.isWhole(after: plan) else { return false }
        return open.contains { index in
            outcomes[index].status == .accepted
                && look.findsToFollow(plan.actions[index])
        }
    }

    /// What later runs are to know of an action, given the look that shows it; nil where none does.
    private func note(of action: PlannedAction, _ look: GroupLook?) -> MemoryNote? {
        switch action.operation {
        case .add:
            look.map { .joined(isSighted: plan.remembersSightings, as: $0.identity(of: action)) }
                ?? .didNotShow(fingerprint: action.fingerprint ?? "")
        case .remove: .removed
        case .promote, .demote: nil
        }
    }

    /// The places among these of actions that have taken effect, though their answers were lost; nil where no roster tells.
    mutating func shown(of places: [Int], in worker: inout SessionWorker) async -> Set<Int>? {
        func isShown(_ place: Int, by look: GroupLook) -> Bool {
            look.verdict(on: plan.actions[place], answeredAt: answeredAt(place)) == .shown
        }
        return await look(in: &worker) { look in places.allSatisfy { isShown($0, by: look) } }
            .last.map { look in Set(places.filter { isShown($0, by: look) }) }
    }

    /// What is known of somebody who was just added when the time to settle is over; nil where no roster tells.
    mutating func verdict(on add: PlannedAction, in worker: inout SessionWorker) async -> CallVerdict? {
        let place = plan.actions.firstIndex { $0.operation == .add && $0.who == add.who }
        let moment = place.map(answeredAt) ?? worker.applier.time.now()
        var sought = add
        sought.operation = .add
        return await look(in: &worker) { $0.verdict(on: sought, answeredAt: moment) == .shown }
            .last?.verdict(on: sought, answeredAt: moment)
    }

    /// Reads the group again and again, with growing pauses, until it shows what is hoped for or the time is over.
    ///
    /// Returns the last look that can be trusted, nil where there was none, and whether the group was looked at for as long as
    /// a change may take to show: an interruption and the deadline end it before. A store that has shown nothing of an earlier
    /// group is looked at once.
    private func look(
        in worker: inout SessionWorker, until isEnough: (GroupLook) -> Bool
    ) async -> (last: GroupLook?, isFull: Bool) {
        await worker.commitHeld()
        let (time, control) = (worker.applier.time, worker.applier.control)
        let end = time.now().advanced(byMilliseconds: worker.applier.pace.settle.milliseconds)
        var pause: Int64 = 100
        var last: GroupLook?
        while true {
            switch await control.unlessInterrupted({ [gateway, plan] in await gateway.look(at: plan) }) {
            case nil: return (last, false)
            case .success(let look):
                if look.isTrusted(after: plan) {
                    last = look
                    if isEnough(look) {
                        if !look.isList { worker.showsNothing = false }
                        return (look, true)
                    }
                    if worker.showsNothing, !look.isList { return (look, true) }
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
            guard left > 0 else {
                if let last, !last.isList { worker.showsNothing = true }
                return (last, true)
            }
            guard await worker.rest(for: min(pause, left)) else { return (last, false) }
            pause *= 2
        }
    }
}

extension WritableGateway {
    /// Reads a group's members, and who they are; where their rows carry moments, also how many they should be.
    fileprivate func look(at plan: GroupPlan) async -> Result<GroupLook, GatewayError> {
        let key = plan.key
        do throws(GatewayError) {
            let rows = try await reading.members(of: key.group, of: key.session)
            let contacts = try await reading.contacts(of: key.session, in: key.group)
            let carriesMoments = !plan.store.follows && rows.members.contains { $0.lastSeenAt != nil }
            let record =
                carriesMoments
                ? try await reading.group(key.group, of: key.session)
                : GroupRecord(id: key.group, subject: nil, owner: nil, participantCount: nil)
            return .success(
                GroupLook(record: record, rows: rows, phones: contacts.phonesByLID, store: plan.store))
        } catch {
            return .failure(error)
        }
    }
}

extension ActionOutcome {
    /// What is said of an add that does not show, of somebody who may be in the group under another number.
    fileprivate static let unchecked = ActionOutcome(
        status: .unknown, errorCode: "unchecked",
        error:
            "the gateway took the call; WhatsApp could not be asked about the number, so the person has declined, or is in the "
            + "group under another one")

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

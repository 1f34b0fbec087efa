import Core
import GatewayAPI
import RunLedger

/// What a fresh read of a group shows.
struct FreshRead {
    private let observation: GroupObservation
    private let rows: Roster
    private let store: StoreMemory
    /// The members, by all that is known.
    let evidence: Evidence

    init(record: GroupRecord, rows: Roster, phones: IdentityTable, store: StoreMemory) {
        observation = GroupObservation(record: record, roster: rows, phones: phones, own: nil, store: store)
        self.rows = rows
        self.store = store
        evidence = Evidence(observation)
    }

    /// Returns the same rows, trusted as the group's current state.
    func following() -> FreshRead {
        FreshRead(
            record: observation.record, rows: rows, phones: observation.phones, store: StoreMemory(followsChanges: true)
        )
    }

    /// Whether the list is the group's current state, so that every change must show in it.
    var isList: Bool { evidence.stored.basis == .list }

    /// How many entries it has.
    var size: Int { evidence.members.count + evidence.stored.roster.foreignEntryCount }

    /// Whether it may be the whole group.
    ///
    /// A roster that is empty, lost more than half, or lacks the session's own account although it was listed before is
    /// a failed read.
    func isTrusted(after plan: GroupPlan) -> Bool {
        let removals = plan.actions.count { $0.operation == .remove }
        guard !evidence.members.isEmpty, evidence.members.count * 2 >= (plan.size ?? 0) - removals else { return false }
        return plan.ownEntries.isSubset(of: evidence.members.map(\.account))
    }

    /// Whether it lists as many members as expected, so that a person who is not listed is not in the group.
    func isWhole(after plan: GroupPlan) -> Bool {
        size >= (plan.size ?? 0) - plan.actions.count { $0.operation == .remove }
    }

    /// Judges an action that was answered at a moment.
    func verdict(on action: PlannedAction, answeredAt: Timestamp) -> CallVerdict {
        evidence.verdict(
            on: action.operation, lid: action.lid, account: action.account, phone: action.phone, answeredAt: answeredAt)
    }

    /// Returns the number and LID of an action's person, as the gateway reports them now; nil if it does not.
    func identity(of action: PlannedAction) -> PersonReference? {
        let member = evidence.member(lid: action.lid, account: action.account, phone: action.phone)
        guard let member, member.isNumberKnown, let lid = member.lid, let phone = member.phone else { return nil }
        return PersonReference(phone: phone, lid: lid, name: nil)
    }

    /// Whether an action proves that the gateway's store keeps itself current.
    ///
    /// A store whose rows are only added, or stamped by a message, cannot show the action without a later snapshot.
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
    /// Reads the group until every accepted action shows or the settle time is over, then records each result.
    mutating func confirm() async {
        let open = actionsToConfirm
        session.enqueue(.taken(rowsTaken))
        let (last, isFull) = await look { look in
            open.allSatisfy { look.verdict(on: plan.actions[$0], answeredAt: answeredAt($0)) == .shown }
        }
        guard var look = last else {
            // A group that the gateway has never read may list nobody.
            if plan.doubt != .neverRead { noteNotReadAgain() }
            return
        }
        if !look.isList, learnsToFollow(from: look, open) {
            session.enqueue(.storeFollows(plan.key.sessionKey, at: session.now))
            look = look.following()
        }
        let (settled, rows, size) = conclusions(from: look, on: open, isFull: isFull)
        note(settled)
        if let size { note(sizeAfter: size.shown) }
        session.enqueue(
            .settled(
                rows, in: plan.key, size: size.flatMap { $0.isTrusted ? $0.shown : nil },
                at: session.now))
    }

    /// Judges some actions by a look: the outcomes, what later runs must know, and the size if the whole group shows.
    private mutating func conclusions(
        from look: FreshRead, on open: [Int], isFull: Bool
    ) -> (settled: [Int: ActionOutcome], rows: [SettledAction], size: (shown: Int, isTrusted: Bool)?) {
        // If the roster could not be trusted from the start, or the look was too short, absence proves nothing: the
        // call stays open for a later run, and its size is not stored as the size of a good roster.
        let isConclusive = isFull && plan.hasSoundRoster && look.isWhole(after: plan)
        let newcomerIsUnknown = !look.evidence.unresolved.subtracting(rosterLIDs).isEmpty
        var settled: [Int: ActionOutcome] = [:]
        var rows: [SettledAction] = []
        for index in open {
            let action = plan.actions[index]
            let verdict = look.verdict(on: action, answeredAt: answeredAt(index))
            // A call whose answer was lost and that no roster shows may never have arrived, so nothing is concluded.
            guard verdict == .shown || outcomes[index].status == .accepted else { continue }
            // What the store cannot show yet stays accepted, and is no error.
            if verdict == .cannotTell { continue }
            guard verdict == .shown || isConclusive || !look.isList else {
                if plan.doubt != .neverRead { noteNotReadAgain() }
                continue
            }
            // A person who is in the group under another number, which could not be looked up, has not declined.
            let isUnchecked = action.operation == .add && !action.isChecked && verdict != .shown
            let outcome =
                verdict == .shown
                ? ActionOutcome(status: .confirmed)
                : isUnchecked ? .unchecked : .unconfirmed(action.operation, newcomerIsUnknown: newcomerIsUnknown)
            settled[index] = outcome
            rows.append(
                SettledAction(
                    id: self.rows[index].id, phone: action.phone, outcome: outcome,
                    // It still counts as a try, so that nobody is added every night while WhatsApp cannot be asked.
                    note: note(of: action, verdict == .shown ? look : nil)))
        }
        let isCounted = look.isList || actionsToConfirm.allSatisfy { settled[$0] != nil }
        return (settled, rows, isCounted ? (look.size, isConclusive) : nil)
    }

    /// Reads the group again after a backfill, and judges the calls that did not show.
    mutating func confirmAgain() async {
        let now = session.now
        guard case .success(let look) = await gateway.look(at: plan), look.isTrusted(after: plan) else { return }
        let (settled, rows, size) = conclusions(from: look, on: actionsToConfirm, isFull: true)
        note(settled)
        if let size { note(sizeAfter: size.shown) }
        session.enqueue(.settled(rows, in: plan.key, size: nil, at: now))
    }

    /// Whether some actions prove that the session's store keeps itself current.
    private func learnsToFollow(from look: FreshRead, _ open: [Int]) -> Bool {
        guard look.isWhole(after: plan) else { return false }
        return open.contains { index in outcomes[index].status == .accepted && look.findsToFollow(plan.actions[index]) }
    }

    /// Returns what later runs must know about an action; `look` is the look that shows it, or nil.
    private func note(of action: PlannedAction, _ look: FreshRead?) -> MemoryNote? {
        switch action.operation {
        case .add:
            look.map { .joined(isSighted: plan.remembersSightings, as: $0.identity(of: action)) }
                ?? .didNotShow(fingerprint: action.fingerprint ?? "")
        case .remove: .removed
        case .promote, .demote: nil
        }
    }

    /// Returns which of these actions took effect although their answers were lost; nil if no roster could be read.
    mutating func shown(of positions: [Int]) async -> Set<Int>? {
        func isShown(_ position: Int, by look: FreshRead) -> Bool {
            look.verdict(on: plan.actions[position], answeredAt: answeredAt(position)) == .shown
        }
        return await look { look in positions.allSatisfy { isShown($0, by: look) } }
            .last.map { look in Set(positions.filter { isShown($0, by: look) }) }
    }

    /// Judges an add when the settle time is over; nil if no roster could be read.
    mutating func verdict(on add: PlannedAction) async -> CallVerdict? {
        let position = plan.actions.firstIndex { $0.operation == .add && $0.identity == add.identity }
        let moment = position.map(answeredAt) ?? session.now
        var sought = add
        sought.operation = .add
        return await look { $0.verdict(on: sought, answeredAt: moment) == .shown }
            .last?.verdict(on: sought, answeredAt: moment)
    }

    /// Reads the group again, with growing pauses, until it shows what is expected or the settle time is over.
    ///
    /// Returns the last look that can be trusted, or nil, and whether the look was long enough; an interruption or the
    /// deadline makes it shorter. A store that showed nothing for an earlier group is read only once.
    private func look(
        until isEnough: (FreshRead) -> Bool
    ) async -> (last: FreshRead?, isFull: Bool) {
        await session.commitQueued()
        let control = session.applier.planning.control
        let end = session.now.advanced(byMilliseconds: session.pace.settle.milliseconds)
        var pause: Int64 = 100
        var last: FreshRead?
        while true {
            switch await control.unlessInterrupted({ [gateway, plan] in await gateway.look(at: plan) }) {
            case nil: return (last, false)
            case .success(let look):
                if look.isTrusted(after: plan) {
                    last = look
                    if isEnough(look) {
                        if !look.isList { session.noteRead(showsChange: true) }
                        return (look, true)
                    }
                    if session.readsAreUseless, !look.isList { return (look, true) }
                }
            case .failure(let error):
                // The deadline cancelled the call; a later look would fail too.
                if case .cancelled = error { return (last, false) }
                if error.kind == .credentialsRejected {
                    control.stop(.credentialsRejected)
                    return (last, false)
                }
                if error.kind.isDisconnected {
                    session.end(because: error.message)
                    return (last, false)
                }
            }
            let left = end.milliseconds - session.now.milliseconds
            guard left > 0 else {
                if let last, !last.isList { session.noteRead(showsChange: false) }
                return (last, true)
            }
            guard await session.rest(for: min(pause, left)) else { return (last, false) }
            pause *= 2
        }
    }
}

extension WritableGateway {
    /// Reads a group's members and contacts, and its record if the rows carry moments.
    fileprivate func look(at plan: GroupPlan) async -> Result<FreshRead, GatewayError> {
        let key = plan.key
        do throws(GatewayError) {
            let rows = try await reading.members(of: key.group, of: key.session)
            let contacts = try await reading.contacts(of: key.session, in: key.group)
            let carriesMoments = !plan.store.followsChanges && rows.members.contains { $0.lastSeenAt != nil }
            let record =
                carriesMoments
                ? try await reading.group(key.group, of: key.session)
                : GroupRecord(id: key.group, subject: nil, owner: nil, participantCount: nil)
            return .success(FreshRead(record: record, rows: rows, phones: contacts.phonesByLID, store: plan.store))
        } catch {
            return .failure(error)
        }
    }
}

extension ActionOutcome {
    /// The outcome of an add that the roster does not show, if the person may be in the group under another number.
    fileprivate static let unchecked = ActionOutcome(
        status: .unknown, errorCode: "unchecked",
        error:
            "Rollcall sent the add, but the person never appeared in the group: they declined, or they are in the "
            + "group under another number that Rollcall could not look up")

    /// Returns the outcome of an accepted call that the roster does not show.
    fileprivate static func unconfirmed(_ operation: Operation, newcomerIsUnknown: Bool) -> ActionOutcome {
        guard operation == .add else {
            return ActionOutcome(
                status: .unknown, errorCode: "unconfirmed",
                error: "sent, but the member list does not show the change yet")
        }
        guard !newcomerIsUnknown else {
            return ActionOutcome(
                status: .unknown, errorCode: "unconfirmed",
                error:
                    "sent, not confirmed: the group has a new member with a hidden number, who may be this person"
            )
        }
        return ActionOutcome(
            status: .declined, errorCode: "declined", error: "sent, but the person never appeared in the group")
    }

    /// The outcome of a failed call.
    init(failure: GatewayError) {
        self.init(
            status: failure.kind.effectIsUnknown ? .unknown : .failed, httpStatus: failure.httpStatus,
            errorCode: failure.code, error: failure.message)
    }
}

import Core
import GatewayAPI
import RunLedger

extension GroupReader {
    /// How many LIDs of one group are looked up one by one in a run; the rest follow in the next.
    private static let singleLookUps = 20

    /// Reads one group and drafts its plan.
    func examine(
        _ index: Int, of request: ReadRequest, in sessions: [SessionKey: SessionReading],
        refreshing: [(group: GroupID, lid: LID)]
    ) async throws -> GroupReading {
        let key = request.groups[index]
        do throws(GatewayError) {
            switch try await readInTurn(key, in: sessions) {
            case .seen(let read):
                let (observation, storeFollows) = observe(read, of: key, request)
                var groupReading = try await examine(index, observation, of: request, refreshing: refreshing)
                groupReading.snapshot = observation.stored.news
                groupReading.storeFollows = storeFollows
                groupReading.members = request.membersToNote(observation, of: key)
                breaker.noteSuccess(of: key.sessionKey)
                return groupReading
            case .skipped(let fault): return skipped(index, of: request, fault)
            }
        } catch {
            try rethrowIfFatal(error, from: key.gateway)
            return skipped(index, of: request, .gateway(error))
        }
    }

    private func skipped(_ index: Int, of request: ReadRequest, _ fault: GroupFault) -> GroupReading {
        GroupReading(
            index: index, key: request.groups[index], draft: Planner.draft(request.desired(index), fault: fault))
    }

    /// Compares a group that was read, and looks up as few identities as a safe plan needs.
    ///
    /// What earlier runs learned may identify a wanted person, but never a stranger. Before Rollcall removes or demotes
    /// somebody, it asks the gateway in this run who they are.
    private func examine(
        _ index: Int, _ observation: GroupObservation, of request: ReadRequest, refreshing: [(group: GroupID, lid: LID)]
    ) async throws(GatewayError) -> GroupReading {
        let key = request.groups[index]
        let (memory, remembered) = (request.memory(of: key), request.remembered(of: key))
        let settled = QuickComparison.draft(
            of: key.group, observation, remembered: remembered, memory: memory, wanted: { request.desiredRoles(index) })
        if let settled { return GroupReading(index: index, key: key, draft: settled) }
        let desired = request.desired(index)
        var identities = Identities(
            desired: desired, remembered: remembered, elsewhere: request.rememberedElsewhere(than: key),
            asked: memory.asked[key.group] ?? [:], checks: memory.checks)
        var seen = observation
        identities.take(seen)
        seen.checks = memory.checks
        seen.phones = identities.phones
        // If the contacts are read anyway, a comparison without them is useless.
        var early = identities.hasUnasked ? nil : draft(desired, seen, of: request)
        let refreshed = refreshing.filter { $0.group == key.group }.map(\.lid)
        let asksContacts = early?.isEmpty != true
        if asksContacts || !refreshed.isEmpty {
            if asksContacts {
                let contacts = try await inTurn(key) { () throws(GatewayError) in try await self.contacts(of: key) }
                identities.take(contacts.phonesByLID)
                seen.nicknamed = contacts.filter { $0.name?.isEmpty == false }
            }
            let unknown = Set(identities.unknown(again: true))
            let lids = identities.unknown(again: false).prefix(Self.singleLookUps) + refreshed.filter(unknown.contains)
            try await lookUp(Array(lids), for: &identities, of: key)
            // A LID that is gone or known by now has had its turn too.
            for lid in refreshed where !unknown.contains(lid) { identities.take(nil, for: lid) }
            seen.phones = identities.phones
            seen.recalled = identities.recalled
            seen.changed = identities.changed
            early = nil
        }
        var groupReading = GroupReading(index: index, key: key, draft: early ?? draft(desired, seen, of: request))
        groupReading.identities = identities
        groupReading.learned = identities.learned
        groupReading.asked = identities.askedNow
        groupReading.note(desired, seen, memory)
        return groupReading
    }

    func draft(_ desired: DesiredGroup, _ seen: GroupObservation, of request: ReadRequest) -> GroupDraft {
        let session = request.memory(of: desired.key)
        var memory = GroupMemory(
            session, of: desired.key.group, request.identities(of: desired.key, learned: seen.knownElsewhere))
        let lastDay = request.rules.now.advanced(byMilliseconds: -86_400_000)
        // If the store cannot show calls, an accepted call already counts as done.
        memory.recentRemovals = (session.openCalls[desired.key.group] ?? []).filter { call in
            (call.operation == .demote || call.operation == .remove) && call.sentAt > lastDay
                && (seen.stored.basis == .list || !call.wasAccepted)
        }
        let open = session.addsNotShown(by: Evidence(seen), desired)
        var draft = Planner.draft(desired, seen, memory: memory, rules: request.rules)
        guard !open.isEmpty else { return draft }
        // A trusted roster shows that an add was a failed try; any other roster proves nothing.
        for (phone, add) in open {
            if draft.hasSoundRoster {
                memory.declined[phone] = add.tries
            } else {
                memory.unconfirmedAdds[phone] = add.tries.lastTriedAt
            }
        }
        draft = Planner.draft(desired, seen, memory: memory, rules: request.rules)
        return draft
    }

    /// The result of a group's turn to be read.
    private enum Turn {
        case seen(RawGroup)
        case skipped(GroupFault)
    }

    /// Reads a group when it is its turn, unless its session has been given up by then.
    private func readInTurn(
        _ key: GroupKey, in sessions: [SessionKey: SessionReading]
    ) async throws(GatewayError) -> Turn {
        try await inTurn(key) { () throws(GatewayError) in
            if let fault = breaker.fault(of: key.sessionKey) { return .skipped(fault) }
            let session = sessions[key.sessionKey] ?? SessionReading()
            guard let gateway = gateways[key.gateway]?.reading else { throw .cancelled(.group(key.session, key.group)) }
            if let fault = session.fault { throw fault }
            let record =
                if let listed = session.groups[key.group] { listed } else {
                    try await gateway.group(key.group, of: key.session)
                }
            let rows = try await gateway.members(of: key.group, of: key.session)
            return .seen(RawGroup(record: record, rows: rows, own: session.own, sessionStatus: session.status))
        }
    }

    /// Asks a gateway when it is the group's turn, and records a failure before the next turn.
    ///
    /// `countingFailures` is whether failures count against the session; those of single people do not.
    private func inTurn<Value>(
        _ key: GroupKey, countingFailures: Bool = true, _ ask: () async throws(GatewayError) -> Value
    ) async throws(GatewayError) -> Value {
        try await slots.withSlot { () throws(GatewayError) in
            if let rejection = breaker.rejection(by: key.gateway) { throw rejection }
            do throws(GatewayError) {
                return try await ask()
            } catch {
                breaker.noteRejection(error, by: key.gateway)
                if countingFailures { breaker.note(error, of: key.sessionKey) }
                throw error
            }
        }
    }

    /// Interprets the rows of a group by what is known about its session's store, and returns what they newly prove
    /// about the store.
    private func observe(
        _ read: RawGroup, of key: GroupKey, _ request: ReadRequest
    ) -> (GroupObservation, storeFollows: Bool?) {
        var store = StoreMemory(request.memory(of: key), of: key.group)
        func observation() -> GroupObservation {
            GroupObservation(
                record: read.record, roster: read.rows, phones: IdentityTable(), own: read.own,
                sessionStatus: read.sessionStatus, store: store)
        }
        let seen = observation()
        guard !store.calls.isEmpty || store.followsChanges,
            let followsChanges = store.findsToFollow(read.rows, read.record, at: request.rules.now),
            followsChanges != store.followsChanges
        else { return (seen, nil) }
        store.followsChanges = followsChanges
        return (observation(), followsChanges)
    }

    private func contacts(of key: GroupKey) async throws(GatewayError) -> [ContactRecord] {
        guard let gateway = gateways[key.gateway] else { return [] }
        return try await gateway.reading.contacts(of: key.session, in: key.group)
    }

    /// Looks up members that are missing from the group's contacts, one by one.
    private func lookUp(_ lids: [LID], for identities: inout Identities, of key: GroupKey) async throws(GatewayError) {
        guard let gateway = gateways[key.gateway] else { return }
        for lid in lids {
            do {
                let contact = try await inTurn(key, countingFailures: false) { () throws(GatewayError) in
                    try await gateway.reading.contact(lid, of: key.session)
                }
                identities.take(contact.phone, for: lid)
            } catch {
                switch error.kind {
                case .notFound: identities.take(nil, for: lid)
                case .credentialsRejected, .notConnected, .cancelled: throw error
                // A member that cannot be looked up stays unresolved, and the run goes on.
                default: return
                }
            }
        }
    }
}

extension [ContactRecord] {
    /// The known numbers behind the LIDs of some contacts.
    ///
    /// A LID with two different numbers gets none, as nobody knows which one is right.
    var phonesByLID: IdentityTable {
        let known = compactMap { contact in contact.phone.map { (key: contact.lid, value: $0) } }
        let phones = IdentityTable(known)
        let disputed = Set(known.lazy.filter { phones[$0.key] != $0.value }.map(\.key))
        return disputed.isEmpty ? phones : phones.filter { lid, _ in !disputed.contains(lid) }
    }
}

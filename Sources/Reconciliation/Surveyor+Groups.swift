import GatewayAPI
import Membership
import RunLedger

extension Surveyor {
    /// How many LIDs of one group are asked for one by one in a run; the rest has its turn in the next.
    private static let singleLookUps = 20

    /// Reads one group and drafts its plan, asking for as few identities as a sound plan needs.
    ///
    /// What earlier runs learned may recognise someone as wanted. It never names anyone as a stranger: before someone
    /// is taken away the gateway is asked in this run who they are.
    func examine(
        _ index: Int, of request: SurveyRequest, in sessions: [SessionKey: SessionSurvey], refreshes: Bool
    ) async throws -> Examination {
        let (key, desired) = (request.groups[index], request.desired(index))
        if let fault = breaker.fault(of: key.sessionKey) {
            return Examination(index: index, key: key, draft: Planner.draft(desired, fault: fault))
        }
        let memory = request.memory(of: key)
        var identities = Identities(desired: desired, remembered: memory.phones, asked: memory.asked[key.group] ?? [:])
        do throws(GatewayError) {
            var seen = try await read(key, in: sessions)
            identities.take(seen)
            seen.checks = memory.checks
            seen.phones = identities.phones
            var draft = draft(desired, seen, of: request)
            if refreshes || identities.hasUnasked || !draft.isEmpty {
                let contacts = try await contacts(of: key)
                identities.take(contacts)
                try await lookUpSingly(&identities, of: key)
                if refreshes { identities.noteAskedAgain() }
                seen.phones = identities.phones
                draft = self.draft(desired, seen, of: request)
            }
            var examination = Examination(index: index, key: key, draft: draft)
            examination.learned = identities.learned
            examination.asked = identities.askedNow
            examination.note(desired, seen, memory)
            breaker.noteSuccess(of: key.sessionKey)
            return examination
        } catch {
            try rethrowIfFatal(error, from: key.gateway)
            breaker.note(error, of: key.sessionKey)
            return Examination(index: index, key: key, draft: Planner.draft(desired, fault: .gateway(error)))
        }
    }

    func draft(_ desired: DesiredGroup, _ seen: GroupObservation, of request: SurveyRequest) -> GroupDraft {
        var memory = GroupMemory(request.memory(of: desired.key), of: desired.key.group)
        for (phone, add) in request.memory(of: desired.key).addsNotShown(by: seen, desired) {
            memory.declined[phone] = add.tries
        }
        return Planner.draft(desired, seen, memory: memory, rules: request.rules)
    }

    private func read(
        _ key: GroupKey, in sessions: [SessionKey: SessionSurvey]
    ) async throws(GatewayError) -> GroupObservation {
        let session = sessions[key.sessionKey] ?? SessionSurvey()
        guard let gateway = gateways[key.gateway] else { throw .cancelled(.group(key.session, key.group)) }
        if let fault = session.fault { throw fault }
        let record: GroupRecord
        if let listed = session.groups[key.group] {
            record = listed
        } else {
            record = try await gateway.reading.group(key.group, of: key.session)
        }
        return GroupObservation(
            record: record, roster: try await gateway.reading.members(of: key.group, of: key.session), phones: [:],
            own: session.own, sessionStatus: session.status)
    }

    private func contacts(of key: GroupKey) async throws(GatewayError) -> [LID: PhoneNumber] {
        guard let gateway = gateways[key.gateway] else { return [:] }
        return try await gateway.reading.contacts(of: key.session, in: key.group).phonesByLID
    }

    /// Asks for the members whom the group's contacts do not tell, one by one.
    private func lookUpSingly(
        _ identities: inout Identities, of key: GroupKey
    ) async throws(GatewayError) {
        guard let gateway = gateways[key.gateway] else { return }
        for lid in identities.unknown(again: false).prefix(Self.singleLookUps) {
            do {
                let contact = try await gateway.reading.contact(lid, of: key.session)
                identities.take(contact.phone, for: lid)
            } catch {
                switch error {
                case .refused(_, let refusal) where refusal.status == 404: identities.take(nil, for: lid)
                case .refused(_, let refusal) where refusal.status == 401 || refusal.status == 501: throw error
                case .cancelled: throw error
                // Who cannot be told stays unresolved, and the rest of the run does not hang on it.
                case .refused, .unreadable, .noAnswer: return
                }
            }
        }
    }
}

extension [ContactRecord] {
    /// The numbers behind the LIDs of some contacts, as far as they are known.
    ///
    /// A LID that comes with two different numbers has none: which one is right cannot be told.
    var phonesByLID: [LID: PhoneNumber] {
        var phones: [LID: PhoneNumber] = [:]
        var disputed: Set<LID> = []
        for contact in self {
            guard let phone = contact.phone else { continue }
            if let other = phones.updateValue(phone, forKey: contact.lid), other != phone {
                disputed.insert(contact.lid)
            }
        }
        for lid in disputed { phones[lid] = nil }
        return phones
    }
}

import Core
import FoundationEssentials

extension WorldState {
    /// `POST …/members`: treats each participant separately; the answer is always 204.
    mutating func add(
        _ text: String, _ groupText: String, _ request: AdmittedRequest, trace: inout RequestTrace
    ) throws(SimulatedRefusal) -> SimulatedResponse {
        let session = try session(text, request)
        let phones = try Self.participants(request.body)
        let (group, _) = try group(groupText, of: session)
        try requireConnection(session)
        try requireAdmin(session, in: group)
        try countChange(of: session)
        trace.session = session.id
        for phone in phones { addAttempts[phone, default: [:]][group.id, default: 0] += 1 }
        if behaviour.failsWholeBatch, let bad = phones.first(where: { accounts.account(reachedBy: $0) == nil }) {
            for phone in phones where accounts.account(reachedBy: phone) == nil {
                trace.effects.append(ParticipantEffect(group: group.id, phone: phone, outcome: .notOnWhatsApp))
            }
            throw .invalid("The participant \(bad.jid) is not on WhatsApp.", field: "participants")
        }
        for phone in phones {
            let outcome = add(phone, to: group.id, now: trace.now)
            trace.effects.append(ParticipantEffect(group: group.id, phone: phone, outcome: outcome))
        }
        return .done
    }

    /// `DELETE …/members/{jid}`: 204 whether or not there was someone to remove.
    mutating func remove(
        _ jid: String, _ text: String, _ groupText: String, _ request: AdmittedRequest, trace: inout RequestTrace
    ) throws(SimulatedRefusal) -> SimulatedResponse {
        let (group, account, person) = try admit(jid, text, groupText, request, trace: &trace)
        func note(_ outcome: ParticipantEffect.Outcome) {
            trace.effects.append(
                ParticipantEffect(group: group.id, phone: person.phone, lid: person.lid, outcome: outcome))
        }
        guard let account, group.role(of: account.lid) != nil else {
            note(.notAMember)
            return .done
        }
        if account.lid == group.creator {
            note(.creator)
            return try answerForCreator()
        }
        groups[group.id]?.leave(account.lid)
        spread(group.id, newcomer: nil, now: trace.now)
        note(.removed)
        return .done
    }

    /// `POST …/members/{jid}/promote` and `…/demote`: 404 for a non-member, or 204 if failures are masked.
    mutating func setRole(
        _ role: Role, _ jid: String, _ text: String, _ groupText: String, _ request: AdmittedRequest,
        trace: inout RequestTrace
    ) throws(SimulatedRefusal) -> SimulatedResponse {
        let (group, account, person) = try admit(jid, text, groupText, request, trace: &trace)
        func note(_ outcome: ParticipantEffect.Outcome) {
            trace.effects.append(
                ParticipantEffect(group: group.id, phone: person.phone, lid: person.lid, outcome: outcome))
        }
        guard let account, let current = group.role(of: account.lid) else {
            note(.notAMember)
            guard behaviour.masksFailures else { throw .notFound("Member") }
            return .done
        }
        guard current != role else {
            note(role == .admin ? .alreadyAdmin : .alreadyMember)
            return .done
        }
        if role == .member, account.lid == group.creator {
            note(.creator)
            return try answerForCreator()
        }
        groups[group.id]?.setRole(role, of: account.lid)
        spread(group.id, newcomer: nil, now: trace.now)
        note(role == .admin ? .promoted : .demoted)
        return .done
    }

    /// Shows a change to every session that sees the group.
    mutating func spread(_ id: GroupID, newcomer: LID?, now: Timestamp) {
        guard let group = groups[id] else { return }
        for session in group.sessions { sessions[session]?.note(group, newcomer: newcomer, now: now) }
    }

    private mutating func add(_ phone: PhoneNumber, to id: GroupID, now: Timestamp) -> ParticipantEffect.Outcome {
        guard let account = accounts.account(reachedBy: phone) else { return .notOnWhatsApp }
        guard let group = groups[id], group.role(of: account.lid) == nil else { return .already }
        if account.adds.declines(id) { return .declined }
        guard group.members.count < group.sizeLimit else { return .full }
        groups[id]?.join(account.lid, role: .member, at: now)
        spread(id, newcomer: account.lid, now: now)
        return .added
    }

    /// Counts a change that reaches WhatsApp, and refuses it above the rate limit.
    private mutating func countChange(of session: SessionState) throws(SimulatedRefusal) {
        if let most = behaviour.changesBeforeRateLimit, session.changes >= most {
            throw behaviour.masksFailures ? .masked : .rateLimited
        }
        sessions[session.id]?.changes += 1
    }

    /// Admits a change of one person; returns the group, the account, and how the path names it.
    private mutating func admit(
        _ jid: String, _ text: String, _ groupText: String, _ request: AdmittedRequest, trace: inout RequestTrace
    ) throws(SimulatedRefusal) -> (group: GroupState, account: Account?, person: (phone: PhoneNumber, lid: LID?)) {
        let session = try session(text, request)
        let id = try user(jid)
        let (group, _) = try group(groupText, of: session)
        try requireConnection(session)
        try requireAdmin(session, in: group)
        try countChange(of: session)
        trace.session = session.id
        switch id {
        case .phone(let phone): return (group, accounts.account(spelt: phone), (phone, nil))
        case .lid(let lid):
            let account = accounts[lid]
            return (group, account, (account?.phone ?? ParticipantEffect.nobody, lid))
        }
    }

    private func answerForCreator() throws(SimulatedRefusal) -> SimulatedResponse {
        switch behaviour.creatorProtection {
        case .silent: return .done
        case .forbidden: throw .forbidden("The group's creator cannot be removed or demoted.")
        }
    }

    private struct AddBody: Decodable {
        let participants: [String]
    }

    private static func participants(_ body: [UInt8]) throws(SimulatedRefusal) -> [PhoneNumber] {
        guard let decoded = try? JSONDecoder().decode(AddBody.self, from: Data(body)) else {
            throw .invalid("The body must be a JSON object with a list 'participants'.", field: "participants")
        }
        guard !decoded.participants.isEmpty else {
            throw .invalid("The list 'participants' must not be empty.", field: "participants")
        }
        var phones: [PhoneNumber] = []
        for jid in decoded.participants { phones.append(try userNumber(jid)) }
        return phones
    }

    /// Returns the account that a path names: by number, or by LID if the gateway accepts LIDs.
    private func user(_ jid: String) throws(SimulatedRefusal) -> AccountID {
        if behaviour.takesLIDs, case .lid(let lid) = try? AccountID(parsing: jid), lid.description == jid {
            return .lid(lid)
        }
        return .phone(try Self.userNumber(jid))
    }

    /// Returns the number of a JID spelt exactly as the API requires: digits, then `@s.whatsapp.net`.
    private static func userNumber(_ jid: String) throws(SimulatedRefusal) -> PhoneNumber {
        guard case .phone(let phone) = try? AccountID(parsing: jid), phone.jid == jid else {
            throw .invalid("'\(jid)' is not a user JID of the form 6281234567890@s.whatsapp.net.", field: "jid")
        }
        return phone
    }
}

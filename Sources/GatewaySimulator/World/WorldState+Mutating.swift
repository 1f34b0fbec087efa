import Core
import FoundationEssentials

extension WorldState {
    /// `POST …/members`: treats each participant separately; the answer is always 204.
    mutating func add(_ request: inout ServedRequest) throws(SimulatedRefusal) -> SimulatedResponse {
        let session = try session(request)
        let phones = try Self.participants(request.received.body)
        let (group, _) = try group(request, of: session)
        try admitChange(&request, by: session, in: group)
        for phone in phones { addAttempts[phone, default: [:]][group.id, default: 0] += 1 }
        if behaviour.failsWholeBatch, let bad = phones.first(where: { accounts.lid(reachedBy: $0) == nil }) {
            for phone in phones where accounts.lid(reachedBy: phone) == nil {
                request.effects.append(ParticipantEffect(group: group.id, phone: phone, outcome: .notOnWhatsApp))
            }
            throw .invalid("The participant \(bad.jid) is not on WhatsApp.", field: "participants")
        }
        for phone in phones {
            let outcome = add(phone, to: group.id, now: request.now)
            request.effects.append(ParticipantEffect(group: group.id, phone: phone, outcome: outcome))
        }
        return .done
    }

    /// `POST …/members/{jid}/promote` and `…/demote`, and without a role `DELETE …/members/{jid}`.
    ///
    /// A removal answers 204 whether or not there was someone to remove; a change of a non-member's role answers 404, or
    /// 204 if failures are masked.
    mutating func setRole(_ role: Role?, _ request: inout ServedRequest) throws(SimulatedRefusal) -> SimulatedResponse {
        let session = try session(request)
        let id = try user(request.names[2])
        let (group, _) = try group(request, of: session)
        try admitChange(&request, by: session, in: group)
        let lid = lid(id)
        let outcome: ParticipantEffect.Outcome =
            switch (lid.flatMap { group.role(of: $0) }, role) {
            case (nil, _): .notAMember
            case (.admin, .admin): .alreadyAdmin
            case (.member, .member): .alreadyMember
            case (_, let role) where role != .admin && lid == group.creator: .creator
            case (_, .admin): .promoted
            case (_, .member): .demoted
            case (_, nil): .removed
            }
        let phone = id.phone ?? lid.flatMap { accounts[$0]?.phone } ?? ParticipantEffect.nobody
        request.effects.append(ParticipantEffect(group: group.id, phone: phone, lid: id.lid, outcome: outcome))
        if outcome == .notAMember, role != nil, !behaviour.masksFailures { throw .notFound("Member") }
        if outcome == .creator, behaviour.creatorProtection == .forbidden {
            throw .forbidden("The group's creator cannot be removed or demoted.")
        }
        if let lid, outcome.isChange {
            groups[group.id]?.setRole(role, of: lid)
            spread(group.id, newcomer: nil, now: request.now)
        }
        return .done
    }

    /// Shows a change to every session that sees the group.
    mutating func spread(_ id: GroupID, newcomer: LID?, now: Timestamp) {
        guard let group = groups[id] else { return }
        for session in group.seed.sessions { sessions[session]?.note(group, newcomer: newcomer, now: now) }
    }

    private mutating func add(_ phone: PhoneNumber, to id: GroupID, now: Timestamp) -> ParticipantEffect.Outcome {
        guard let lid = accounts.lid(reachedBy: phone) else { return .notOnWhatsApp }
        guard let group = groups[id], group.role(of: lid) == nil else { return .already }
        if accounts[lid]?.adds.declines(id) == true { return .declined }
        guard group.members.count < group.sizeLimit else { return .full }
        groups[id]?.join(lid, role: .member, at: now)
        spread(id, newcomer: lid, now: now)
        return .added
    }

    /// Refuses a change unless the session is connected, an admin and below the rate limit; then counts it.
    private mutating func admitChange(
        _ request: inout ServedRequest, by session: SessionState, in group: GroupState
    ) throws(SimulatedRefusal) {
        try requireConnection(session)
        try requireAdmin(session, in: group)
        if let most = behaviour.changesBeforeRateLimit, session.changes >= most {
            throw behaviour.masksFailures ? .masked : .rateLimited
        }
        sessions[session.id]?.changes += 1
        request.session = session.id
    }

    private mutating func lid(_ id: AccountID) -> LID? {
        switch id {
        case .phone(let phone): accounts.lid(spelt: phone)
        case .lid(let lid): lid
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

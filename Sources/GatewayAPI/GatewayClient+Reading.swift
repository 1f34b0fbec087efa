package import Membership

extension GatewayClient: GatewayReading {
    /// The session and its own account.
    package func session(_ session: SessionID) async throws(GatewayError) -> SessionRecord {
        let call = GatewayCall.session(session)
        return try await withoutToken { () throws(GatewayError) in
            let record = try await read(call, as: WireSession.self).record(answering: call, session)
            return SessionRecord(
                id: record.id, status: withoutToken(record.status), ownPhone: record.ownPhone, ownLID: record.ownLID,
                ratePerMinute: record.ratePerMinute)
        }
    }

    /// The session's own account as the gateway pairs it now.
    package func ownAccount(of session: SessionID) async throws(GatewayError) -> OwnAccountRecord {
        let call = GatewayCall.ownAccount(session)
        return try await withoutToken { () throws(GatewayError) in
            try await read(call, as: WireOwnAccount.self).record(answering: call, session)
        }
    }

    /// Every group of the session that can be read, in the order of their ids.
    ///
    /// Entries that are something else (communities, newsletters), that keep to no contract, or that the list holds twice
    /// with different contents are passed over: one odd group must not hide the others. Whoever needs one of these reads
    /// it by itself, and learns what is wrong with it.
    package func groups(of session: SessionID) async throws(GatewayError) -> [GroupRecord] {
        let call = GatewayCall.groups(session)
        var records: [GroupID: GroupRecord] = [:]
        var disputed: Set<GroupID> = []
        for entry in try await readPages(call, of: WireListedGroup.self) {
            guard let group = entry.group, let id = GroupID(group.groupJid) else { continue }
            do throws(GatewayError) {
                let record = named(try group.record(answering: call, id))
                if let other = records.updateValue(record, forKey: id), other != record { disputed.insert(id) }
            } catch {
                disputed.insert(id)
            }
        }
        for id in disputed { records[id] = nil }
        return records.values.sorted { $0.id < $1.id }
    }

    /// One group.
    package func group(_ group: GroupID, of session: SessionID) async throws(GatewayError) -> GroupRecord {
        let call = GatewayCall.group(session, group)
        return try await withoutToken { () throws(GatewayError) in
            let answer = try await read(call, as: WireGroup.self)
            guard answer.groupJid == group.jid else {
                let other = ForeignText.quoted(answer.groupJid)
                throw .unreadable(call, reason: "The answer is about \(other), and not about the group asked for.")
            }
            return named(try answer.record(answering: call, group))
        }
    }

    /// A group whose subject, a text from strangers, is without the token.
    private func named(_ record: GroupRecord) -> GroupRecord {
        GroupRecord(
            id: record.id, subject: record.subject.map(withoutToken), owner: record.owner,
            participantCount: record.participantCount)
    }

    /// The roster of a group, phones before LIDs, each in their order.
    package func members(of group: GroupID, of session: SessionID) async throws(GatewayError) -> Roster {
        let call = GatewayCall.members(session, group)
        var roles: [AccountID: Role] = [:]
        var foreignEntries = 0
        let entries = try await readPages(call, of: WireMember.self)
        try await withoutToken { () throws(GatewayError) in
            for entry in entries {
                guard let member = try entry.member(answering: call, group) else {
                    foreignEntries += 1
                    continue
                }
                guard roles.updateValue(member.role, forKey: member.account) == nil else {
                    throw .unreadable(call, reason: "The roster lists an account twice.")
                }
            }
        }
        let members = roles.map { RosterMember(account: $0.key, role: $0.value) }
        return Roster(members: members.sorted { $0.account < $1.account }, foreignEntries: foreignEntries)
    }

    /// The contacts of the session or of one group, in the order of their LIDs.
    ///
    /// Entries without a usable LID are passed over: a contact teaches which number a LID has, or nothing.
    package func contacts(of session: SessionID, in group: GroupID?) async throws(GatewayError) -> [ContactRecord] {
        let entries = try await readPages(.contacts(session, group), of: WireContact.self)
        return Set(entries.compactMap(\.record)).sorted { left, right in
            if left.lid != right.lid { return left.lid < right.lid }
            if left.phone != right.phone { return (left.phone?.digits ?? 0) < (right.phone?.digits ?? 0) }
            return (left.name ?? "") < (right.name ?? "")
        }
    }

    /// What the gateway knows of one LID.
    package func contact(_ lid: LID, of session: SessionID) async throws(GatewayError) -> ContactRecord {
        let call = GatewayCall.contact(session, lid)
        guard let record = try await read(call, as: WireContactDetail.self).identity.record, record.lid == lid else {
            throw .unreadable(call, reason: "The answer is not about the LID asked for.")
        }
        return record
    }

    /// What WhatsApp says of a number.
    package func check(_ phone: PhoneNumber, of session: SessionID) async throws(GatewayError) -> NumberCheck {
        let call = GatewayCall.check(session, phone)
        return try await withoutToken { () throws(GatewayError) in
            try await read(call, as: WireCheck.self).record(answering: call)
        }
    }

    /// The group's invite link: `https://chat.whatsapp.com/` and a code.
    package func inviteLink(of group: GroupID, of session: SessionID) async throws(GatewayError) -> String {
        let call = GatewayCall.invite(session, group)
        let link = try await read(call, as: WireInvite.self).invite
        let code = link.utf8.dropFirst(WireInvite.prefix.utf8.count)
        guard link.utf8.starts(with: WireInvite.prefix.utf8), (1...128).contains(code.count),
            code.allSatisfy(\.isUnreserved)
        else {
            throw .unreadable(call, reason: "The invite link should be \(WireInvite.prefix) and a code.")
        }
        return link
    }
}

package import Core

extension GatewayClient: GatewayReading {
    /// Returns the sessions that the token may use, ordered by id, without entries that have no usable id.
    package func sessions() async throws(GatewayError) -> [SessionRecord] {
        let callContext = CallContext(call: .sessions, token: token)
        var records: [SessionID: SessionRecord] = [:]
        for entry in try await readPages(callContext, of: WireSession.self) {
            guard let id = SessionID(entry.id) else { continue }
            records[id] = try entry.record(answering: callContext, id)
        }
        return records.values.sorted { $0.id < $1.id }
    }

    /// Returns the session and its own account.
    package func session(_ session: SessionID) async throws(GatewayError) -> SessionRecord {
        let callContext = CallContext(call: .session(session), token: token)
        return try await read(callContext, as: WireSession.self).record(answering: callContext, session)
    }

    /// Returns every readable group of the session, ordered by id.
    ///
    /// Skips entries that are not groups (communities, newsletters), that break the contract, or that appear twice with
    /// different contents: one odd group must not hide the others. Reading such a group alone reports its fault.
    package func groups(of session: SessionID) async throws(GatewayError) -> [GroupRecord] {
        let callContext = CallContext(call: .groups(session), token: token)
        var records: [GroupID: GroupRecord] = [:]
        var disputed: Set<GroupID> = []
        for entry in try await readPages(callContext, of: Lenient<WireGroup>.self) {
            guard let group = entry.value, let id = GroupID(group.groupJid) else { continue }
            do throws(GatewayError) {
                let record = try group.record(answering: callContext, id)
                if let other = records.updateValue(record, forKey: id), other != record { disputed.insert(id) }
            } catch {
                disputed.insert(id)
            }
        }
        for id in disputed { records[id] = nil }
        return records.values.sorted { $0.id < $1.id }
    }

    /// Returns one group.
    package func group(_ group: GroupID, of session: SessionID) async throws(GatewayError) -> GroupRecord {
        let callContext = CallContext(call: .group(session, group), token: token)
        let answer = try await read(callContext, as: WireGroup.self)
        guard answer.groupJid == group.jid else {
            throw callContext.unreadable(
                "it is about \(callContext.quoted(answer.groupJid)), not the requested group")
        }
        return try answer.record(answering: callContext, group)
    }

    /// Returns the member list of a group, numbers before LIDs, each sorted.
    package func members(of group: GroupID, of session: SessionID) async throws(GatewayError) -> Roster {
        let callContext = CallContext(call: .members(session, group), token: token)
        var members: [RosterMember] = []
        let entries: [RosterEntry] = try await readPages(callContext.call) { (body) throws(GatewayError) in
            if let page = FastRosterReader.read(body, of: group) { return page }
            return try callContext.decode(Page<WireMember>.self, from: body).map { (member) throws(GatewayError) in
                try member.entry(answering: callContext, group)
            }
        }
        members.reserveCapacity(entries.count)
        var foreignSeenAt: [Timestamp] = []
        for entry in entries {
            switch entry {
            case .member(let member): members.append(member)
            case .foreign(let seenAt): if let seenAt { foreignSeenAt.append(seenAt) }
            }
        }
        let roster = Roster(
            members: members, foreignEntryCount: entries.count - members.count, foreignSeenAt: foreignSeenAt)
        guard !roster.listsSomebodyTwice else { throw callContext.unreadable("the member list has one account twice") }
        return roster
    }

    /// Returns the contacts of the session or of one group, ordered by LID.
    ///
    /// Skips entries without a usable LID: they say nothing about anyone's number.
    package func contacts(of session: SessionID, in group: GroupID?) async throws(GatewayError) -> [ContactRecord] {
        let callContext = CallContext(call: .contacts(session, group), token: token)
        let entries: [ContactRecord?] = try await readPages(callContext.call) { (body) throws(GatewayError) in
            if let page = FastContactsReader.read(body) { return page }
            return try callContext.decode(Page<WireContact>.self, from: body).map(\.record)
        }
        let contacts = entries.compactMap(\.self)
        let order = NumberSort(contacts.map(\.lid.digits))
        let sorted = order.positions.map { contacts[Int($0)] }
        let differ = order.numbers.indices.dropFirst().allSatisfy { order.numbers[$0 - 1] != order.numbers[$0] }
        return differ ? sorted : Self.withoutRepetitions(sorted)
    }

    /// Removes exact duplicates, and sorts contacts by LID, number and name.
    private static func withoutRepetitions(_ contacts: [ContactRecord]) -> [ContactRecord] {
        let sorted = contacts.sorted { left, right in
            if left.lid != right.lid { return left.lid < right.lid }
            if left.phone != right.phone { return (left.phone?.digits ?? 0) < (right.phone?.digits ?? 0) }
            return (left.name ?? "") < (right.name ?? "")
        }
        return sorted.indices.filter { $0 == 0 || sorted[$0] != sorted[$0 - 1] }.map { sorted[$0] }
    }

    /// Returns what the gateway knows of one LID.
    package func contact(_ lid: LID, of session: SessionID) async throws(GatewayError) -> ContactRecord {
        let callContext = CallContext(call: .contact(session, lid), token: token)
        guard let record = try await read(callContext, as: WireContactDetail.self).identity.record,
            record.lid == lid
        else { throw callContext.unreadable("it is not about the requested LID") }
        return record
    }

    /// Asks WhatsApp whether a number has an account.
    package func check(_ phone: PhoneNumber, of session: SessionID) async throws(GatewayError) -> NumberCheck {
        let callContext = CallContext(call: .check(session, phone), token: token)
        return try await read(callContext, as: WireCheck.self).record(answering: callContext)
    }

    /// Returns the group's invite link: `https://chat.whatsapp.com/` and a code.
    package func inviteLink(of group: GroupID, of session: SessionID) async throws(GatewayError) -> String {
        let callContext = CallContext(call: .invite(session, group), token: token)
        let link = try await read(callContext, as: WireInvite.self).invite
        let code = link.utf8.dropFirst(WireInvite.prefix.utf8.count)
        guard link.utf8.starts(with: WireInvite.prefix.utf8), (1...128).contains(code.count),
            code.allSatisfy(\.isUnreserved)
        else { throw callContext.unreadable("the invite link does not consist of \(WireInvite.prefix) and a code") }
        return link
    }
}

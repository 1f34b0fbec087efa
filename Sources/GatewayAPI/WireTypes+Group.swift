import Core

/// A group, from a list or alone.
struct WireGroup: WireAnswer, Equatable {
    /// The id of a group or of something else.
    let groupJid: String
    /// The subject, untrusted text.
    let subject: Lenient<String>?
    /// The creator, by number or LID.
    let ownerJid: String?
    /// The size; null until the gateway has read the group from WhatsApp.
    let participantCount: Int?
    /// When the record was last written.
    let updatedAt: Lenient<Int64>?

    /// The expected shape of the answer.
    static let shape = "a group with `groupJid`"

    /// Returns the record of a group whose id is already read.
    func record(answering callContext: CallContext, _ id: GroupID) throws(GatewayError) -> GroupRecord {
        if let participantCount, participantCount < 0 {
            throw callContext.unreadable("the `participantCount` of \(id) is negative")
        }
        return GroupRecord(
            id: id, subject: Self.shown(subject?.value).map(callContext.withoutToken),
            owner: try owner(answering: callContext, id), participantCount: participantCount,
            updatedAt: updatedAt?.moment
        )
    }

    /// Returns a subject, or nil if it is blank.
    private static func shown(_ subject: String?) -> String? {
        guard let subject, subject.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { return nil }
        return subject
    }

    /// Returns the creator, who must never be removed.
    ///
    /// A text that does not name a user gives nil; an invalid JID is an error.
    private func owner(answering callContext: CallContext, _ id: GroupID) throws(GatewayError) -> AccountID? {
        guard let ownerJid, !ownerJid.isEmpty else { return nil }
        do throws(AccountIDError) {
            return try AccountID(parsing: ownerJid)
        } catch {
            if case .notAUser = error { return nil }
            throw callContext.unreadable("the `ownerJid` \(callContext.quoted(ownerJid)) of \(id) is not a JID")
        }
    }
}

/// A member of a group.
struct WireMember: WireAnswer, Equatable {
    /// The entry's group, if given.
    let groupJid: String?
    /// The LID, or a user's JID in a mixed member list.
    let lid: String
    /// `member`, `admin` or `superadmin`; anything else, or nothing, is an unknown role.
    let role: String?
    /// When the entry was first written.
    let firstSeenAt: Lenient<Int64>?
    /// When the account was last seen in the group.
    let lastSeenAt: Lenient<Int64>?

    /// The expected shape of the answer.
    static let shape = "members with `lid` and `role`"

    /// Returns the entry of a group's member list.
    func entry(answering callContext: CallContext, _ group: GroupID) throws(GatewayError) -> RosterEntry {
        if let groupJid, groupJid != group.jid {
            throw callContext.unreadable(
                "the member list has a member of \(callContext.quoted(groupJid)), another group")
        }
        let (role, roleStatus) = Self.meaning(of: role)
        do throws(AccountIDError) {
            return .member(
                RosterMember(
                    account: try AccountID(parsing: lid), role: role, roleStatus: roleStatus,
                    firstSeenAt: firstSeenAt?.moment, lastSeenAt: lastSeenAt?.moment))
        } catch {
            if case .notAUser = error { return .foreign(lastSeenAt?.moment) }
            throw callContext.unreadable(
                "the member list has \(callContext.quoted(lid)), which is neither a LID nor a user's JID")
        }
    }

    /// Returns the meaning of a role; an unknown word makes only this member's role unknown.
    private static func meaning(of word: String?) -> (Role, RoleStatus) {
        switch word {
        case "member": (.member, .plain)
        case "admin": (.admin, .plain)
        case "superadmin": (.admin, .creator)
        default: (.member, .roleUnknown)
        }
    }
}

/// A contact, from a list or alone.
struct WireContact: WireAnswer, Equatable {
    /// The LID.
    let lid: String?
    /// The number as a JID; may contain a LID, which says nothing about the number.
    let phoneJid: String?
    /// The number, with or without a plus sign.
    let phoneNumber: Digits?
    /// The name.
    let name: Lenient<String>?
    /// The name in case `name` is empty.
    let businessName: Lenient<String>?

    /// The expected shape of the answer.
    static let shape = "contacts with `lid`"

    /// Returns the first name that is not empty.
    static func name(_ name: String?, orBusiness businessName: String?) -> String? {
        [name, businessName].compactMap(\.self).first { !$0.isEmpty }
    }

    /// The record; nil if the contact has no usable LID.
    var record: ContactRecord? {
        guard let lid, case .lid(let value)? = try? AccountID(parsing: lid) else { return nil }
        let identity = WireIdentity(jid: phoneJid, lid: nil, number: phoneNumber?.text)
        return ContactRecord(
            lid: value, phone: identity.phone, name: Self.name(name?.value, orBusiness: businessName?.value))
    }
}

/// `GET …/contacts/{lid}`.
struct WireContactDetail: WireAnswer {
    /// The contact.
    let identity: WireContact

    /// The expected shape of the answer.
    static let shape = "a contact in `identity`"
}

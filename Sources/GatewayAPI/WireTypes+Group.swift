import Core

/// A group, from a list or alone.
struct WireGroup: WireAnswer, Equatable {
    /// The id of a group or of something else.
    let groupJid: String
    /// The subject, untrusted text.
    let subject: String?
    /// The creator, by number or LID.
    let ownerJid: String?
    /// The size; null until the gateway has read the group from WhatsApp.
    let participantCount: Int?
    /// When the record was last written.
    let updatedAt: Timestamp?

    /// The expected shape of the answer.
    static let shape = "a group with `groupJid`"

    private enum CodingKeys: CodingKey {
        case groupJid, subject, ownerJid, participantCount, updatedAt
    }

    /// Reads the fields that are used; no other field can make the answer unreadable.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        groupJid = try fields.decode(String.self, forKey: .groupJid)
        subject = fields.textIfPresent(.subject)
        ownerJid = try fields.decodeIfPresent(String.self, forKey: .ownerJid)
        participantCount = try fields.decodeIfPresent(Int.self, forKey: .participantCount)
        updatedAt = fields.momentIfPresent(.updatedAt)
    }

    /// Returns the record of a group whose id is already read.
    func record(answering callContext: CallContext, _ id: GroupID) throws(GatewayError) -> GroupRecord {
        if let participantCount, participantCount < 0 {
            throw callContext.unreadable("The participantCount of \(id) is negative.")
        }
        return GroupRecord(
            id: id, subject: Self.shown(subject).map(callContext.withoutToken),
            owner: try owner(answering: callContext, id), participantCount: participantCount, updatedAt: updatedAt
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
            throw callContext.unreadable("The ownerJid \(callContext.quoted(ownerJid)) of \(id) is not a JID.")
        }
    }
}

/// An entry of a list of groups, which may be something else.
struct WireListedGroup: WireAnswer, Equatable {
    /// The group; nil if the entry is not one.
    let group: WireGroup?

    /// The expected shape of the answer.
    static let shape = WireGroup.shape

    /// Reads a group, or nil for anything else.
    init(from decoder: any Decoder) throws {
        do { group = try WireGroup(from: decoder) } catch { group = nil }
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
    let firstSeenAt: Timestamp?
    /// When the account was last seen in the group.
    let lastSeenAt: Timestamp?

    /// The expected shape of the answer.
    static let shape = "members with `lid` and `role`"

    private enum CodingKeys: CodingKey {
        case groupJid, lid, role, firstSeenAt, lastSeenAt
    }

    /// Reads the fields that are used; no other field can make the answer unreadable.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        groupJid = try fields.decodeIfPresent(String.self, forKey: .groupJid)
        lid = try fields.decode(String.self, forKey: .lid)
        role = try fields.decodeIfPresent(String.self, forKey: .role)
        firstSeenAt = fields.momentIfPresent(.firstSeenAt)
        lastSeenAt = fields.momentIfPresent(.lastSeenAt)
    }

    /// Returns the member; nil if the entry is not a user.
    func member(answering callContext: CallContext, _ group: GroupID) throws(GatewayError) -> RosterMember? {
        if let groupJid, groupJid != group.jid {
            throw callContext.unreadable("The member list contains a member of \(callContext.quoted(groupJid)).")
        }
        let (role, standing) = Self.meaning(of: role)
        do throws(AccountIDError) {
            return RosterMember(
                account: try AccountID(parsing: lid), role: role, standing: standing, firstSeenAt: firstSeenAt,
                lastSeenAt: lastSeenAt)
        } catch {
            if case .notAUser = error { return nil }
            throw callContext.unreadable(
                "The member list contains \(callContext.quoted(lid)), which is neither a LID nor a user's JID.")
        }
    }

    /// Returns the meaning of a role; an unknown word makes only this member's role unknown.
    private static func meaning(of word: String?) -> (Role, Standing) {
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
    let phoneNumber: String?
    /// The name, or else the business name.
    let name: String?

    /// The expected shape of the answer.
    static let shape = "contacts with `lid`"

    private enum CodingKeys: CodingKey {
        case lid, phoneJid, phoneNumber, name, businessName
    }

    /// Reads the fields that are used; no other field can make the answer unreadable.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        lid = try fields.decodeIfPresent(String.self, forKey: .lid)
        phoneJid = try fields.decodeIfPresent(String.self, forKey: .phoneJid)
        phoneNumber = try fields.digitsIfPresent(.phoneNumber)
        name = Self.name(fields.textIfPresent(.name), orBusiness: fields.textIfPresent(.businessName))
    }

    /// Returns the first name that is not empty.
    static func name(_ name: String?, orBusiness businessName: String?) -> String? {
        [name, businessName].compactMap(\.self).first { !$0.isEmpty }
    }

    /// The record; nil if the contact has no usable LID.
    var record: ContactRecord? {
        guard let lid, case .lid(let value)? = try? AccountID(parsing: lid) else { return nil }
        let identity = WireIdentity(jid: phoneJid, lid: nil, number: phoneNumber)
        return ContactRecord(lid: value, phone: identity.phone, name: name)
    }
}

/// `GET …/contacts/{lid}`.
struct WireContactDetail: WireAnswer {
    /// The contact.
    let identity: WireContact

    /// The expected shape of the answer.
    static let shape = "a contact in `identity`"
}

import Membership

/// A group, in a list or alone.
struct WireGroup: WireAnswer, Equatable {
    /// The id, of a group or of something else.
    let groupJid: String
    /// The subject, a text from strangers.
    let subject: String?
    /// The creator, by number or by LID.
    let ownerJid: String?
    /// The size; null until the gateway has read the group from WhatsApp.
    let participantCount: Int?
    /// When the record was last written.
    let updatedAt: Timestamp?

    /// What the contract promises.
    static let shape = "a group with `groupJid`"

    private enum CodingKeys: CodingKey {
        case groupJid, subject, ownerJid, participantCount, updatedAt
    }

    /// Reads the fields that are used; no other can make the answer unreadable.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        groupJid = try fields.decode(String.self, forKey: .groupJid)
        subject = fields.textIfAny(.subject)
        ownerJid = try fields.decodeIfPresent(String.self, forKey: .ownerJid)
        participantCount = try fields.decodeIfPresent(Int.self, forKey: .participantCount)
        updatedAt = fields.momentIfAny(.updatedAt)
    }

    /// The record of a group whose id was read already.
    func record(answering question: Question, _ id: GroupID) throws(GatewayError) -> GroupRecord {
        if let participantCount, participantCount < 0 {
            throw question.unreadable("The participantCount of \(id) should be a number from 0, and is not.")
        }
        return GroupRecord(
            id: id, subject: Self.shown(subject).map(question.withoutToken), owner: try owner(answering: question, id),
            participantCount: participantCount, updatedAt: updatedAt
        )
    }

    /// A subject of nothing but blanks is none.
    private static func shown(_ subject: String?) -> String? {
        guard let subject, subject.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { return nil }
        return subject
    }

    /// The creator, whom nobody may remove.
    ///
    /// A text that names no user tells nothing; one that should name one and cannot be read is a defect.
    private func owner(answering question: Question, _ id: GroupID) throws(GatewayError) -> AccountID? {
        guard let ownerJid, !ownerJid.isEmpty else { return nil }
        do throws(AccountIDError) {
            return try AccountID(parsing: ownerJid)
        } catch {
            if case .notAUser = error { return nil }
            throw question.unreadable("The ownerJid \(question.quoted(ownerJid)) of \(id) is not a JID.")
        }
    }
}

/// An entry of a list of groups, which may be anything.
struct WireListedGroup: WireAnswer, Equatable {
    /// The group; nil where the entry cannot be read as one.
    let group: WireGroup?

    /// What the contract promises.
    static let shape = WireGroup.shape

    /// Reads a group, or passes over what is none.
    init(from decoder: any Decoder) throws {
        do {
            group = try WireGroup(from: decoder)
        } catch {
            group = nil
        }
    }
}

/// A member of a group.
struct WireMember: WireAnswer, Equatable {
    /// The group that the entry belongs to, if it says.
    let groupJid: String?
    /// The LID, or in mixed rosters a user's JID.
    let lid: String
    /// `member`, `admin` or `superadmin`; whatever else stands there, nothing included, is a role that is not known.
    let role: String?
    /// When the entry was first written.
    let firstSeenAt: Timestamp?
    /// When the account was last seen in the group.
    let lastSeenAt: Timestamp?

    /// What the contract promises.
    static let shape = "members with `lid` and `role`"

    private enum CodingKeys: CodingKey {
        case groupJid, lid, role, firstSeenAt, lastSeenAt
    }

    /// Reads the fields that are used; no other can make the answer unreadable.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        groupJid = try fields.decodeIfPresent(String.self, forKey: .groupJid)
        lid = try fields.decode(String.self, forKey: .lid)
        role = try fields.decodeIfPresent(String.self, forKey: .role)
        firstSeenAt = fields.momentIfAny(.firstSeenAt)
        lastSeenAt = fields.momentIfAny(.lastSeenAt)
    }

    /// The entry, or nil where it stands for no user.
    func member(answering question: Question, _ group: GroupID) throws(GatewayError) -> RosterMember? {
        if let groupJid, groupJid != group.jid {
            throw question.unreadable("The roster holds a member of \(question.quoted(groupJid)).")
        }
        let (role, standing) = Self.meaning(of: role)
        do throws(AccountIDError) {
            return RosterMember(
                account: try AccountID(parsing: lid), role: role, standing: standing, firstSeenAt: firstSeenAt,
                lastSeenAt: lastSeenAt)
        } catch {
            if case .notAUser = error { return nil }
            throw question.unreadable(
                "The roster holds \(question.quoted(lid)), which is neither a LID nor a user's JID.")
        }
    }

    /// What the gateway's word for a role means; one that nobody knows makes this member's role unknown, and nothing else.
    private static func meaning(of word: String?) -> (Role, Standing) {
        switch word {
        case "member": (.member, .plain)
        case "admin": (.admin, .plain)
        case "superadmin": (.admin, .creator)
        default: (.member, .roleUnknown)
        }
    }
}

/// A contact, in a list or alone.
struct WireContact: WireAnswer, Equatable {
    /// The LID.
    let lid: String?
    /// The number as a JID; a LID in its place tells no number.
    let phoneJid: String?
    /// The number, with or without a plus sign.
    let phoneNumber: String?
    /// The name, or else the business name.
    let name: String?

    /// What the contract promises.
    static let shape = "contacts with `lid`"

    private enum CodingKeys: CodingKey {
        case lid, phoneJid, phoneNumber, name, businessName
    }

    /// Reads the fields that are used; no other can make the answer unreadable.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        lid = try fields.decodeIfPresent(String.self, forKey: .lid)
        phoneJid = try fields.decodeIfPresent(String.self, forKey: .phoneJid)
        phoneNumber = try fields.digitsIfPresent(.phoneNumber)
        name = Self.name(fields.textIfAny(.name), orBusiness: fields.textIfAny(.businessName))
    }

    /// The name of a contact that may have two.
    static func name(_ name: String?, orBusiness businessName: String?) -> String? {
        [name, businessName].compactMap(\.self).first { !$0.isEmpty }
    }

    /// The record, or nil where the contact has no LID that could be learned.
    var record: ContactRecord? {
        guard let lid, case .lid(let value)? = try? AccountID(parsing: lid) else { return nil }
        let identity = WireIdentity(jid: phoneJid, lid: nil, number: phoneNumber)
        return ContactRecord(lid: value, phone: identity.phone, name: name)
    }
}

/// `GET …/contacts/{lid}`.
struct WireContactDetail: WireAnswer {
    /// The contact itself.
    let identity: WireContact

    /// What the contract promises.
    static let shape = "a contact in `identity`"
}

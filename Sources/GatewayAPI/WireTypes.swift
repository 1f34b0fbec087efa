import Membership

/// One page of a list.
struct WirePage<Entry: WireAnswer>: WireAnswer {
    /// The entries.
    let data: [Entry]
    /// The way to the next page; null, empty or absent on the last one.
    let nextCursor: String?

    /// What the contract promises.
    static var shape: String { "a page with `data`, a list of \(Entry.shape)" }

    private enum CodingKeys: CodingKey {
        case data, nextCursor
    }

    /// Reads a page; `data` may be null where the list is empty, but has to be there.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        data = try fields.decode([Entry]?.self, forKey: .data) ?? []
        nextCursor = try fields.decodeIfPresent(String.self, forKey: .nextCursor)
    }
}

/// `GET /sessions/{session}`.
struct WireSession: WireAnswer, Equatable {
    /// The id, which must be the one asked for.
    let id: String
    /// What people call it.
    let label: String?
    /// The gateway's word for the state.
    let status: String
    /// The own account, with a device part as a rule.
    let waJid: String?
    /// The own account's LID.
    let waLid: String?
    /// The number, with or without a plus sign.
    let phoneNumber: String?
    /// Calls a minute.
    let ratePerMin: Int?

    /// What the contract promises.
    static let shape = "a session with `id` and `status`"

    private enum CodingKeys: CodingKey {
        case id, label, status, waJid, waLid, phoneNumber, ratePerMin
    }

    /// Reads the fields that are used; no other can make the answer unreadable.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        label = try? fields.decodeIfPresent(String.self, forKey: .label)
        status = try fields.decode(String.self, forKey: .status)
        waJid = try fields.decodeIfPresent(String.self, forKey: .waJid)
        waLid = try fields.decodeIfPresent(String.self, forKey: .waLid)
        phoneNumber = try fields.digitsIfPresent(.phoneNumber)
        ratePerMin = try fields.decodeIfPresent(Int.self, forKey: .ratePerMin)
    }

    /// The record, where the answer is about the session that was asked for.
    func record(answering question: Question, _ session: SessionID) throws(GatewayError) -> SessionRecord {
        guard id == session.text else {
            throw question.unreadable("The answer is about session \(question.quoted(id)), not the one asked for.")
        }
        let own = WireIdentity(jid: waJid, lid: waLid, number: phoneNumber)
        return SessionRecord(
            id: session, label: label.map(question.withoutToken), status: question.withoutToken(status),
            ownPhone: own.phone, ownLID: own.lid,
            ratePerMinute: ratePerMin.flatMap { $0 > 0 ? $0 : nil }
        )
    }
}

/// `GET /sessions/{session}/me`.
struct WireOwnAccount: WireAnswer {
    /// The session that the answer is about, if it says.
    let sessionId: String?
    /// Whether WhatsApp is connected.
    let connected: Bool?
    /// The own account, with a device part as a rule.
    let waJid: String?
    /// The own account's LID.
    let waLid: String?
    /// The number, with or without a plus sign.
    let phoneNumber: String?

    /// What the contract promises.
    static let shape = "the session's own account"

    private enum CodingKeys: CodingKey {
        case sessionId, connected, waJid, waLid, phoneNumber
    }

    /// Reads the fields that are used; no other can make the answer unreadable.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        // Every field may be missing, but an answer with none of them is about something else.
        guard !fields.allKeys.isEmpty else {
            throw DecodingError.keyNotFound(
                CodingKeys.sessionId, .init(codingPath: decoder.codingPath, debugDescription: "no known field")
            )
        }
        sessionId = try fields.decodeIfPresent(String.self, forKey: .sessionId)
        connected = try fields.decodeIfPresent(Bool.self, forKey: .connected)
        waJid = try fields.decodeIfPresent(String.self, forKey: .waJid)
        waLid = try fields.decodeIfPresent(String.self, forKey: .waLid)
        phoneNumber = try fields.digitsIfPresent(.phoneNumber)
    }

    /// The record, unless the answer is about another session.
    func record(answering question: Question, _ session: SessionID) throws(GatewayError) -> OwnAccountRecord {
        if let sessionId, sessionId != session.text {
            throw question.unreadable(
                "The answer is about session \(question.quoted(sessionId)), not the one asked for.")
        }
        let own = WireIdentity(jid: waJid, lid: waLid, number: phoneNumber)
        return OwnAccountRecord(phone: own.phone, lid: own.lid, isConnected: connected)
    }
}

/// A number and a LID out of the three fields in which the gateway tells them.
///
/// A field that cannot be read tells nothing, and the JID wins over the plain number: it is what WhatsApp knows the
/// account by, which may differ in digits.
struct WireIdentity {
    /// The number, if any field tells it.
    let phone: PhoneNumber?
    /// The LID, if any field tells it.
    let lid: LID?

    /// Reads the three fields.
    init(jid: String?, lid: String?, number: String?) {
        let accounts = [jid, lid].compactMap(\.self).compactMap { try? AccountID(parsing: $0) }
        var phone: PhoneNumber?
        var ownLID: LID?
        for account in accounts {
            switch account {
            case .phone(let value): phone = phone ?? value
            case .lid(let value): ownLID = ownLID ?? value
            }
        }
        self.phone = Self.agreed(phone, number.flatMap(Self.phone))
        self.lid = ownLID
    }

    /// The number that two fields tell, where they do not contradict each other.
    ///
    /// Two fields that name two numbers name none: taking one of them for the account would leave the other open.
    static func agreed(_ one: PhoneNumber?, _ other: PhoneNumber?) -> PhoneNumber? {
        one == nil || other == nil || one == other ? one ?? other : nil
    }

    /// A number with or without the plus sign in front.
    private static func phone(_ text: String) -> PhoneNumber? {
        let startsWithCountry = text.utf8.first.map { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) } ?? false
        return try? PhoneNumber(parsing: startsWithCountry ? "+\(text)" : text)
    }
}

/// `GET …/contacts/check`.
struct WireCheck: WireAnswer {
    /// Whether an account has the number.
    let isOnWhatsApp: Bool
    /// The account, whose digits may differ from what was asked.
    let jid: String?

    /// What the contract promises.
    static let shape = "a check with `isOnWhatsApp`"

    /// The record; the JID counts only where the number is on WhatsApp.
    func record(answering question: Question) throws(GatewayError) -> NumberCheck {
        guard isOnWhatsApp, let jid, !jid.isEmpty else { return NumberCheck(isOnWhatsApp: isOnWhatsApp, account: nil) }
        guard let account = try? AccountID(parsing: jid) else {
            throw question.unreadable("The jid \(question.quoted(jid)) is not the JID of a user.")
        }
        return NumberCheck(isOnWhatsApp: true, account: account)
    }
}

/// `GET …/invite`.
struct WireInvite: WireAnswer {
    /// The link.
    let invite: String

    /// What the contract promises.
    static let shape = "an invite link in `invite`"
    /// An invite link lets anybody in.
    static let isSecret = true

    /// What every invite link starts with.
    static let prefix = "https://chat.whatsapp.com/"
}

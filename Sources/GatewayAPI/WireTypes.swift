import Core

extension Page: Decodable, WireAnswer where Entry: WireAnswer {
    /// The expected shape of the answer.
    static var shape: String { "a page with `data`, a list of \(Entry.shape)" }

    private enum CodingKeys: CodingKey {
        case data, nextCursor
    }

    /// Reads a page; `data` must be there, but may be null for an empty list.
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        entries = try fields.decode([Entry]?.self, forKey: .data) ?? []
        nextCursor = try fields.decodeIfPresent(String.self, forKey: .nextCursor)
    }
}

/// `GET /sessions/{session}`.
struct WireSession: WireAnswer, Equatable {
    /// The id, which must match the request.
    let id: String
    /// The display name.
    let label: Lenient<String>?
    /// The gateway's word for the state.
    let status: String
    /// The own account, usually with a device part.
    let waJid: String?
    /// The own account's LID.
    let waLid: String?
    /// The number, with or without a plus sign.
    let phoneNumber: Digits?
    /// Calls per minute.
    let ratePerMin: Int?

    /// The expected shape of the answer.
    static let shape = "a session with `id` and `status`"

    /// Returns the record if the answer is about the requested session.
    func record(answering callContext: CallContext, _ session: SessionID) throws(GatewayError) -> SessionRecord {
        guard id == session.text else {
            throw callContext.unreadable(
                "it is about session \(callContext.quoted(id)), not the requested session")
        }
        let own = WireIdentity(jid: waJid, lid: waLid, number: phoneNumber?.text)
        return SessionRecord(
            id: session, label: label?.value.map(callContext.withoutToken), status: callContext.withoutToken(status),
            ownPhone: own.phone, ownLID: own.lid, ratePerMinute: ratePerMin.flatMap { $0 > 0 ? $0 : nil }
        )
    }
}

/// A number and a LID, from the three fields where the gateway reports them.
///
/// Ignores a field that cannot be read. If the JID and the plain number differ, the number is unknown.
struct WireIdentity {
    /// The number; nil if unknown.
    let phone: PhoneNumber?
    /// The LID; nil if unknown.
    let lid: LID?

    /// Reads the three fields.
    init(jid: String?, lid: String?, number: String?) {
        let accounts = [jid, lid].compactMap(\.self).compactMap { try? AccountID(parsing: $0) }
        phone = Self.agreed(accounts.compactMap(\.phone).first, number.flatMap(Self.phone))
        self.lid = accounts.compactMap(\.lid).first
    }

    /// Returns the number of two fields; nil if they differ.
    ///
    /// Choosing one of two numbers would ignore the account of the other.
    static func agreed(_ one: PhoneNumber?, _ other: PhoneNumber?) -> PhoneNumber? {
        one == nil || other == nil || one == other ? one ?? other : nil
    }

    /// Reads a number with or without a plus sign.
    private static func phone(_ text: String) -> PhoneNumber? {
        let startsWithCountry = text.utf8.first.map { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) } ?? false
        return try? PhoneNumber(parsing: startsWithCountry ? "+\(text)" : text)
    }
}

/// `GET …/contacts/check`.
struct WireCheck: WireAnswer {
    /// Whether an account has the number.
    let isOnWhatsApp: Bool
    /// The account; its digits may differ from the question.
    let jid: String?

    /// The expected shape of the answer.
    static let shape = "a check with `isOnWhatsApp`"

    /// Returns the record; ignores the JID if the number is not on WhatsApp.
    func record(answering callContext: CallContext) throws(GatewayError) -> NumberCheck {
        guard isOnWhatsApp, let jid, !jid.isEmpty else { return NumberCheck(isOnWhatsApp: isOnWhatsApp, account: nil) }
        guard let account = try? AccountID(parsing: jid) else {
            throw callContext.unreadable("the `jid` \(callContext.quoted(jid)) is not the JID of a user")
        }
        return NumberCheck(isOnWhatsApp: true, account: account)
    }
}

/// `GET …/invite`.
struct WireInvite: WireAnswer {
    /// The link.
    let invite: String

    /// The expected shape of the answer.
    static let shape = "an invite link in `invite`"
    /// True, because anybody with the link can join.
    static let isSecret = true

    /// The start of every invite link.
    static let prefix = "https://chat.whatsapp.com/"
}

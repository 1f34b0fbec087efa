package import Core

/// A session as the gateway reports it.
package struct SessionRecord: Hashable, Sendable {
    /// The id.
    package let id: SessionID
    /// The display name, untrusted text; nil if unknown.
    package var label: String?
    /// The gateway's word for the state; `working` is the one documented value for a connected session.
    package let status: String
    /// The number of the session's own account; nil if unknown.
    package let ownPhone: PhoneNumber?
    /// The LID of the session's own account; nil if unknown.
    package let ownLID: LID?
    /// The configured calls per minute; nil if unknown.
    package var ratePerMinute: Int?

    /// Whether the status says that the session is connected to WhatsApp.
    package var isConnected: Bool { status == "working" }
}

/// A group as the gateway reports it.
package struct GroupRecord: Hashable, Sendable {
    /// The id.
    package let id: GroupID
    /// The subject, untrusted text; nil if unknown.
    package let subject: String?
    /// The creator, by number or LID; nil if unknown.
    package let owner: AccountID?
    /// The number of participants; nil until the gateway has read the group from WhatsApp.
    package let participantCount: Int?
    /// When the gateway last wrote the record, by its own clock; nil if unknown.
    package let updatedAt: Timestamp?

    /// Describes a group.
    package init(
        id: GroupID, subject: String?, owner: AccountID?, participantCount: Int?, updatedAt: Timestamp? = nil
    ) {
        self.id = id
        self.subject = subject
        self.owner = owner
        self.participantCount = participantCount
        self.updatedAt = updatedAt
    }
}

/// The gateway's knowledge of an account: its LID and, if WhatsApp has revealed it, its number.
package struct ContactRecord: Hashable, Sendable {
    /// The LID.
    package let lid: LID
    /// The number; nil where it is hidden.
    package let phone: PhoneNumber?
    /// The name, untrusted text; nil if there is none.
    package let name: String?
}

/// How far a backfill is.
package enum BackfillState: Hashable, Sendable {
    /// It is running.
    case running
    /// It read all groups.
    case succeeded
    /// It failed; the reason is untrusted text, nil if unknown.
    case failed(String?)
}

/// WhatsApp's answer about a number.
package struct NumberCheck: Hashable, Sendable {
    /// Whether an account has the number.
    package let isOnWhatsApp: Bool
    /// The account as WhatsApp knows it: a number, whose digits may differ from the question, or a LID.
    package let account: AccountID?
}

/// One page of a list.
struct Page<Entry: Equatable>: Equatable {
    /// The entries in order.
    var entries: [Entry] = []
    /// The cursor of the next page; null, empty or absent on the last one.
    var nextCursor: String?

    /// Returns the page with other entries.
    func map<Other>(_ transform: (Entry) throws(GatewayError) -> Other) throws(GatewayError) -> Page<Other> {
        Page<Other>(entries: try entries.map(transform), nextCursor: nextCursor)
    }
}

/// One entry of a member list.
enum RosterEntry: Equatable {
    /// A user.
    case member(RosterMember)
    /// Not a user; with the time it was last seen, if known.
    case foreign(Timestamp?)
}

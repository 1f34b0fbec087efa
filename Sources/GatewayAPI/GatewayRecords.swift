package import Membership

/// A session as the gateway reports it.
package struct SessionRecord: Hashable, Sendable {
    /// The id.
    package let id: SessionID
    /// What people call it, a text from strangers; nil where the gateway does not tell.
    package let label: String?
    /// The gateway's word for its state; `working` is the one documented value for a connected session.
    package let status: String
    /// The number of the session's own account; nil where the gateway does not tell.
    package let ownPhone: PhoneNumber?
    /// The LID of the session's own account; nil where the gateway does not tell.
    package let ownLID: LID?
    /// Calls a minute that the session is configured for; nil where the gateway does not tell.
    package let ratePerMinute: Int?

    /// Describes a session.
    package init(
        id: SessionID, label: String? = nil, status: String, ownPhone: PhoneNumber?, ownLID: LID?,
        ratePerMinute: Int? = nil
    ) {
        self.id = id
        self.label = label
        self.status = status
        self.ownPhone = ownPhone
        self.ownLID = ownLID
        self.ratePerMinute = ratePerMinute
    }

    /// Whether the session is connected to WhatsApp, as far as its status says.
    package var isConnected: Bool { status == "working" }
}

/// The account that a session is paired with.
package struct OwnAccountRecord: Hashable, Sendable {
    /// The number; nil where the gateway does not tell.
    package let phone: PhoneNumber?
    /// The LID; nil where the gateway does not tell.
    package let lid: LID?
    /// Whether the session is connected to WhatsApp; nil where the gateway does not tell.
    package let isConnected: Bool?

    /// Describes an account.
    package init(phone: PhoneNumber?, lid: LID?, isConnected: Bool? = nil) {
        self.phone = phone
        self.lid = lid
        self.isConnected = isConnected
    }
}

/// A group as the gateway reports it.
package struct GroupRecord: Hashable, Sendable {
    /// The id.
    package let id: GroupID
    /// The subject, a text from strangers; nil where the gateway does not tell.
    package let subject: String?
    /// The creator, by number or LID; nil where the gateway does not tell.
    package let owner: AccountID?
    /// How many participants the gateway believes the group to have; nil where it has never read them from WhatsApp.
    package let participantCount: Int?
    /// When the gateway last wrote the record, by its own clock; nil where it does not tell.
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

/// What the gateway knows of an account: the number behind a LID, where WhatsApp has told it.
package struct ContactRecord: Hashable, Sendable {
    /// The LID.
    package let lid: LID
    /// The number; nil where it is hidden.
    package let phone: PhoneNumber?
    /// The name, a text from strangers; nil where there is none.
    package let name: String?

    /// Describes a contact.
    package init(lid: LID, phone: PhoneNumber?, name: String?) {
        self.lid = lid
        self.phone = phone
        self.name = name
    }
}

/// How a backfill stands.
package struct BackfillRecord: Hashable, Sendable {
    /// The gateway's words for how far it has come.
    package enum State: Hashable, Sendable {
        /// It is at work.
        case running
        /// It has read all groups.
        case succeeded
        /// It has ended without; why, a text from strangers, nil where the gateway does not tell.
        case failed(String?)
    }

    /// How far it has come.
    package let state: State

    /// Describes a backfill.
    package init(state: State) { self.state = state }
}

/// What WhatsApp says of a number.
package struct NumberCheck: Hashable, Sendable {
    /// Whether an account has the number.
    package let isOnWhatsApp: Bool
    /// The account as WhatsApp knows it, which may differ in digits from what was asked, or be a LID.
    package let account: AccountID?

    /// Describes an answer.
    package init(isOnWhatsApp: Bool, account: AccountID?) {
        self.isOnWhatsApp = isOnWhatsApp
        self.account = account
    }
}

package import GatewayAPI
package import Membership

/// The account that a session acts as: by number, by LID, or by both.
package struct OwnAccount: Hashable, Sendable {
    /// The number; nil where it is not known.
    package let phone: PhoneNumber?
    /// The LID; nil where it is not known.
    package let lid: LID?

    /// Takes what is known; nil where that is nothing.
    package init?(phone: PhoneNumber?, lid: LID?) {
        guard phone != nil || lid != nil else { return nil }
        self.phone = phone
        self.lid = lid
    }
}

/// All that was read of one group at one moment.
package struct GroupObservation: Hashable, Sendable {
    /// The group's own record.
    package var record: GroupRecord
    /// Its members and their roles.
    package var roster: Roster
    /// The numbers behind LIDs, as far as the gateway knows them.
    package var phones: [LID: PhoneNumber]
    /// The account that acts; nil where it is not known.
    package var own: OwnAccount?
    /// The gateway's word for the session's state; nil where it may not be asked.
    package var sessionStatus: String?

    /// Describes what was read.
    package init(
        record: GroupRecord, roster: Roster, phones: [LID: PhoneNumber], own: OwnAccount?, sessionStatus: String? = nil
    ) {
        self.record = record
        self.roster = roster
        self.phones = phones
        self.own = own
        self.sessionStatus = sessionStatus
    }
}

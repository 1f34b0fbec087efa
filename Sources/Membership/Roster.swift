/// One entry of a roster, as the gateway reports it.
package struct RosterMember: Hashable, Sendable {
    /// The account: by LID as a rule, by number where the gateway says so.
    package let account: AccountID
    /// Its role.
    package let role: Role

    /// Describes one entry.
    package init(account: AccountID, role: Role) {
        self.account = account
        self.role = role
    }
}

/// The actual state of a group: a stored copy that may lag behind WhatsApp.
package struct Roster: Hashable, Sendable {
    /// The entries in the order of their JIDs' kinds and numbers, each account once.
    package var members: [RosterMember]
    /// How many entries were no user accounts (broadcast lists, bots) and were passed over.
    package var foreignEntries: Int

    /// Takes the entries as they came.
    package init(members: [RosterMember], foreignEntries: Int = 0) {
        self.members = members
        self.foreignEntries = foreignEntries
    }
}

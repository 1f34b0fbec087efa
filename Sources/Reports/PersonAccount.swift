package import Membership
package import PolicyFiles
package import RunLedger

/// All that can be said of one person without asking a gateway.
package struct PersonAccount: Sendable {
    /// Who.
    package var person: PersonReference
    /// The policy's entries that name them.
    package var mentions: [PolicyMention]
    /// The policy's names for groups.
    package var groupNames: [GroupKey: String]
    /// The day by which terms are told.
    package var today: CalendarDate
    /// What the ledger knows.
    package var history: PersonHistory

    /// Describes a person.
    package init(
        person: PersonReference, mentions: [PolicyMention], groupNames: [GroupKey: String], today: CalendarDate,
        history: PersonHistory
    ) {
        self.person = person
        self.mentions = mentions
        self.groupNames = groupNames
        self.today = today
        self.history = history
    }
}

extension PolicyMention {
    /// Whether the entry counts on a day.
    func counts(on day: CalendarDate) -> Bool {
        (from.map { $0 <= day } ?? true) && (until.map { day <= $0 } ?? true)
    }
}

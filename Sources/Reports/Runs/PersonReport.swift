package import Core
package import PolicyFiles
package import RunLedger

/// Everything that the policies and the ledger know about one person.
package struct PersonReport: Sendable {
    /// The person.
    package var person: PersonReference
    /// The policy entries that name the person.
    package var mentions: [PolicyMention]
    /// The names of groups in the policy.
    package var groupNames: [GroupKey: String]
    /// The day that decides which entries count.
    package var today: CalendarDate
    /// The ledger's records of the person.
    package var history: PersonHistory

    /// Creates a report.
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
    /// Whether the entry's dates include a day.
    func counts(on day: CalendarDate) -> Bool {
        (from.map { $0 <= day } ?? true) && (until.map { day <= $0 } ?? true)
    }
}

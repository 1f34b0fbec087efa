package import Membership

extension SimulatedWorld {
    /// The latest requests, oldest first.
    package var journal: [JournalEntry] { withState { $0.journal.entries } }

    /// The latest requests that asked for a change, oldest first.
    package var mutations: [JournalEntry] { journal.filter { $0.method != "GET" } }

    /// Forgets the journal; the numbers go on.
    package func clearJournal() { withState { $0.journal.clear() } }

    /// A group as it truly is; nil where there is none.
    package func trueGroup(_ id: GroupID) -> TrueGroup? { withState { $0.trueGroup(id) } }

    /// Every group as it truly is, by id.
    package var trueGroups: [TrueGroup] {
        withState { state in state.groups.keys.sorted().compactMap { state.trueGroup($0) } }
    }

    /// How often requests asked to add a number to a group, whatever came of it.
    package func addAttempts(of phone: PhoneNumber, to group: GroupID) -> Int {
        withState { $0.addAttempts[WorldState.AddAttempt(phone: phone, group: group)] ?? 0 }
    }

    /// The LID of the account that a number reaches; nil where it reaches none.
    package func lid(of phone: PhoneNumber) -> LID? { withState { $0.accounts.account(reachedBy: phone)?.lid } }
}

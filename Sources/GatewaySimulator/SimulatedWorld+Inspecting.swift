package import Core

extension SimulatedWorld {
    /// The latest requests, oldest first.
    package var journal: [JournalEntry] { withState { $0.journal.entries } }

    /// The latest requests for a change, oldest first.
    package var mutations: [JournalEntry] { journal.filter { $0.method != "GET" } }

    /// Clears the journal; the numbers continue.
    package func clearJournal() { withState { $0.journal.clear() } }

    /// Returns a group's true state; nil if there is none.
    package func trueGroup(_ id: GroupID) -> TrueGroup? { withState { $0.trueGroup(id) } }

    /// The true state of every group, by id.
    package var trueGroups: [TrueGroup] {
        withState { state in state.groups.keys.sorted().compactMap { state.trueGroup($0) } }
    }

    /// Returns how often requests tried to add a number to a group, with any result.
    package func addAttempts(of phone: PhoneNumber, to group: GroupID) -> Int {
        withState { $0.addAttempts[WorldState.AddAttempt(phone: phone, group: group)] ?? 0 }
    }

    /// Returns the LID of the account that a number reaches; nil if there is none.
    package func lid(of phone: PhoneNumber) -> LID? { withState { $0.accounts.account(reachedBy: phone)?.lid } }
}

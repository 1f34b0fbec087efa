package import Core

/// What the ledger knows of one person, in all sessions.
package struct PersonHistory: Hashable, Sendable {
    /// A LID and its number.
    package struct Identity: Hashable, Sendable {
        /// The session that reported it.
        package var session: SessionKey
        /// The LID.
        package var lid: LID
        /// The number.
        package var phone: PhoneNumber
        /// When it was first reported.
        package var firstSeenAt: Timestamp
        /// When it was last reported.
        package var lastSeenAt: Timestamp
    }

    /// WhatsApp's answer about a number.
    package struct Check: Hashable, Sendable {
        /// The session that asked.
        package var session: SessionKey
        /// The number.
        package var phone: PhoneNumber
        /// The answer.
        package var answer: CheckedNumber
    }

    /// The memory of a person in one group.
    package struct InGroup: Hashable, Sendable {
        /// The adds that never showed an effect.
        package var declined: DeclinedAdd?
        /// Since when they wait to be added.
        package var deferredSince: Timestamp?
        /// When they were last seen, in a group with `rejoin: never`.
        package var sighting: Sighting?
        /// The person's holds in the group's latest run.
        package var holds: [HoldRecord] = []
    }

    /// An action on the person, with its run.
    package struct Event: Hashable, Sendable {
        /// The run.
        package var run: RunID
        /// The run's command.
        package var command: String
        /// The action.
        package var action: ActionRecord
    }

    /// The person's LIDs and numbers.
    package var identities: [Identity] = []
    /// WhatsApp's answers.
    package var checks: [Check] = []
    /// The memory by group.
    package var groups: [GroupKey: InGroup] = [:]
    /// The actions, newest first, up to the requested number.
    package var events: [Event] = []
    /// The number of all actions.
    package var eventCount = 0

    /// Creates an empty history.
    package init() {}

    /// Whether nothing is known.
    package var isEmpty: Bool { identities.isEmpty && checks.isEmpty && groups.isEmpty && eventCount == 0 }
}

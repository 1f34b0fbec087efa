package import Membership

/// What the ledger knows of one person, over all sessions.
package struct PersonHistory: Hashable, Sendable {
    /// A LID and the number that was found behind it.
    package struct Identity: Hashable, Sendable {
        /// The session that told.
        package var session: SessionKey
        /// The LID.
        package var lid: LID
        /// The number.
        package var phone: PhoneNumber
        /// When it was first told.
        package var firstSeenAt: Timestamp
        /// When it was last told.
        package var lastSeenAt: Timestamp
    }

    /// What WhatsApp said of a number.
    package struct Check: Hashable, Sendable {
        /// The session that asked.
        package var session: SessionKey
        /// The number that was asked about.
        package var phone: PhoneNumber
        /// The answer.
        package var answer: CheckedNumber
    }

    /// What is remembered of the person in one group.
    package struct Standing: Hashable, Sendable {
        /// The adds that never showed.
        package var declined: DeclinedAdd?
        /// Since when they wait to be added.
        package var deferredSince: Timestamp?
        /// When they were last seen, in a group that nobody is to rejoin.
        package var sighting: Sighting?
        /// Why the latest run of the group held something back that concerns them.
        package var holds: [HoldRecord] = []
    }

    /// An action that names the person, and the run that planned it.
    package struct Event: Hashable, Sendable {
        /// The run.
        package var run: RunID
        /// The run's command.
        package var command: String
        /// The action.
        package var action: ActionRecord
    }

    /// The LIDs and numbers that belong together.
    package var identities: [Identity] = []
    /// What WhatsApp said.
    package var checks: [Check] = []
    /// What is remembered, by group.
    package var standings: [GroupKey: Standing] = [:]
    /// The actions, newest first, as many as were asked for.
    package var events: [Event] = []
    /// How many actions there are in all.
    package var eventCount = 0

    /// Knows nothing.
    package init() {}

    /// Whether nothing is known.
    package var isEmpty: Bool { identities.isEmpty && checks.isEmpty && standings.isEmpty && eventCount == 0 }
}

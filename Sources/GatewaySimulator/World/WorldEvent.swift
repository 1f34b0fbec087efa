package import Core

/// Something that happens without a request.
package enum WorldEvent: Hashable, Sendable {
    /// A person writes into a group.
    case message(PhoneNumber, GroupID)
    /// A person joins a group, for example by its invite link.
    case join(PhoneNumber, GroupID)
    /// A person leaves a group.
    case leave(PhoneNumber, GroupID)
    /// Somebody else backfills a session.
    case backfill(SessionID)

    /// The kinds of events, named as in a seed file.
    static let kinds = ["message", "join", "leave", "backfill"]
}

/// An event with its time.
package struct ScheduledEvent: Hashable, Sendable {
    /// Milliseconds after the start of the world.
    package var afterMilliseconds: Int64
    /// What happens.
    package var event: WorldEvent

    /// Plans an event.
    package init(afterMilliseconds: Int64, _ event: WorldEvent) {
        self.afterMilliseconds = afterMilliseconds
        self.event = event
    }
}

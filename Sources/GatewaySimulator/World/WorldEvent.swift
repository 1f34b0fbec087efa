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
}

extension WorldEvent {
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

/// Events in the order in which they will happen.
struct EventSchedule: Sendable {
    /// The events to come, the next one last.
    private var coming: [(time: Timestamp, event: WorldEvent)]

    /// Schedules events after the start of the world; events of the same time happen in the given order.
    init(_ events: [ScheduledEvent], start: Timestamp) {
        let ordered = events.enumerated().sorted {
            ($0.element.afterMilliseconds, $0.offset) < ($1.element.afterMilliseconds, $1.offset)
        }
        coming = ordered.reversed().map(\.element).map { (start.later(byMilliseconds: $0.afterMilliseconds), $0.event) }
    }

    /// When the next event happens; nil if there is none.
    var nextTime: Timestamp? { coming.last?.time }

    /// Removes and returns the next event.
    mutating func next() -> (time: Timestamp, event: WorldEvent)? { coming.popLast() }
}

package import Membership

/// Something that happens without any request.
package enum WorldEvent: Hashable, Sendable {
    /// A person writes into a group.
    case message(PhoneNumber, GroupID)
    /// A person joins a group, for example by its invite link.
    case join(PhoneNumber, GroupID)
    /// A person leaves a group.
    case leave(PhoneNumber, GroupID)
    /// Somebody else has a session backfilled.
    case backfill(SessionID)
}

extension WorldEvent {
    /// What kinds of events there are, by the words of a seed.
    enum Kind: String, CaseIterable {
        /// A message.
        case message
        /// A person who joins.
        case join
        /// A person who leaves.
        case leave
        /// A backfill.
        case backfill

        /// The name of the control path.
        var controlName: String { rawValue + "s" }
    }
}

/// An event that happens at its time.
package struct ScheduledEvent: Hashable, Sendable {
    /// So many milliseconds after the start of the world.
    package var afterMilliseconds: Int64
    /// What happens.
    package var event: WorldEvent

    /// Plans an event.
    package init(afterMilliseconds: Int64, _ event: WorldEvent) {
        self.afterMilliseconds = afterMilliseconds
        self.event = event
    }
}

/// Events in the order in which they are going to happen.
struct EventSchedule: Sendable {
    /// Those that are still to come, the next one last.
    private var coming: [(time: Timestamp, event: WorldEvent)]

    /// Plans events of a world that starts at a moment; those of the same moment happen in the order given.
    init(_ events: [ScheduledEvent], start: Timestamp) {
        let ordered = events.enumerated().sorted {
            ($0.element.afterMilliseconds, $0.offset) < ($1.element.afterMilliseconds, $1.offset)
        }
        coming = ordered.reversed().map(\.element).map {
            (start.later(byMilliseconds: $0.afterMilliseconds), $0.event)
        }
    }

    /// When the next event happens; nil where none is to come.
    var nextTime: Timestamp? { coming.last?.time }

    /// Takes the next event out.
    mutating func next() -> (time: Timestamp, event: WorldEvent)? { coming.popLast() }
}

import Locking
package import Membership

/// A clock that stands until someone sleeps: a pause costs no time but moves it on.
package final class HeldClock: TimeSource {
    private let milliseconds: Guarded<Int64>
    private let ahead = Guarded<Int64>(0)

    /// Starts at a moment; by default noon of 2026-11-23.
    package init(at time: Timestamp = Timestamp(milliseconds: 1_795_435_200_000)) {
        milliseconds = Guarded(time.milliseconds)
    }

    /// The moment that the clock shows.
    package func now() -> Timestamp { trueTime.advanced(byMilliseconds: ahead.withLock { $0 }) }

    /// The moment at which it stands where it is right.
    package var trueTime: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    /// Lets the clock show a later time than it is.
    package func goAhead(by duration: Duration) { ahead.withLock { $0 = duration.components.seconds * 1_000 } }

    /// Moves the clock on and lets others run.
    package func sleep(for duration: Duration) async throws {
        advance(by: duration)
        try Task.checkCancellation()
        await Task.yield()
    }

    /// Moves the clock on.
    package func advance(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        milliseconds.withLock { $0 += seconds * 1_000 + attoseconds / 1_000_000_000_000_000 }
    }
}

package import Core

/// A clock that moves only when someone sleeps, so pauses take no time.
package final class HeldClock: TimeSource {
    private let milliseconds: Guarded<Int64>
    private let ahead = Guarded<Int64>(0)

    /// Starts at a time; by default noon of 2026-11-23.
    package init(at time: Timestamp = Timestamp(milliseconds: 1_795_435_200_000)) {
        milliseconds = Guarded(time.milliseconds)
    }

    /// Returns the clock's time.
    package func now() -> Timestamp { trueTime.advanced(byMilliseconds: ahead.withLock { $0 }) }

    /// The true time.
    package var trueTime: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    /// Makes the clock fast.
    package func goAhead(by duration: Duration) { ahead.withLock { $0 = duration.components.seconds * 1_000 } }

    /// Advances the clock and yields to other tasks.
    package func sleep(for duration: Duration) async throws {
        advance(by: duration)
        try Task.checkCancellation()
        await Task.yield()
    }

    /// Advances the clock.
    package func advance(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        milliseconds.withLock { $0 += seconds * 1_000 + attoseconds / 1_000_000_000_000_000 }
    }
}

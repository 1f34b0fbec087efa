import Glibc
package import Membership

/// The clock of the machine, read once and carried on by one that nobody sets: while a run is at work, its time goes forward
/// whatever is done to the wall clock.
package struct SystemTime: TimeSource {
    private let start: Timestamp
    private let startOfCount: Int64

    /// Reads the machine's clock.
    package init() {
        start = Timestamp(milliseconds: Self.milliseconds(CLOCK_REALTIME))
        startOfCount = Self.milliseconds(CLOCK_BOOTTIME)
    }

    /// The wall clock as it was at the start, and the time that has passed since, to the millisecond.
    package func now() -> Timestamp {
        start.advanced(byMilliseconds: Self.milliseconds(CLOCK_BOOTTIME) - startOfCount)
    }

    /// Waits without holding a thread.
    package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}

package import Core
import Glibc

/// The machine's clock, read once and continued by a monotonic clock, so a run's time never goes back.
package struct SystemTime: TimeSource {
    private let start: Timestamp
    private let startOfCount: Int64

    /// Reads the machine's clock.
    package init() {
        start = Timestamp(milliseconds: Self.milliseconds(CLOCK_REALTIME))
        startOfCount = Self.milliseconds(CLOCK_BOOTTIME)
    }

    /// Returns the wall clock at the start plus the time since.
    package func now() -> Timestamp { start.advanced(byMilliseconds: Self.milliseconds(CLOCK_BOOTTIME) - startOfCount) }

    /// Waits without blocking a thread.
    package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// A clock whose pauses end at the run's deadline.
struct DeadlineClock: TimeSource {
    private let time: any TimeSource
    private let end: Timestamp

    /// Wraps a clock; no pause lasts beyond `end`.
    init(_ time: any TimeSource, end: Timestamp) {
        self.time = time
        self.end = end
    }

    func now() -> Timestamp { time.now() }

    /// Waits for a duration, but not beyond the end.
    func sleep(for duration: Duration) async throws {
        let left = Duration.milliseconds(end.milliseconds - now().milliseconds)
        try await time.sleep(for: max(.zero, min(duration, left)))
    }
}

import Glibc
package import Membership

/// The clock of the machine.
package struct SystemTime: TimeSource {
    /// The machine's clock.
    package init() {}

    /// The wall clock, to the millisecond.
    package func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Waits without holding a thread.
    package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

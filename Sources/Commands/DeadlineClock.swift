import Core

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

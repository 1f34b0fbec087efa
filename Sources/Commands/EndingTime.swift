import Membership

/// A clock by which no pause lasts beyond the deadline of a run.
struct EndingTime: TimeSource {
    private let time: any TimeSource
    private let end: Timestamp

    /// The same clock, with no pause beyond a moment.
    init(_ time: any TimeSource, end: Timestamp) {
        self.time = time
        self.end = end
    }

    func now() -> Timestamp { time.now() }

    /// Waits for so long, or until the end; after it, not at all.
    func sleep(for duration: Duration) async throws {
        let left = Duration.milliseconds(end.milliseconds - now().milliseconds)
        try await time.sleep(for: max(.zero, min(duration, left)))
    }
}

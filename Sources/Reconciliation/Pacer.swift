import Membership

/// Keeps one session's mutations apart in time.
struct Pacer {
    private let interval: Int64
    private let jitter: Double
    private let time: any TimeSource
    private let random: @Sendable () -> Double
    private var next: Timestamp?

    /// Takes the pace, and a source of random numbers from 0 up to 1.
    init(_ pace: Pace, time: any TimeSource, random: @Sendable @escaping () -> Double) {
        interval = pace.callsPerMinute > 0 ? Int64(60_000 / pace.callsPerMinute) : 0
        jitter = pace.jitter
        self.time = time
        self.random = random
    }

    /// Waits until the next call may be sent.
    mutating func wait() async throws {
        guard interval > 0 else { return }
        let now = time.now()
        if let next, next > now {
            try await time.sleep(for: .milliseconds(next.milliseconds - now.milliseconds))
        }
        let pause = Double(interval) * (1 + jitter * random())
        next = time.now().advanced(byMilliseconds: Int64(pause))
    }
}

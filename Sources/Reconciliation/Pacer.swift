import Membership

/// Keeps one session's mutations apart in time.
struct Pacer {
    private let interval: Int64
    private let jitter: Double
    private let random: @Sendable () -> Double
    private var next: Timestamp?

    /// Takes the pace, and a source of random numbers from 0 up to 1.
    ///
    /// `latest` is when an earlier run sent the session's last call.
    init(_ pace: Pace, after latest: Timestamp?, now: Timestamp, random: @Sendable @escaping () -> Double) {
        interval = pace.callsPerMinute > 0 ? Int64(60_000 / pace.callsPerMinute) : 0
        jitter = pace.jitter
        self.random = random
        // A call of the future, by a clock that has stepped back, is taken for one of just now.
        if let latest { note(callAt: min(latest, now)) }
    }

    /// The milliseconds until the next call may be sent; nil where that is now.
    func pause(at now: Timestamp) -> Int64? {
        guard let next, next > now else { return nil }
        return next.milliseconds - now.milliseconds
    }

    /// Counts a call: the next one has to wait.
    mutating func note(callAt now: Timestamp) {
        guard interval > 0 else { return }
        next = now.advanced(byMilliseconds: Int64(Double(interval) * (1 + jitter * random())))
    }
}

import Core

/// Keeps one session's changes apart in time.
struct Pacer {
    private let interval: Int64
    private let jitter: Double
    private let random: @Sendable () -> Double
    private var next: Timestamp?

    /// Creates a pacer; `random` returns numbers from 0 up to 1.
    ///
    /// `latest` is when an earlier run sent the session's last call.
    init(_ pace: Pace, after latest: Timestamp?, now: Timestamp, random: @Sendable @escaping () -> Double) {
        interval = pace.callsPerMinute > 0 ? Int64(60_000 / pace.callsPerMinute) : 0
        jitter = pace.jitter
        self.random = random
        // A call in the future, after the clock stepped back, counts as a call now.
        if let latest { note(callAt: min(latest, now)) }
    }

    /// Returns the milliseconds until the next call may be sent; nil if it may be sent now.
    func pause(at now: Timestamp) -> Int64? {
        guard let next, next > now else { return nil }
        return next.milliseconds - now.milliseconds
    }

    /// Records a call, so that the next one waits.
    mutating func note(callAt now: Timestamp) {
        guard interval > 0 else { return }
        next = now.advanced(byMilliseconds: Int64(Double(interval) * (1 + jitter * random())))
    }
}

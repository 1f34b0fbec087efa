/// How often and how patiently a call is tried again that may succeed next time.
///
/// The client does so with reads; whether a change may be sent again is for whoever keeps account of it to decide.
package struct RetryPolicy: Sendable {
    /// How often a call is sent at most.
    package var attempts: Int
    /// The longest the first pause may be; each further one may be twice as long.
    package var firstPause: Duration
    /// The longest any pause may be, one that the gateway asks for included.
    package var longestPause: Duration
    /// Numbers from 0 up to 1 that pauses are multiplied with, so that many clients do not come back at once.
    package var random: @Sendable () -> Double

    /// Describes a policy.
    package init(
        attempts: Int, firstPause: Duration, longestPause: Duration,
        random: @Sendable @escaping () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.attempts = attempts
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.random = random
    }

    /// Sends each call once.
    package static let never = RetryPolicy(attempts: 1, firstPause: .zero, longestPause: .zero)

    /// Four attempts within about half a minute.
    package static let standard = RetryPolicy(attempts: 4, firstPause: .milliseconds(500), longestPause: .seconds(15))

    /// The same policy with random numbers of another source.
    package func with(random: @Sendable @escaping () -> Double) -> RetryPolicy {
        RetryPolicy(attempts: attempts, firstPause: firstPause, longestPause: longestPause, random: random)
    }

    /// The pause after a number of failed attempts; nil where the call is not to be sent again.
    package func pause(afterAttempts count: Int, _ error: GatewayError) -> Duration? {
        guard count < attempts else { return nil }
        var wish = Duration.zero
        switch error {
        case .refused(_, let refusal):
            guard refusal.mayPass else { return nil }
            wish = .seconds(refusal.retryAfter ?? 0)
        case .noAnswer(_, let fault):
            switch fault.kind {
            case .unreachable, .timedOut, .interrupted: break
            case .tooLarge, .malformed: return nil
            }
        case .unreadable, .cancelled:
            return nil
        }
        guard wish <= longestPause else { return nil }
        // A gateway that asks for no patience is spared all the same.
        return max(wish, min(longestPause, firstPause * (1 << min(count - 1, 16))) * random())
    }
}

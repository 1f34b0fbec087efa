/// How often a failed call is sent again, and how long the pauses are.
///
/// The client retries reads only; the caller decides about changes, because it records them.
package struct RetryPolicy: Sendable {
    /// Maximum attempts per call.
    package var attempts: Int
    /// The maximum of the first pause; it doubles with each further pause.
    package var firstPause: Duration
    /// The maximum of any pause, including one that the gateway asks for.
    package var longestPause: Duration
    /// Random factors from 0 up to 1 for pauses, so that many clients do not return at once.
    package var random: @Sendable () -> Double = { Double.random(in: 0..<1) }

    /// Sends each call once.
    package static let never = RetryPolicy(attempts: 1, firstPause: .zero, longestPause: .zero)

    /// Four attempts within about half a minute.
    package static let standard = RetryPolicy(attempts: 4, firstPause: .milliseconds(500), longestPause: .seconds(15))

    /// Returns the same policy with another source of random numbers.
    package func with(random: @Sendable @escaping () -> Double) -> RetryPolicy {
        RetryPolicy(attempts: attempts, firstPause: firstPause, longestPause: longestPause, random: random)
    }

    /// Returns the pause after this many failed attempts; nil to give up.
    package func pause(afterAttempts count: Int, _ error: GatewayError) -> Duration? {
        guard count < attempts, error.kind.isTransient else { return nil }
        var requestedPause = Duration.zero
        if case .refused(_, let refusal) = error { requestedPause = .seconds(refusal.retryAfter ?? 0) }
        guard requestedPause <= longestPause else { return nil }
        // Pauses even if the gateway asks for none.
        return max(requestedPause, min(longestPause, firstPause * (1 << min(count - 1, 16))) * random())
    }
}

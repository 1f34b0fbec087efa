/// How fast one session sends its changes.
package struct Pace: Hashable, Sendable {
    /// Write calls a minute; 0 means no pauses.
    package var callsPerMinute: Int
    /// The most that chance may add to a pause, as a fraction of the pause: 0.5 means up to half.
    package var jitter: Double
    /// The most people in one call that adds.
    package var addsPerCall: Int
    /// The budget of adds in any 24 hours; 0 means no bound.
    package var addsPerDay: Int
    /// How long to wait for a change to show in the roster before it counts as unconfirmed.
    package var settle: Duration

    /// The defaults are those of docs/policy.md.
    package init(
        callsPerMinute: Int = 20, jitter: Double = 0.5, addsPerCall: Int = 1, addsPerDay: Int = 50,
        settle: Duration = .seconds(5)
    ) {
        self.callsPerMinute = callsPerMinute
        self.jitter = jitter
        self.addsPerCall = addsPerCall
        self.addsPerDay = addsPerDay
        self.settle = settle
    }
}

/// When to retry an add that WhatsApp declined.
package struct DeclinedRule: Hashable, Sendable {
    /// The pause before the second try.
    package var retryAfter: Duration
    /// The factor from each pause to the next.
    package var backoff: Double
    /// Rollcall stops trying after this many declined tries.
    package var giveUpAfter: Int

    /// The defaults are those of docs/policy.md.
    package init(retryAfter: Duration = .seconds(86_400), backoff: Double = 2, giveUpAfter: Int = 4) {
        self.retryAfter = retryAfter
        self.backoff = backoff
        self.giveUpAfter = giveUpAfter
    }
}

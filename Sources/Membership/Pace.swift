/// How fast one session's mutations are sent.
package struct Pace: Hashable, Sendable {
    /// Mutations a minute; 0 sends without pauses.
    package var callsPerMinute: Int
    /// Each pause is stretched by a random share up to this; 0.5 means up to half as long again.
    package var jitter: Double
    /// People named in one add call.
    package var addsPerCall: Int
    /// Adds over a rolling 24 hours; 0 means no budget.
    package var addsPerDay: Int
    /// How long a change may take to show in the roster before it counts as unconfirmed.
    package var settle: Duration

    /// The defaults of the configuration reference.
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

/// When someone whom WhatsApp would not let us add is tried again.
package struct DeclinedRule: Hashable, Sendable {
    /// The pause before the second try.
    package var retryAfter: Duration
    /// By how much each further pause is longer than the one before.
    package var backoff: Double
    /// After so many declined tries a person is left to a human.
    package var giveUpAfter: Int

    /// The defaults of the configuration reference.
    package init(retryAfter: Duration = .seconds(86_400), backoff: Double = 2, giveUpAfter: Int = 4) {
        self.retryAfter = retryAfter
        self.backoff = backoff
        self.giveUpAfter = giveUpAfter
    }
}

/// How fast one session sends its changes.
package struct Pace: Hashable, Sendable {
    /// Write calls a minute; 0 means no pauses.
    package var callsPerMinute = 20
    /// The most that chance may add to a pause, as a fraction of the pause: 0.5 means up to half.
    package var jitter = 0.5
    /// The most people in one call that adds.
    package var addsPerCall = 1
    /// The budget of adds in any 24 hours; 0 means no bound.
    package var addsPerDay = 50
    /// How long to wait for a change to show in the roster before it counts as unconfirmed.
    package var settle = Duration.seconds(5)

    /// Creates a pace with the defaults of docs/policy.md.
    package init() {}
}

/// When to retry an add that WhatsApp declined.
package struct DeclinedRule: Hashable, Sendable {
    /// The pause before the second try.
    package var retryAfter = Duration.seconds(86_400)
    /// The factor from each pause to the next.
    package var backoff = 2.0
    /// Rollcall stops trying after this many declined tries.
    package var giveUpAfter = 4

    /// Creates a rule with the defaults of docs/policy.md.
    package init() {}
}

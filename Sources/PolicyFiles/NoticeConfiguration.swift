/// Somebody who is told how runs end, by a request to a URL that only they know.
package struct WebhookConfiguration: Sendable, Hashable {
    /// Where its URL comes from, which is a secret.
    package var url: SecretSource
    /// What it wants to be told of.
    package var occasions: Set<NoticeOccasion>
    /// How it wants to be told.
    package var format: NoticeFormat
}

/// What of a run may be worth a notice.
package enum NoticeOccasion: String, Sendable, Hashable, CaseIterable {
    /// Something was changed.
    case changes
    /// The run, a group or a call came to something else than was meant.
    case failure
    /// Removals or demotions were held back.
    case withheld
}

/// How a notice is written.
package enum NoticeFormat: String, Sendable, Hashable, CaseIterable {
    /// This program's own document.
    case json
    /// One text, as Slack and those who copied it take it.
    case slack
}

/// The URLs by which a monitor of cron jobs is told of runs; it sounds the alarm where it hears nothing.
package struct PingConfiguration: Sendable, Hashable {
    /// Asked for when a run begins.
    package var started: PingAddress?
    /// Asked for when a run has ended with 0.
    package var succeeded: PingAddress?
    /// Asked for when a run has ended otherwise.
    package var failed: PingAddress?

    /// Tells nobody.
    package init() {}

    /// Tells a monitor that takes `/start` and `/fail` behind its URL.
    init(url: SecretSource) {
        started = PingAddress(url: url, suffix: "/start")
        succeeded = PingAddress(url: url, suffix: "")
        failed = PingAddress(url: url, suffix: "/fail")
    }
}

/// One URL of a monitor.
package struct PingAddress: Sendable, Hashable {
    /// Where the URL comes from, which is a secret.
    package var url: SecretSource
    /// What is put behind the URL's path.
    package var suffix: String
}

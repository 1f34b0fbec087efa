/// A webhook: a secret URL to notify after a run.
package struct WebhookConfiguration: Sendable, Hashable {
    /// The source of the URL, which is a secret.
    package var url: SecretSource
    /// The occasions for a notice.
    package var occasions: Set<NoticeOccasion>
    /// The format of the notice.
    package var format: NoticeFormat
}

/// The occasions for a notice.
package enum NoticeOccasion: String, Sendable, Hashable, CaseIterable {
    /// The run changed something.
    case changes
    /// The run ended with an exit code other than 0 and 4.
    case failure
    /// Removals or demotions are blocked.
    case withheld
}

/// The formats of a notice.
package enum NoticeFormat: String, Sendable, Hashable, CaseIterable {
    /// Rollcall's own JSON document.
    case json
    /// One text, for Slack and compatible services.
    case slack
}

/// The URLs of a monitor for scheduled jobs, which alerts if no ping arrives.
package struct PingConfiguration: Sendable, Hashable {
    /// Requested when a run starts.
    package var started: PingAddress?
    /// Requested when a run ends with exit code 0.
    package var succeeded: PingAddress?
    /// Requested when a run ends with any other exit code.
    package var failed: PingAddress?

    /// Creates a configuration without pings.
    package init() {}

    /// Creates the URLs of a monitor that uses `/start` and `/fail` after its URL.
    init(url: SecretSource) {
        started = PingAddress(url: url, suffix: "/start")
        succeeded = PingAddress(url: url, suffix: "")
        failed = PingAddress(url: url, suffix: "/fail")
    }
}

/// A URL of a monitor.
package struct PingAddress: Sendable, Hashable {
    /// The source of the URL, which is a secret.
    package var url: SecretSource
    /// The text to append to the URL's path.
    package var suffix: String
}

package import Membership

/// Everything that `rollcall.yaml` and the environment say, checked and with defaults filled in.
package struct Configuration: Sendable, Hashable {
    /// The file that was read, as it was named.
    package var path: String
    /// The folder of that file, against which its relative paths count.
    package var folder: String
    /// At least one, by name.
    package var gateways: [GatewayConfiguration]
    /// The files, folders and globs of the policies, as they were written.
    package var policies: [String]
    /// Where each of `policies` stands, in the same order.
    package var policyLocations: [SourceLocation]
    /// The ledger's path.
    package var ledger: String
    /// What one run may take away.
    package var limits: Limits
    /// How fast mutations are sent.
    package var pace: Pace
    /// Rosters that are read at the same time.
    package var readConcurrency: Int
    /// How long one read may take.
    package var readTimeout: Duration
    /// When declined people are tried again.
    package var declined: DeclinedRule
    /// Whether the CSV files of a policy may lie outside of the policy's folder.
    package var allowsTablesOutside: Bool
    /// The file for Prometheus that is written after each run; nil for none.
    package var metricsFile: String?
    /// Who is told of which runs.
    package var webhooks: [WebhookConfiguration]
    /// Who is told that a run begins and ends.
    package var pings: PingConfiguration
}

/// One gateway that the configuration names.
package struct GatewayConfiguration: Sendable, Hashable {
    /// Its name: `default` for the one below `gateway`.
    package var name: GatewayName
    /// Its URL without a trailing slash and without `/api/v1`.
    package var url: HTTPURL
    /// Where its token comes from.
    package var token: SecretSource
    /// Certificates to trust instead of the system's; nil trusts those.
    package var caFile: String?
    /// The numbers of the session accounts, where the gateway does not tell them.
    package var ownAccounts: [SessionID: PhoneNumber]
    /// When the gateway is to read its groups from WhatsApp anew; nil for never.
    package var refresh: RefreshConfiguration?
}

/// When a run has a gateway read its groups from WhatsApp anew, by a backfill, before it plans.
package struct RefreshConfiguration: Sendable, Hashable {
    /// Where the login token comes from that may; nil takes the gateway's own token.
    package var token: SecretSource?
    /// How old a session's last reading may be.
    package var olderThan: Duration
    /// How long a run waits for a backfill before it plans on what there is.
    package var wait: Duration
    /// Whether an apply has the groups read again at its end, where it has changed something that does not show yet.
    package var afterApply: Bool
}

/// What came of reading a configuration.
package struct ConfigurationReading: Sendable {
    /// How the reading ended.
    package enum Outcome: Sendable, Hashable {
        /// The configuration can be used.
        case valid(Configuration)
        /// There is no such file.
        case missing
        /// The diagnostics say what is wrong.
        case invalid
    }

    /// How the reading ended.
    package var outcome: Outcome
    /// All that is wrong, by place.
    package var diagnostics: [Diagnostic]

    /// The configuration, if it can be used.
    package var configuration: Configuration? {
        guard case .valid(let configuration) = outcome else { return nil }
        return configuration
    }
}

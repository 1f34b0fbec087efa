package import Core
import LocatedYAML

/// The checked values of `rollcall.yaml` and the environment, with defaults.
package struct Configuration: Sendable, Hashable {
    /// The path of the file, as the caller gave it.
    package var path: String
    /// The folder of that file; relative paths start from it.
    package var folder: String
    /// At least one gateway, sorted by name.
    package var gateways: [GatewayConfiguration]
    /// The files, folders and patterns of the policies, as written.
    package var policies: [String]
    /// The place of each entry of `policies`, in the same order.
    package var policyLocations: [SourceLocation]
    /// The ledger's path.
    package var ledger: String
    /// The limits of a run and its groups.
    package var limits: Limits
    /// How fast a session sends its changes.
    package var pace: Pace
    /// The number of rosters read at the same time.
    package var readConcurrency: Int
    /// The longest time for one read.
    package var readTimeout: Duration
    /// When to retry declined adds.
    package var declined: DeclinedRule
    /// Whether the CSV files of a policy may be outside the policy's folder.
    package var allowsTablesOutside: Bool
    /// The metrics file for Prometheus, written after each run; nil for none.
    package var metricsFile: String?
    /// The webhooks to notify after a run.
    package var webhooks: [WebhookConfiguration]
    /// The monitor to ping when a run starts and ends.
    package var pings: PingConfiguration
}

/// A gateway of the configuration.
package struct GatewayConfiguration: Sendable, Hashable {
    /// The name; `default` for the one under `gateway`.
    package var name: GatewayName
    /// The URL, without a trailing slash and without `/api/v1`.
    package var url: HTTPURL
    /// The source of the token.
    package var token: SecretSource
    /// A file of certificates to trust instead of the system's; nil for the system's.
    package var caFile: String?
    /// The phone numbers of the own accounts, if the gateway does not report them.
    package var ownAccounts: [SessionID: PhoneNumber]
    /// When to refresh the gateway's groups from WhatsApp; nil for never.
    package var refresh: RefreshConfiguration?
}

/// When a run makes the gateway read its groups from WhatsApp again (a backfill), before it plans.
package struct RefreshConfiguration: Sendable, Hashable {
    /// The source of a login token that may start a backfill; nil uses the gateway's own token.
    package var token: SecretSource?
    /// A new backfill is due if a session's last one is older than this.
    package var olderThan: Duration
    /// How long a run waits for a backfill before it plans with the stored data.
    package var wait: Duration
    /// Whether `apply` starts a backfill at its end if a change is not confirmed yet.
    package var afterApply: Bool
}

/// The result of reading a configuration.
package struct ConfigurationReading: Sendable {
    /// The kinds of results.
    package enum Outcome: Sendable, Hashable {
        /// The configuration is valid.
        case valid(Configuration)
        /// The file does not exist.
        case missing
        /// The configuration has errors; see the diagnostics.
        case invalid
    }

    /// The result.
    package var outcome: Outcome
    /// All errors and warnings, by place.
    package var diagnostics: [Diagnostic]

    /// The configuration, if it is valid.
    package var configuration: Configuration? {
        guard case .valid(let configuration) = outcome else { return nil }
        return configuration
    }
}

/// The source of a secret; a configuration never contains the secret itself.
package enum SecretSource: Sendable, Hashable {
    /// An environment variable.
    case environment(String)
    /// A file that contains only the secret.
    case file(String)

    /// Returns the source in words for a message; does not repeat it if it looks like the secret itself.
    ///
    /// `key` is the configuration key of the source, `noun` the kind of secret.
    package func words(key: String, noun: String) -> String {
        switch self {
        case .environment(let name):
            return "the environment variable " + (mayBeSecret(name) ? "that `\(key)` names" : name)
        case .file(let path):
            let name = path.split(separator: "/").last ?? ""
            return "the \(noun) file " + (mayBeSecret(String(name)) ? "that `\(key)` names" : path)
        }
    }
}

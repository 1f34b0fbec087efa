import GatewayAPI
import RunLedger
import Synchronization

/// Why no further call may be sent.
package enum StopReason: Hashable, Sendable {
    /// A signal asked the run to end.
    case interrupted(signal: Int32)
    /// The gateway rejected the token.
    case credentialsRejected
    /// The ledger no longer takes what is to be recorded.
    case ledgerFailed

    /// The reason as skipped actions record it.
    package var message: String {
        switch self {
        case .interrupted: "the run was interrupted"
        case .credentialsRejected: "the gateway rejected the credentials"
        case .ledgerFailed: "the ledger could not be written"
        }
    }
}

/// The one switch that ends a run early; the first reason counts.
package final class RunControl: Sendable {
    private let reason = Mutex<StopReason?>(nil)

    /// Lets the run go on.
    package init() {}

    /// Why the run is to end; nil while it may go on.
    package var stopReason: StopReason? { reason.withLock { $0 } }

    /// Lets no further call out.
    package func stop(_ newReason: StopReason) {
        reason.withLock { current in
            if current == nil { current = newReason }
        }
    }
}

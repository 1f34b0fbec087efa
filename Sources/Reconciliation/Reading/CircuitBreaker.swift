import Core
import GatewayAPI

/// Stops reading a session's groups after several failures in a row, so that a run does not wait for the timeout of
/// each.
final class CircuitBreaker: Sendable {
    private let failures = Guarded<[SessionKey: (count: Int, last: GatewayError)]>([:])
    private let rejections = Guarded<[GatewayName: GatewayError]>([:])

    /// After this many failures in a row, the session's remaining groups are skipped; reads in progress continue.
    private static let maxFailures = 5

    /// Returns why a session's groups are no longer read; nil while they are.
    func fault(of session: SessionKey) -> GroupFault? {
        failures.withLock { failures in
            guard let (count, last) = failures[session], count >= Self.maxFailures else { return nil }
            return .sessionSkipped(last, failures: count)
        }
    }

    /// Returns the answer that rejected a gateway's token; nil if none did.
    ///
    /// Any later call would be rejected too.
    func rejection(by gateway: GatewayName) -> GatewayError? { rejections.withLock { $0[gateway] } }

    /// Records an answer if it rejects the token.
    func noteRejection(_ error: GatewayError, by gateway: GatewayName) {
        guard error.kind == .credentialsRejected else { return }
        rejections.withLock { $0[gateway] = error }
    }

    /// Records that a group was read.
    func noteSuccess(of session: SessionKey) { failures.withLock { $0[session] = nil } }

    /// Records that a group could not be read; only failures that may concern the whole session count.
    func note(_ error: GatewayError, of session: SessionKey) {
        guard error.kind.mayConcernSession else { return }
        failures.withLock { failures in failures[session] = ((failures[session]?.count ?? 0) + 1, error) }
    }
}

import GatewayAPI
import Locking
import Membership

/// Ends the reading of a session's groups when one after another gets no answer, so that a run over hundreds of groups does
/// not wait out the time of each.
final class ReadBreaker: Sendable {
    private let failures = Guarded<[SessionKey: (count: Int, last: GatewayError)]>([:])
    private let rejections = Guarded<[GatewayName: GatewayError]>([:])

    /// After so many failures in a row a session's other groups are not read, but for those that are being read already.
    private static let patience = 5

    /// Why a session's groups are no longer read; nil while they are.
    func fault(of session: SessionKey) -> GroupFault? {
        failures.withLock { failures in
            guard let (count, last) = failures[session], count >= Self.patience else { return nil }
            return .sessionGivenUp(last, failures: count)
        }
    }

    /// By which answer a gateway has rejected the token; nil while it has not.
    ///
    /// Whatever is asked after it would be rejected too.
    func rejection(by gateway: GatewayName) -> GatewayError? { rejections.withLock { $0[gateway] } }

    /// Takes in what a gateway answered, if that was to reject the token.
    func noteRejection(_ error: GatewayError, by gateway: GatewayName) {
        guard case .refused(_, let refusal) = error, refusal.status == 401 else { return }
        rejections.withLock { $0[gateway] = error }
    }

    /// Takes in that a group was read.
    func noteSuccess(of session: SessionKey) { failures.withLock { $0[session] = nil } }

    /// Takes in that a group could not be read; only what may concern the whole session counts.
    func note(_ error: GatewayError, of session: SessionKey) {
        switch error {
        case .noAnswer: break
        case .refused(_, let refusal) where refusal.mayPass: break
        case .refused, .unreadable, .cancelled: return
        }
        failures.withLock { failures in failures[session] = ((failures[session]?.count ?? 0) + 1, error) }
    }
}

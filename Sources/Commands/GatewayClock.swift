import FoundationEssentials
import GatewayAPI
import HTTPTransfer
import Locking
import Membership

/// How far a gateway's clock is from ours, by the `Date` of its answers.
final class GatewayClock: Sendable {
    private let smallest = Guarded<Int64?>(nil)

    /// The difference in milliseconds, the smallest that was seen; nil where no answer had a date.
    var difference: Int64? { smallest.withLock { $0 } }

    /// Takes in an answer's date, which tells whole seconds.
    func note(_ response: HTTPResponse, at now: Timestamp) {
        guard let date = response.header("date").flatMap(HTTPDate.moment) else { return }
        let gap = abs(date.milliseconds - now.milliseconds)
        smallest.withLock { smallest in smallest = min(smallest ?? .max, gap) }
    }
}

/// Carries requests and lets a clock see the answers.
struct DatedTransfer: HTTPExchanging {
    let transfer: any HTTPExchanging
    let clock: GatewayClock
    let time: any TimeSource

    func exchange(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        let response = try await transfer.exchange(request)
        clock.note(response, at: time.now())
        return response
    }
}

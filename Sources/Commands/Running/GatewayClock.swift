import Core
import FoundationEssentials
import GatewayAPI
import HTTPTransfer

/// The difference between our clock and a gateway's, from the `Date` headers of its answers.
final class GatewayClock: Sendable {
    private let smallest = Guarded<Int64?>(nil)

    /// The smallest difference seen, in milliseconds; nil if no answer had a date.
    var difference: Int64? { smallest.withLock { $0 } }

    /// Records an answer's date, which has whole seconds.
    func note(_ response: HTTPResponse, at now: Timestamp) {
        guard let date = response.header("date").flatMap(HTTPDate.moment) else { return }
        let gap = abs(date.milliseconds - now.milliseconds)
        smallest.withLock { smallest in smallest = min(smallest ?? .max, gap) }
    }
}

/// Sends requests and passes the answers to a clock.
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

import CCurl
import Core
import Synchronization

/// The result of an exchange.
typealias TransferOutcome = Result<HTTPResponse, TransferError>

/// One running exchange: created by the caller's thread, then used by the loop's thread alone, except to cancel it.
final class Transfer: @unchecked Sendable {
    /// The request.
    let request: HTTPRequest
    /// Its destination.
    let origin: HTTPOrigin
    /// The settings that all transfers share.
    let settings: TransferSettings
    /// The waiting task; set before the loop gets the transfer.
    var continuation: CheckedContinuation<TransferOutcome, Never>?

    /// The fields of the final answer, names in lower case, without those of interim answers and trailers.
    var headers: [(name: String, value: String)] = []
    /// The bytes of all header lines so far.
    var headerBytes = 0
    /// Whether the next line belongs to the fields that `headers` has.
    var isInsideHeaders = false
    /// The decompressed body.
    var body: [UInt8] = []
    /// The limit in bytes that the answer exceeded; nil if none was.
    var exceededLimit: Int?

    private let cancellation = Atomic(false)
    private var timesSent = 0

    /// Prepares to send a request to its checked origin.
    init(_ request: HTTPRequest, to origin: HTTPOrigin, settings: TransferSettings) {
        self.request = request
        self.origin = origin
        self.settings = settings
    }

    /// Returns the transfer that a callback of libcurl received.
    static func at(_ context: UnsafeMutableRawPointer) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Whether the task that waits for the exchange is cancelled.
    var isCancelled: Bool { cancellation.load(ordering: .acquiring) }

    /// Marks the exchange as cancelled, from any thread.
    func cancel() { cancellation.store(true, ordering: .releasing) }

    /// Whether the request, or a part of it, may have been sent.
    var wasSent: Bool { timesSent > 0 }

    /// Whether libcurl may send the request; called each time before it does.
    ///
    /// libcurl retries by itself if a reused connection breaks before the first byte of an answer. That is right for a
    /// read and wrong for a change, which must never reach the gateway twice without two rows in the ledger.
    func mayBeSent() -> Bool {
        guard timesSent == 0 || request.isRead else { return false }
        timesSent += 1
        return true
    }

    /// Resumes the waiting task; call it once.
    func finish(_ outcome: TransferOutcome) { continuation?.resume(returning: outcome) }

    /// Returns the result for a finished transfer on a handle.
    func outcome(of code: CURLcode, on handle: TransferHandle) -> TransferOutcome {
        code == CURLE_OK
            ? .success(HTTPResponse(status: handle.number(CURLINFO_RESPONSE_CODE), headers: headers, body: body))
            : .failure(TransferFailure(code: code, transfer: self, handle: handle).error)
    }
}

import CCurl
import Core
import Synchronization

/// The result of an exchange.
typealias TransferOutcome = Result<HTTPResponse, TransferError>

/// Whether the task that waits for an exchange is cancelled.
final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    /// Whether the task is cancelled.
    var isRaised: Bool { flag.load(ordering: .acquiring) }

    /// Marks the task as cancelled.
    func raise() { flag.store(true, ordering: .releasing) }
}

/// One running exchange: created by the caller's thread, then used by the loop's thread alone.
final class Transfer: @unchecked Sendable {
    /// The request.
    let request: HTTPRequest
    /// Its destination.
    let origin: HTTPOrigin
    /// The caller's cancellation.
    let cancellation: CancellationFlag
    /// The settings that all transfers share.
    let settings: TransferSettings

    private let continuation: CheckedContinuation<TransferOutcome, Never>
    private var answer: AnswerCollector
    private var timesSent = 0

    /// Binds a request to the continuation that waits for its answer.
    init(
        request: HTTPRequest, origin: HTTPOrigin, cancellation: CancellationFlag, settings: TransferSettings,
        continuation: CheckedContinuation<TransferOutcome, Never>
    ) {
        self.request = request
        self.origin = origin
        self.cancellation = cancellation
        self.settings = settings
        self.continuation = continuation
        answer = AnswerCollector(headerLimit: settings.headerLimit, bodyLimit: settings.responseLimit)
    }

    /// Whether the request, or a part of it, may have been sent.
    var wasSent: Bool { timesSent > 0 }

    /// Resumes the waiting task; call it once.
    func finish(_ outcome: TransferOutcome) { continuation.resume(returning: outcome) }

    /// Returns the result for a finished transfer on a handle.
    func outcome(of code: CURLcode, on handle: TransferHandle) -> TransferOutcome {
        if code == CURLE_OK {
            return .success(HTTPResponse(status: handle.status, headers: answer.headers, body: answer.body))
        }
        let ending = TransferFailure(
            code: code, origin: origin, wasSent: wasSent, exceededLimit: answer.exceededLimit,
            responseLimit: settings.responseLimit, systemError: handle.systemError, libraryText: handle.libraryText)
        return .failure(ending.error)
    }

    /// Whether libcurl may send the request; called each time before it does.
    ///
    /// libcurl retries by itself if a reused connection breaks before the first byte of an answer. That is right for a
    /// read and wrong for a change, which must never reach the gateway twice without two rows in the ledger.
    fileprivate func mayBeSent() -> Bool {
        guard timesSent == 0 || request.isRead else { return false }
        timesSent += 1
        return true
    }

    fileprivate func take(header line: UnsafeRawBufferPointer) -> Bool { answer.take(header: line) }

    fileprivate func take(body bytes: UnsafeRawBufferPointer) -> Bool { answer.take(body: bytes) }
}

/// Receives a header line of an answer from libcurl.
func takeHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ transfer: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer else { return 0 }
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().take(header: line) ? line.count : 0
}

/// Receives a part of an answer's body from libcurl.
func takeBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ transfer: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer else { return 0 }
    let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().take(body: part) ? part.count : 0
}

/// Runs when a connection is ready, before libcurl sends the request.
func aboutToSend(
    _ transfer: UnsafeMutableRawPointer?, _ remoteAddress: UnsafeMutablePointer<CChar>?,
    _ localAddress: UnsafeMutablePointer<CChar>?, _ remotePort: Int32, _ localPort: Int32
) -> Int32 {
    guard let transfer, Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().mayBeSent() else {
        return CURL_PREREQFUNC_ABORT
    }
    return CURL_PREREQFUNC_OK
}

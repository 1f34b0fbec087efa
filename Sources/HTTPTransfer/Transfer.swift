import CCurl
import Membership
import Synchronization

/// How an exchange ended.
typealias TransferOutcome = Result<HTTPResponse, TransferError>

/// Whether the task that waits for an exchange was cancelled.
final class CancellationFlag: Sendable {
    private let flag = Atomic(false)

    /// Whether it was.
    var isRaised: Bool { flag.load(ordering: .acquiring) }

    /// Says that it was.
    func raise() { flag.store(true, ordering: .releasing) }
}

/// One exchange on its way: built by whoever asks, then touched by the loop's thread alone.
final class Transfer: @unchecked Sendable {
    /// What is sent.
    let request: HTTPRequest
    /// Where it is sent.
    let origin: HTTPOrigin
    /// Whether somebody still waits.
    let cancellation: CancellationFlag
    /// What all transfers have in common.
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

    /// Whether the request, or a part of it, may have left.
    var wasSent: Bool { timesSent > 0 }

    /// Resumes the task that waits; called once.
    func finish(_ outcome: TransferOutcome) { continuation.resume(returning: outcome) }

    /// What the end of the transfer on a handle means.
    func outcome(of code: CURLcode, on handle: TransferHandle) -> TransferOutcome {
        if code == CURLE_OK {
            return .success(HTTPResponse(status: handle.status, headers: answer.headers, body: answer.body))
        }
        let ending = TransferEnding(
            code: code, host: origin.host, wasSent: wasSent, exceededLimit: answer.exceededLimit,
            responseLimit: settings.responseLimit, systemError: handle.systemError, libraryText: handle.libraryText)
        return .failure(ending.error)
    }

    /// Called by libcurl each time that it is about to send the request on an open connection.
    ///
    /// libcurl sends again by itself when a reused connection dies before the first byte of an answer. That is right
    /// for a read and wrong for a change: it must never reach the gateway twice without a row in the ledger for each.
    fileprivate func mayBeSent() -> Bool {
        guard timesSent == 0 || request.isRead else { return false }
        timesSent += 1
        return true
    }

    fileprivate func take(header line: UnsafeRawBufferPointer) -> Bool { answer.take(header: line) }

    fileprivate func take(body bytes: UnsafeRawBufferPointer) -> Bool { answer.take(body: bytes) }
}

/// Called by libcurl with each line of an answer's header.
func takeHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ transfer: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer else { return 0 }
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().take(header: line) ? line.count : 0
}

/// Called by libcurl with each part of an answer's body.
func takeBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ transfer: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer else { return 0 }
    let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().take(body: part) ? part.count : 0
}

/// Called by libcurl when a connection is ready, before the request goes out on it.
func aboutToSend(
    _ transfer: UnsafeMutableRawPointer?, _ remoteAddress: UnsafeMutablePointer<CChar>?,
    _ localAddress: UnsafeMutablePointer<CChar>?, _ remotePort: Int32, _ localPort: Int32
) -> Int32 {
    guard let transfer, Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().mayBeSent() else {
        return CURL_PREREQFUNC_ABORT
    }
    return CURL_PREREQFUNC_OK
}

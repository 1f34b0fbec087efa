import CCurl
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
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>

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
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// Whether the request, or a part of it, may have left.
    var wasSent: Bool { timesSent > 0 }

    /// Resumes the task that waits; called once.
    func finish(_ outcome: TransferOutcome) { continuation.resume(returning: outcome) }

    /// Sets up a handle to carry this transfer, which must outlive it.
    func configure(_ handle: UnsafeMutableRawPointer, share: UnsafeMutableRawPointer?) throws(CurlFailure) {
        let options = CurlOptions(handle: handle)
        let this = Unmanaged.passUnretained(self).toOpaque()
        try options.set(CURLOPT_ERRORBUFFER, errorText)
        try options.set(CURLOPT_WRITEDATA, this)
        try options.set(CURLOPT_WRITEFUNCTION, takeBody)
        try options.set(CURLOPT_HEADERDATA, this)
        try options.set(CURLOPT_HEADERFUNCTION, takeHeader)
        try options.set(CURLOPT_PREREQDATA, this)
        try options.setRequestCallback(aboutToSend)
        if let share { try options.set(CURLOPT_SHARE, share) }
        try options.apply(settings, for: origin)
        try options.apply(request)
        headerList = try options.headerList(of: request)
        try options.set(headers: headerList)
    }

    /// What the end of the transfer on a handle means.
    func outcome(of code: CURLcode, on handle: UnsafeMutableRawPointer) -> TransferOutcome {
        if code == CURLE_OK {
            var status = 0
            _ = easy_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
            return .success(HTTPResponse(status: status, headers: answer.headers, body: answer.body))
        }
        var systemError = 0
        _ = easy_get_long(handle, CURLINFO_OS_ERRNO, &systemError)
        let ending = TransferEnding(
            code: code, host: origin.host, wasSent: wasSent, exceededLimit: answer.exceededLimit,
            responseLimit: settings.responseLimit, systemError: Int32(truncatingIfNeeded: systemError),
            libraryText: String(cString: errorText)
        )
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

private func takeHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ transfer: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer else { return 0 }
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().take(header: line) ? line.count : 0
}

private func takeBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ transfer: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer else { return 0 }
    let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().take(body: part) ? part.count : 0
}

private func aboutToSend(
    _ transfer: UnsafeMutableRawPointer?, _ remoteAddress: UnsafeMutablePointer<CChar>?,
    _ localAddress: UnsafeMutablePointer<CChar>?, _ remotePort: Int32, _ localPort: Int32
) -> Int32 {
    guard let transfer, Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().mayBeSent() else {
        return CURL_PREREQFUNC_ABORT
    }
    return CURL_PREREQFUNC_OK
}

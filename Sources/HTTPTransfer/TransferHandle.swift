import CCurl
import Core

/// The properties that transfers on one handle share.
struct HandleKind: Hashable {
    /// Their destination.
    let origin: HTTPOrigin
    /// Their method.
    let method: String
    /// Whether they have a body.
    let hasBody: Bool

    /// Returns the kind of a request.
    init(_ request: HTTPRequest, to origin: HTTPOrigin) {
        self.origin = origin
        method = request.method
        hasBody = request.body != nil
    }
}

/// A libcurl easy handle for transfers of one kind.
///
/// Creating a handle costs more than a small answer, so handles are reused after success. Every option that differs
/// between transfers is set again, so nothing leaks from one to the next.
final class TransferHandle {
    /// The kind of its transfers.
    let kind: HandleKind
    /// The handle.
    let easy: UnsafeMutableRawPointer

    private let errorText: UnsafeMutablePointer<CChar>
    private var headers: [(name: String, value: String)] = []
    private var headerList: UnsafeMutablePointer<curl_slist>?

    /// Creates a handle with the options that all transfers of its kind share.
    init(_ kind: HandleKind, settings: TransferSettings, share: UnsafeMutableRawPointer?) throws(CurlFailure) {
        guard let easy = curl_easy_init() else { throw CurlFailure(code: CURLE_OUT_OF_MEMORY) }
        self.kind = kind
        self.easy = easy
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try set(CURLOPT_ERRORBUFFER, errorText)
        try setCallbacks()
        if let share { try set(CURLOPT_SHARE, share) }
        try applyLimits(settings)
        try applyMethod(settings)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// Prepares the handle for a transfer, which must stay alive until it ends.
    func prepare(for transfer: Transfer, needsConnection: Bool) throws(CurlFailure) {
        errorText.pointee = 0
        let request = transfer.request
        for option in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_PREREQDATA] {
            try set(option, Unmanaged.passUnretained(transfer).toOpaque())
        }
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_TIMEOUT_MS, request.timeLeft.clampedMilliseconds)
        try set(CURLOPT_FRESH_CONNECT, needsConnection ? 1 : 0)
        if let body = request.body {
            try check(easy_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            try check(easy_set_bytes(easy, CURLOPT_COPYPOSTFIELDS, body))
        }
        guard headerList == nil || !headers.elementsEqual(request.headers, by: ==) else { return }
        let list = try Self.headerList(of: request)
        try check(easy_set_header_list(easy, list))
        curl_slist_free_all(headerList)
        (headerList, headers) = (list, request.headers)
    }

    /// Returns one of libcurl's numbers about the transfer; 0 if it is unknown.
    func number(_ info: CURLINFO) -> Int {
        var number = 0
        _ = easy_get_long(easy, info, &number)
        return number
    }

    /// libcurl's error text.
    var libraryText: String { String(cString: errorText) }
}

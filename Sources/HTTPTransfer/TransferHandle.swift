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
        let options = CurlOptions(handle: easy)
        try options.set(CURLOPT_ERRORBUFFER, errorText)
        try options.setCallbacks()
        if let share { try options.set(CURLOPT_SHARE, share) }
        try options.apply(settings, for: kind)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// Prepares the handle for a transfer, which must stay alive until it ends.
    func prepare(for transfer: Transfer, needsConnection: Bool) throws(CurlFailure) {
        errorText.pointee = 0
        let options = CurlOptions(handle: easy)
        try options.set(context: Unmanaged.passUnretained(transfer).toOpaque())
        try options.apply(transfer.request)
        try options.set(needsConnection: needsConnection)
        guard headerList == nil || !headers.elementsEqual(transfer.request.headers, by: ==) else { return }
        let list = try options.headerList(of: transfer.request)
        try options.set(headers: list)
        curl_slist_free_all(headerList)
        (headerList, headers) = (list, transfer.request.headers)
    }

    /// The last system error number; 0 for none.
    var systemError: Int32 {
        var number = 0
        _ = easy_get_long(easy, CURLINFO_OS_ERRNO, &number)
        return Int32(truncatingIfNeeded: number)
    }

    /// The HTTP status of the answer.
    var status: Int {
        var status = 0
        _ = easy_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        return status
    }

    /// libcurl's error text.
    var libraryText: String { String(cString: errorText) }
}

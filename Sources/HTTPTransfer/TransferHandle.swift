import CCurl
import Membership

/// What transfers have in common that can be carried by the same handle, one after another.
struct HandleKind: Hashable {
    /// Where they are sent.
    let origin: HTTPOrigin
    /// Their method.
    let method: String
    /// Whether they have a body.
    let hasBody: Bool

    /// The kind of a request to an origin.
    init(_ request: HTTPRequest, to origin: HTTPOrigin) {
        self.origin = origin
        method = request.method
        hasBody = request.body != nil
    }
}

/// One of libcurl's handles, set up for transfers of one kind.
///
/// Making and setting up a handle costs more than a small answer does, so those that have carried a transfer to a good end
/// carry others. Only what differs between transfers of a kind is set anew, and all of that is: nothing of one is left to
/// the next.
final class TransferHandle {
    /// What it is set up for.
    let kind: HandleKind
    /// The handle.
    let easy: UnsafeMutableRawPointer

    private let errorText: UnsafeMutablePointer<CChar>
    private var headers: [(name: String, value: String)] = []
    private var headerList: UnsafeMutablePointer<curl_slist>?

    /// Makes a handle, with what all transfers of its kind have in common.
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

    /// Sets up the handle for a transfer of its kind, which must outlive being carried.
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

    /// What the system said last, 0 for nothing.
    var systemError: Int32 {
        var number = 0
        _ = easy_get_long(easy, CURLINFO_OS_ERRNO, &number)
        return Int32(truncatingIfNeeded: number)
    }

    /// The status of the answer.
    var status: Int {
        var status = 0
        _ = easy_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        return status
    }

    /// What libcurl noted of a failure.
    var libraryText: String { String(cString: errorText) }
}

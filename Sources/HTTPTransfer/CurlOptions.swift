import CCurl
import Core

/// A call of libcurl that failed.
struct CurlFailure: Error {
    /// libcurl's description of the failure.
    let text: String

    /// Describes a failed call on one transfer.
    init(code: CURLcode) { text = String(cString: curl_easy_strerror(code)) }

    /// Describes a failed call on all transfers.
    init(code: CURLMcode) { text = String(cString: curl_multi_strerror(code)) }
}

/// The options of one handle; every one must succeed, so that no handle is used without its limits.
struct CurlOptions {
    /// The easy handle.
    let handle: UnsafeMutableRawPointer

    /// Sets an option to a number.
    func set(_ option: CURLoption, _ value: Int) throws(CurlFailure) { try check(easy_set_long(handle, option, value)) }

    /// Sets an option to a text, which libcurl copies.
    func set(_ option: CURLoption, _ value: String?) throws(CurlFailure) {
        try check(easy_set_text(handle, option, value))
    }

    /// Sets an option to a pointer, which must outlive the transfer.
    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) throws(CurlFailure) {
        try check(easy_set_pointer(handle, option, value))
    }

    /// Sets the callbacks that receive an answer, and the one that runs before a request is sent.
    func setCallbacks() throws(CurlFailure) {
        try check(easy_set_data_callback(handle, CURLOPT_WRITEFUNCTION, takeBody))
        try check(easy_set_data_callback(handle, CURLOPT_HEADERFUNCTION, takeHeader))
        try check(easy_set_request_callback(handle, aboutToSend))
    }

    /// Passes a transfer to the callbacks; it must stay alive until it ends.
    func set(context transfer: UnsafeMutableRawPointer) throws(CurlFailure) {
        try set(CURLOPT_WRITEDATA, transfer)
        try set(CURLOPT_HEADERDATA, transfer)
        try set(CURLOPT_PREREQDATA, transfer)
    }

    /// Sets the header fields, which must outlive the transfer.
    func set(headers: UnsafeMutablePointer<curl_slist>?) throws(CurlFailure) {
        try check(easy_set_header_list(handle, headers))
    }

    /// Applies the options that all transfers of a kind share.
    func apply(_ settings: TransferSettings, for kind: HandleKind) throws(CurlFailure) {
        try applyLimits(settings, for: kind.origin)
        try applyMethod(kind, settings)
    }

    private func applyLimits(_ settings: TransferSettings, for origin: HTTPOrigin) throws(CurlFailure) {
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        try set(CURLOPT_PATH_AS_IS, 1)
        try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        try set(CURLOPT_HTTP09_ALLOWED, 0)
        // Empty: all compressions that this libcurl supports.
        try set(CURLOPT_ACCEPT_ENCODING, "")
        // A member list has about 100 KB: large reads take few steps, and the data is still in the processor's cache.
        try set(CURLOPT_BUFFERSIZE, 64 << 10)
        try set(CURLOPT_USERAGENT, settings.userAgent)
        try set(CURLOPT_CONNECTTIMEOUT_MS, settings.connectTimeout.clampedMilliseconds)
        try set(CURLOPT_LOW_SPEED_LIMIT, settings.stallBytesPerSecond)
        try set(CURLOPT_LOW_SPEED_TIME, max(1, settings.stallWindow.clampedMilliseconds / 1_000))
        // libcurl checks Content-Length; the collector counts the bytes after decompression.
        try check(easy_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(settings.responseLimit)))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        if let caFile = settings.caFile {
            try set(CURLOPT_CAINFO, caFile)
            try set(CURLOPT_CAPATH, nil as String?)
        }
        // Always set, with "" for none, so that libcurl does not read the environment itself.
        try set(CURLOPT_PROXY, settings.proxies.proxy(for: origin) ?? "")
        try set(CURLOPT_NOPROXY, settings.proxies.exceptions ?? "")
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    }

    private func applyMethod(_ kind: HandleKind, _ settings: TransferSettings) throws(CurlFailure) {
        if !kind.hasBody, kind.method == "POST" || kind.method == "PUT" {
            try check(easy_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, 0))
            try set(CURLOPT_POSTFIELDS, "")
        }
        switch kind.method {
        case "GET" where !kind.hasBody: try set(CURLOPT_HTTPGET, 1)
        case "HEAD": try set(CURLOPT_NOBODY, 1)
        default: try set(CURLOPT_CUSTOMREQUEST, kind.method)
        }
        if !HTTPRequest.isRead(kind.method), settings.idleSecondsBeforeChange > 0 {
            try set(CURLOPT_MAXAGE_CONN, settings.idleSecondsBeforeChange)
        }
    }

    /// Makes the transfer open a new connection, or allows it to reuse one.
    func set(needsConnection: Bool) throws(CurlFailure) { try set(CURLOPT_FRESH_CONNECT, needsConnection ? 1 : 0) }

    /// Applies one request of the handle's kind, without its header fields.
    func apply(_ request: HTTPRequest) throws(CurlFailure) {
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_TIMEOUT_MS, request.timeLeft.clampedMilliseconds)
        if let body = request.body {
            try check(easy_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            try check(easy_set_bytes(handle, CURLOPT_COPYPOSTFIELDS, body))
        }
    }

    /// Returns the header fields as a libcurl list that also removes the fields libcurl adds by itself.
    func headerList(of request: HTTPRequest) throws(CurlFailure) -> UnsafeMutablePointer<curl_slist>? {
        // "Name:" removes a field; "Name;" sends it without a value.
        var lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        lines.append("Expect:")
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                throw CurlFailure(code: CURLE_OUT_OF_MEMORY)
            }
            list = longer
        }
        return list
    }

    private func check(_ code: CURLcode) throws(CurlFailure) {
        guard code == CURLE_OK else { throw CurlFailure(code: code) }
    }
}

extension Duration {
    /// Whole milliseconds in libcurl's range, at least 1, because 0 means no limit.
    fileprivate var clampedMilliseconds: Int {
        let milliseconds = self / .milliseconds(1)
        guard milliseconds > 1 else { return 1 }
        return milliseconds < Double(Int32.max) ? Int(milliseconds) : Int(Int32.max)
    }
}

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

/// Each option must succeed, so that no handle is used without its limits.
extension TransferHandle {
    /// Sets an option to a number.
    func set(_ option: CURLoption, _ value: Int) throws(CurlFailure) { try check(easy_set_long(easy, option, value)) }

    /// Sets an option to a text, which libcurl copies.
    func set(_ option: CURLoption, _ value: String?) throws(CurlFailure) {
        try check(easy_set_text(easy, option, value))
    }

    /// Sets an option to a pointer, which must outlive the transfer.
    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) throws(CurlFailure) {
        try check(easy_set_pointer(easy, option, value))
    }

    /// Sets the callbacks that receive an answer, and the one that runs before a request is sent.
    func setCallbacks() throws(CurlFailure) {
        try check(
            easy_set_data_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, transfer in
                let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return transfer.map(Transfer.at)?.take(body: part) == true ? part.count : 0
            })
        try check(
            easy_set_data_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, transfer in
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return transfer.map(Transfer.at)?.take(header: line) == true ? line.count : 0
            })
        try check(
            easy_set_request_callback(easy) { transfer, _, _, _, _ in
                transfer.map(Transfer.at)?.mayBeSent() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            })
    }

    /// Applies the limits and the server's proxy.
    func applyLimits(_ settings: TransferSettings) throws(CurlFailure) {
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
        // libcurl checks Content-Length; `take(body:)` counts the bytes after decompression.
        try check(easy_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(settings.responseLimit)))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        if let caFile = settings.caFile {
            try set(CURLOPT_CAINFO, caFile)
            try set(CURLOPT_CAPATH, nil as String?)
        }
        // Always set, with "" for none, so that libcurl does not read the environment itself.
        try set(CURLOPT_PROXY, settings.proxies.proxy(for: kind.origin) ?? "")
        try set(CURLOPT_NOPROXY, settings.proxies.exceptions ?? "")
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    }

    /// Applies the method, and for a change how long its connection may have been idle.
    func applyMethod(_ settings: TransferSettings) throws(CurlFailure) {
        if !kind.hasBody, kind.method == "POST" || kind.method == "PUT" {
            try check(easy_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, 0))
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

    /// Returns the header fields as a libcurl list that also removes the fields libcurl adds by itself.
    static func headerList(of request: HTTPRequest) throws(CurlFailure) -> UnsafeMutablePointer<curl_slist>? {
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

    func check(_ code: CURLcode) throws(CurlFailure) {
        guard code == CURLE_OK else { throw CurlFailure(code: code) }
    }
}

extension Duration {
    /// Whole milliseconds in libcurl's range, at least 1, because 0 means no limit.
    var clampedMilliseconds: Int {
        let milliseconds = self / .milliseconds(1)
        guard milliseconds > 1 else { return 1 }
        return milliseconds < Double(Int32.max) ? Int(milliseconds) : Int(Int32.max)
    }
}

import CCurl
import Membership

/// An option that libcurl did not take.
struct CurlFailure: Error {
    /// libcurl's words for it.
    let text: String

    /// Takes the words for a code.
    init(code: CURLcode) { text = String(cString: curl_easy_strerror(code)) }

    /// Takes the words for a code about several transfers.
    init(code: CURLMcode) { text = String(cString: curl_multi_strerror(code)) }
}

/// Sets libcurl's options on one handle, each of which must succeed: a handle without its limits is not used.
struct CurlOptions {
    /// The easy handle.
    let handle: UnsafeMutableRawPointer

    /// Sets an option to a number.
    func set(_ option: CURLoption, _ value: Int) throws(CurlFailure) {
        try check(easy_set_long(handle, option, value))
    }

    /// Sets an option to a text, which libcurl copies.
    func set(_ option: CURLoption, _ value: String?) throws(CurlFailure) {
        try check(easy_set_text(handle, option, value))
    }

    /// Sets an option to a pointer, which must outlive the transfer.
    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) throws(CurlFailure) {
        try check(easy_set_pointer(handle, option, value))
    }

    /// Has libcurl call what takes a transfer's answer, and what is asked before its request is sent.
    func setCallbacks() throws(CurlFailure) {
        try check(easy_set_data_callback(handle, CURLOPT_WRITEFUNCTION, takeBody))
        try check(easy_set_data_callback(handle, CURLOPT_HEADERFUNCTION, takeHeader))
        try check(easy_set_request_callback(handle, aboutToSend))
    }

    /// Has the callbacks be given a transfer, which must outlive being carried.
    func set(context transfer: UnsafeMutableRawPointer) throws(CurlFailure) {
        try set(CURLOPT_WRITEDATA, transfer)
        try set(CURLOPT_HEADERDATA, transfer)
        try set(CURLOPT_PREREQDATA, transfer)
    }

    /// Sets the header fields, which must outlive the transfer.
    func set(headers: UnsafeMutablePointer<curl_slist>?) throws(CurlFailure) {
        try check(easy_set_header_list(handle, headers))
    }

    /// Applies what all transfers of a kind have in common.
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
        // Empty: every compression that this libcurl was built with.
        try set(CURLOPT_ACCEPT_ENCODING, "")
        // A roster is a hundred kilobytes or so: it comes in few pieces, which the processor still has at hand when they are read.
        try set(CURLOPT_BUFFERSIZE, 64 << 10)
        try set(CURLOPT_USERAGENT, settings.userAgent)
        try set(CURLOPT_CONNECTTIMEOUT_MS, settings.connectTimeout.clampedMilliseconds)
        try set(CURLOPT_LOW_SPEED_LIMIT, settings.stallBytesPerSecond)
        try set(CURLOPT_LOW_SPEED_TIME, max(1, settings.stallWindow.clampedMilliseconds / 1_000))
        // Counts what Content-Length announces; what arrives is counted after decompression by the collector.
        try check(easy_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(settings.responseLimit)))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        if let caFile = settings.caFile {
            try set(CURLOPT_CAINFO, caFile)
            try set(CURLOPT_CAPATH, nil as String?)
        }
        // Both are always set, an empty text for none, so that libcurl reads no environment of its own accord.
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

    /// Has the transfer make a connection of its own, or lets it use one that is there.
    func set(needsConnection: Bool) throws(CurlFailure) { try set(CURLOPT_FRESH_CONNECT, needsConnection ? 1 : 0) }

    /// Applies one request of the kind that the handle is set up for, its header fields aside.
    func apply(_ request: HTTPRequest) throws(CurlFailure) {
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_TIMEOUT_MS, request.timeLeft.clampedMilliseconds)
        if let body = request.body {
            try check(easy_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            try check(easy_set_bytes(handle, CURLOPT_COPYPOSTFIELDS, body))
        }
    }

    /// The header fields as libcurl takes them, without those that it would add by itself.
    func headerList(of request: HTTPRequest) throws(CurlFailure) -> UnsafeMutablePointer<curl_slist>? {
        // A name and a colon alone remove a field; a name and a semicolon send it without a value.
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
    /// Whole milliseconds in the range that libcurl takes: at least one, since zero would mean no limit at all.
    fileprivate var clampedMilliseconds: Int {
        let milliseconds = self / .milliseconds(1)
        guard milliseconds > 1 else { return 1 }
        return milliseconds < Double(Int32.max) ? Int(milliseconds) : Int(Int32.max)
    }
}

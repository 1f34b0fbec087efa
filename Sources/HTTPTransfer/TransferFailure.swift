import CCurl
import Core
import Glibc

/// A failed transfer, and the error that it means.
struct TransferFailure {
    /// libcurl's result.
    let code: CURLcode
    /// The transfer.
    let transfer: Transfer
    /// Its handle; libcurl's error text may quote untrusted text, so only known sentences of it are shown.
    let handle: TransferHandle

    /// The error; its text contains no path, query or header fields.
    var error: TransferError {
        if let exceededLimit = transfer.exceededLimit { return .tooLarge(limit: exceededLimit) }
        if !transfer.wasSent { return .unreachable(unreachableSentence) }
        switch code {
        case CURLE_FILESIZE_EXCEEDED: return .tooLarge(limit: transfer.settings.responseLimit)
        case CURLE_OPERATION_TIMEDOUT: return .timedOut("\(origin.host) did not send a complete answer in time.")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR:
            return .malformed("\(origin.host) did not send a valid HTTP answer: \(plainText).")
        case CURLE_RECV_ERROR where handle.libraryText.contains("chunked-encoding"):
            return .malformed("\(origin.host) did not send a valid HTTP answer: the chunked encoding is broken.")
        case CURLE_ABORTED_BY_CALLBACK:
            // Only `mayBeSent` aborts, if libcurl is about to send a change again.
            return .interrupted("The connection to \(origin.host) broke before an answer came.")
        default:
            return .interrupted("The connection to \(origin.host) broke before the answer was complete: \(plainText).")
        }
    }

    private var origin: HTTPOrigin { transfer.origin }

    private var unreachableSentence: String { "Cannot connect to \(address) (\(detail)). \(remedy)" }

    /// The origin as a URL, without the scheme's own port.
    private var address: String {
        let host = origin.host.contains(":") ? "[\(origin.host)]" : origin.host
        let isUsual = origin.port == (origin.scheme == .http ? 80 : 443)
        return "\(origin.scheme.rawValue)://\(host)\(isUsual ? "" : ":\(origin.port)")"
    }

    private var remedy: String {
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE: "Check the server's certificate and `ca_file`."
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: "Check the proxy."
        case CURLE_RECV_ERROR where isRefusedByProxy: "Check the proxy."
        default: "Check gateway.url."
        }
    }

    private var isRefusedByProxy: Bool { handle.libraryText.hasPrefix("CONNECT tunnel failed") }

    /// libcurl's own text if it says more than the code and describes how the connection failed.
    private var detail: String {
        switch code {
        case CURLE_OPERATION_TIMEDOUT: return "no connection in time"
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
            return handle.libraryText.isEmpty ? plainText : Self.cleaned(handle.libraryText)
        case CURLE_COULDNT_CONNECT where handle.number(CURLINFO_OS_ERRNO) != 0:
            let text = String(cString: strerror(Int32(truncatingIfNeeded: handle.number(CURLINFO_OS_ERRNO))))
            return text.prefix(1).lowercased() + text.dropFirst()
        case CURLE_RECV_ERROR where isRefusedByProxy: return "the proxy refused: \(Self.cleaned(handle.libraryText))"
        default: return plainText
        }
    }

    private var plainText: String { Self.cleaned(String(cString: curl_easy_strerror(code))) }

    /// Returns at most 200 characters, without control characters and without a final full stop.
    private static func cleaned(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(200) where scalar.value >= 0x20 && scalar.value != 0x7F {
            result.append(scalar)
        }
        while result.last == "." || result.last == " " { result.removeLast() }
        return String(result)
    }
}

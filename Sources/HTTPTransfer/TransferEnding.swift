import CCurl
import Glibc

/// All that is known of a transfer that failed, and what it means.
struct TransferEnding {
    /// libcurl's verdict.
    let code: CURLcode
    /// The host that was asked.
    let host: String
    /// Whether the request, or a part of it, may have left.
    let wasSent: Bool
    /// The limit that the answer went beyond, if that is what ended it.
    let exceededLimit: Int?
    /// The limit for bodies, which libcurl checks against what is announced.
    let responseLimit: Int
    /// The system's error number, 0 for none.
    let systemError: Int32
    /// What libcurl noted; it may quote what was received, so only known sentences of it are passed on.
    let libraryText: String

    /// The error, in words that hold neither URL nor header fields.
    var error: TransferError {
        if let exceededLimit { return .tooLarge(limit: exceededLimit) }
        if !wasSent { return .unreachable(unreachableSentence) }
        switch code {
        case CURLE_FILESIZE_EXCEEDED:
            return .tooLarge(limit: responseLimit)
        case CURLE_OPERATION_TIMEDOUT:
            return .timedOut("\(host) did not answer in full within the time allowed.")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR:
            return .malformed("\(host) sent what is no valid HTTP answer: \(plainText).")
        case CURLE_RECV_ERROR where libraryText.contains("chunked-encoding"):
            return .malformed("\(host) sent what is no valid HTTP answer: its chunks are broken.")
        case CURLE_ABORTED_BY_CALLBACK:
            // The one thing that is refused in a callback is to send a change again.
            return .interrupted("The connection to \(host) broke before an answer came.")
        default:
            return .interrupted("The connection to \(host) broke before the answer was complete: \(plainText).")
        }
    }

    private var unreachableSentence: String {
        if code == CURLE_OPERATION_TIMEDOUT {
            return "\(host) could not be reached within the time allowed for connecting; nothing was sent."
        }
        return "\(host) could not be reached: \(detail); nothing was sent."
    }

    /// libcurl's own note where it tells more than the code and comes from the set-up of a connection.
    private var detail: String {
        switch code {
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
            return libraryText.isEmpty ? plainText : Self.cleaned(libraryText)
        case CURLE_COULDNT_CONNECT where systemError != 0:
            return String(cString: strerror(systemError))
        case CURLE_RECV_ERROR where libraryText.hasPrefix("CONNECT tunnel failed"):
            return "the proxy refused: \(Self.cleaned(libraryText))"
        default:
            return plainText
        }
    }

    private var plainText: String { Self.cleaned(String(cString: curl_easy_strerror(code))) }

    /// At most 200 characters, without control characters and a full stop at the end.
    private static func cleaned(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(200) where scalar.value >= 0x20 && scalar.value != 0x7F {
            result.append(scalar)
        }
        while result.last == "." || result.last == " " { result.removeLast() }
        return String(result)
    }
}

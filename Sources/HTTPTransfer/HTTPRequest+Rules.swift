package import Core

extension HTTPRequest {
    /// Returns the origin, or throws if a part of the request is not valid HTTP.
    ///
    /// A line break in a header or a space in a URL would allow request smuggling. The errors quote nothing, because
    /// URLs contain phone numbers and headers contain the token.
    package func checkedOrigin() throws(TransferError) -> HTTPOrigin {
        guard !method.isEmpty, method.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
            throw .invalidRequest("The method must be one word in capitals, so nothing was sent.")
        }
        let target: HTTPURL
        do throws(HTTPURL.Fault) {
            target = try HTTPURL(url)
        } catch .malformed {
            throw .invalidRequest("The URL contains a character that is not percent-encoded; nothing was sent.")
        } catch {
            throw .invalidRequest("The URL must be absolute http or https without a user name; nothing was sent.")
        }
        if target.hasFragment {
            throw .invalidRequest("The URL contains a character that is not percent-encoded; nothing was sent.")
        }
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.belongsInFieldName) else {
                throw .invalidRequest("A header name contains an invalid character, so nothing was sent.")
            }
            guard value.utf8.allSatisfy(Self.belongsInFieldValue) else {
                throw .invalidRequest("A header value contains a control character, so nothing was sent.")
            }
        }
        return target.origin
    }

    /// Whether the request only reads, so that libcurl may send it twice.
    var isRead: Bool { Self.isRead(method) }

    /// Whether requests with a method only read.
    static func isRead(_ method: String) -> Bool { method == "GET" || method == "HEAD" }

    private static func belongsInFieldName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func belongsInFieldValue(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\t") || (byte >= 0x20 && byte != 0x7F)
    }
}

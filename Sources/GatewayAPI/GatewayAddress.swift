package import HTTPTransfer

/// Why a text is not a gateway's address.
package enum GatewayAddressError: Error, Equatable, Sendable {
    /// Not an absolute `http` or `https` URL with a plain host, or one with a user name or unencoded characters.
    case malformed
    /// The URL has a query or a fragment, so no path can be appended.
    case queryOrFragment
    /// Plain HTTP to another machine would expose the token; contains the host.
    case plainHTTP(host: String)
}

/// The base URL of a gateway's API.
package struct GatewayAddress: Hashable, Sendable {
    /// The gateway's scheme, host and port.
    package let origin: HTTPOrigin
    /// The URL that call paths are appended to; ends with `/api/v1`.
    let base: String

    /// Reads a gateway's URL and appends `/api/v1` unless it is already there.
    ///
    /// Accepts plain HTTP to this machine only.
    package init(parsing url: String) throws(GatewayAddressError) {
        guard !url.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
            throw .queryOrFragment
        }
        guard let origin = HTTPOrigin(url: url), url.utf8.allSatisfy(Self.belongsInURL) else { throw .malformed }
        guard origin.scheme == .https || origin.isLoopback else { throw .plainHTTP(host: origin.host) }
        var base = Substring(url)
        while base.hasSuffix("/") { base.removeLast() }
        if base.hasSuffix("/api/v1") { base.removeLast("/api/v1".count) }
        while base.hasSuffix("/") { base.removeLast() }
        self.origin = origin
        self.base = "\(base)/api/v1"
    }

    private static func belongsInURL(_ byte: UInt8) -> Bool {
        byte.isUnreserved || "%/:[]@!$&'()*+,;=".utf8.contains(byte)
    }
}

extension GatewayAddress: CustomStringConvertible {
    /// The URL with `/api/v1`.
    package var description: String { base }
}

extension UInt8 {
    /// Whether the byte needs no encoding in a URL: a letter, a digit, `-`, `.`, `_` or `~`.
    var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default:
            false
        }
    }
}

extension [UInt8] {
    /// Appends a text with every byte percent-encoded that is not unreserved, including `@`.
    mutating func append(percentEncoding text: String) {
        for byte in text.utf8 {
            if byte.isUnreserved {
                append(byte)
            } else {
                append(UInt8(ascii: "%"))
                append(Self.hexadecimalDigit(byte >> 4))
                append(Self.hexadecimalDigit(byte & 15))
            }
        }
    }

    private static func hexadecimalDigit(_ number: UInt8) -> UInt8 {
        number < 10 ? UInt8(ascii: "0") + number : UInt8(ascii: "A") + number - 10
    }
}

package import HTTPTransfer

/// Why a text is not the address of a gateway.
package enum GatewayAddressError: Error, Equatable, Sendable {
    /// No absolute `http` or `https` URL with a plain host, or one that holds a user name or unencoded characters.
    case malformed
    /// A `?` or `#` and what follows, which an address to append paths to cannot have.
    case queryOrFragment
    /// Plain HTTP to another machine, which would show the token to everybody on the way; the host.
    case plainHTTP(host: String)
}

/// The URL under which a gateway's API is found.
package struct GatewayAddress: Hashable, Sendable {
    /// Where requests go.
    package let origin: HTTPOrigin
    /// The URL that the paths of calls are appended to; ends with `/api/v1`.
    let base: String

    /// Reads a gateway's URL and appends `/api/v1`, unless it ends with that already.
    ///
    /// Plain HTTP is accepted to loopback only.
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
    /// Whether the byte stands for itself everywhere in a URL: a letter, a digit, `-`, `.`, `_` or `~`.
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
    /// Appends a text, every byte of it that is not unreserved as `%` and two hexadecimal digits, `@` as `%40` among them.
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

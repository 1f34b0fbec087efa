/// The server that a URL names: scheme, host and port.
package struct HTTPOrigin: Hashable, Sendable {
    /// The accepted schemes.
    package enum Scheme: String, Hashable, Sendable {
        /// Plain text.
        case http
        /// Over TLS.
        case https
    }

    /// The scheme.
    package let scheme: Scheme
    /// The host in lower case, an IPv6 address without its brackets.
    package let host: String
    /// The port; the scheme's own if the URL names none.
    package let port: Int

    /// True if the host is this computer by name or number: `localhost`, `127.…` or `::1`, whatever name servers say.
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { UInt8($0) != nil && ($0.count == 1 || $0.first != "0") }
    }
}

/// An absolute `http` or `https` URL without user name or password, which all programs read in the same way.
///
/// Hosts are ASCII (an international name in its `xn--` form), so that no other host can hide in the text.
package struct HTTPURL: Hashable, Sendable {
    /// Why a text is refused.
    package enum Fault: Error, Hashable, Sendable {
        /// It is not an absolute URL, or it contains a character that must be percent-encoded.
        case malformed
        /// The scheme is neither `http` nor `https`.
        case unknownScheme
        /// It contains a user name or password.
        case credentials
        /// The host is neither a name nor an IP address.
        case badHost
        /// The port is not from 1 to 65535.
        case badPort
        /// It is plain HTTP to another computer, so that others could read secrets on the way; the value is the host.
        case insecure(host: String)
        /// It has a query or a fragment, but paths are appended to it.
        case queryOrFragment
        /// It ends with `/api/v1`, which is appended to it.
        case apiPath
    }

    /// The whole URL, its scheme in lower case.
    package let text: String
    /// The server that it names.
    package let origin: HTTPOrigin
    /// How many bytes of the text come before the path.
    private let pathStart: Int

    /// Reads an absolute URL.
    package init(_ text: String) throws(Fault) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { throw .malformed }
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), text[colon...].utf8.starts(with: "://".utf8)
        else { throw .malformed }
        guard let scheme = HTTPOrigin.Scheme(rawValue: text[..<colon].lowercased()) else { throw .unknownScheme }
        let rest = text[colon...].utf8.dropFirst(3)
        let authority = rest.prefix { ![UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains($0) }
        if authority.contains(UInt8(ascii: "@")) { throw .credentials }
        origin = try Self.origin(scheme, Array(authority))
        guard rest.dropFirst(authority.count).allSatisfy(Self.belongsInURL) else { throw .malformed }
        self.text = scheme.rawValue + text[colon...]
        pathStart = scheme.rawValue.utf8.count + 3 + authority.count
    }

    /// Reads the URL of a service that receives secrets; it must use TLS or be on this computer.
    package init(secure text: String) throws(Fault) {
        try self.init(text)
        guard origin.scheme == .https || origin.isLoopback else { throw .insecure(host: origin.host) }
    }

    /// Reads the URL of a gateway and drops trailing slashes; callers append `/api/v1` and the paths of calls.
    package init(gateway text: String) throws(Fault) {
        let given = try HTTPURL(text)
        guard !given.text.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
            throw .queryOrFragment
        }
        var trimmed = Substring(given.text)
        while trimmed.last == "/" { trimmed.removeLast() }
        try self.init(secure: String(trimmed))
        if path.hasSuffix("/api/v1") { throw .apiPath }
    }

    /// The path as written, without query and fragment; empty if there is none.
    package var path: Substring {
        let start = text.utf8.index(text.startIndex, offsetBy: pathStart)
        return text[start...].prefix { $0 != "?" && $0 != "#" }
    }

    /// True if it has a fragment, which is never sent.
    package var hasFragment: Bool { text.utf8.contains(UInt8(ascii: "#")) }

    /// Returns the URL with a suffix appended to its path, before the query.
    package func appending(path suffix: String) -> String {
        guard !suffix.isEmpty else { return text }
        let end = path.endIndex
        let front = path.hasSuffix("/") ? text[..<text.index(before: end)] : text[..<end]
        return front + suffix + text[end...]
    }

    private static func origin(_ scheme: HTTPOrigin.Scheme, _ authority: [UInt8]) throws(Fault) -> HTTPOrigin {
        let host: ArraySlice<UInt8>
        var rest: ArraySlice<UInt8>
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { throw .badHost }
            host = authority[1..<end]
            rest = authority[(end + 1)...]
            guard host.count >= 2, host.contains(UInt8(ascii: ":")), host.allSatisfy(isOfAddress) else {
                throw .badHost
            }
        } else {
            host = authority.prefix { $0 != UInt8(ascii: ":") }
            rest = authority.dropFirst(host.count)
            let labels = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            guard host.count <= 253, labels.allSatisfy(isLabel) else { throw .badHost }
        }
        var port = scheme == .http ? 80 : 443
        if let colon = rest.popFirst() {
            guard colon == UInt8(ascii: ":"), (1...5).contains(rest.count), rest.allSatisfy(\.isDigit),
                let number = Int(String(decoding: rest, as: UTF8.self)), (1...65_535).contains(number)
            else { throw .badPort }
            port = number
        }
        return HTTPOrigin(scheme: scheme, host: String(decoding: host, as: UTF8.self).lowercased(), port: port)
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        !label.isEmpty && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
            && label.allSatisfy { $0.isUnreserved && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "~") }
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool {
        byte.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
            || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    /// True if the byte may be in a path, query or fragment as it is (RFC 3986).
    private static func belongsInURL(_ byte: UInt8) -> Bool {
        byte.isUnreserved || "%/?#:[]@!$&'()*+,;=".utf8.contains(byte)
    }
}

extension UInt8 {
    /// True if the byte is an ASCII digit.
    @inlinable package var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// True if the byte needs no percent-encoding anywhere in a URL: a letter, a digit, `-`, `.`, `_` or `~`.
    package var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: isDigit
        }
    }
}

extension [UInt8] {
    /// Appends a text and percent-encodes each byte that is not unreserved, such as `@` as `%40`.
    package mutating func append(percentEncoding text: String) {
        for byte in text.utf8 {
            if byte.isUnreserved {
                append(byte)
            } else {
                append(contentsOf: "%\(hexadecimal(UInt32(byte), width: 2))".utf8)
            }
        }
    }
}

/// The scheme, host and port of a URL.
package struct HTTPOrigin: Hashable, Sendable {
    /// A supported scheme.
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
    /// The port, by default that of the scheme.
    package let port: Int

    /// Reads the origin of an absolute URL; nil unless it is strict `http` or `https` without user name and password.
    ///
    /// Accepts plain ASCII hosts only (international names in `xn--` form): then a URL has one reading and cannot hide
    /// another host.
    package init?(url: String) {
        guard let separator = url.utf8.firstIndex(of: UInt8(ascii: ":")),
            url[separator...].utf8.starts(with: "://".utf8),
            let scheme = Scheme(rawValue: url[..<separator].lowercased())
        else { return nil }
        let authority = Array(url.utf8[separator...].dropFirst(3).prefix { !Self.endsAuthority($0) })
        let host: ArraySlice<UInt8>
        let rest: ArraySlice<UInt8>
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = authority[1..<end]
            rest = authority[(end + 1)...]
            guard host.contains(UInt8(ascii: ":")), host.allSatisfy(Self.belongsInAddress) else { return nil }
        } else {
            host = authority.prefix { $0 != UInt8(ascii: ":") }
            rest = authority.dropFirst(host.count)
            guard !host.isEmpty, host.allSatisfy(Self.belongsInName) else { return nil }
        }
        guard let port = Self.port(rest, of: scheme) else { return nil }
        self.scheme = scheme
        self.host = String(decoding: host, as: UTF8.self).lowercased()
        self.port = port
    }

    /// Whether the host is this machine: `localhost`, `127.…` or `::1`.
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func port(_ rest: ArraySlice<UInt8>, of scheme: Scheme) -> Int? {
        guard let colon = rest.first else { return scheme == .http ? 80 : 443 }
        let digits = rest.dropFirst()
        guard colon == UInt8(ascii: ":"), (1...5).contains(digits.count), digits.allSatisfy(Self.isDigit),
            let port = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(port)
        else { return nil }
        return port
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func belongsInAddress(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
            || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    private static func belongsInName(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
    }
}

/// Checks the address of a gateway, so that no token goes to a wrong place.
enum GatewayURL {
    /// Why an address is invalid.
    enum Fault: Error, Equatable {
        case malformed
        case unknownScheme
        case insecure
        case holdsCredentials
        case holdsQueryOrFragment
        case holdsAPIPath
        case badHost
        case badPort

        /// The reason as a sentence, which never repeats the address, since that may contain a secret.
        var words: String {
            switch self {
            case .malformed:
                "`url` must be the gateway's address without spaces, such as https://gateway.example.com"
            case .unknownScheme: "`url` must start with https://"
            case .insecure:
                "`url` must start with https://, because http would expose the token; http is allowed only for this"
                    + " computer (localhost, 127.0.0.1, [::1])"
            case .holdsCredentials:
                "`url` must not have a user name or password (the part before @); the token comes from `token`"
            case .holdsQueryOrFragment: "`url` must not have a query or fragment (a part that starts with ? or #)"
            case .holdsAPIPath: "`url` must not end in /api/v1, which Rollcall adds"
            case .badHost:
                "the host of `url` must be a name of letters, digits, dots and dashes, or an IP address; write an"
                    + " international name in its xn-- form"
            case .badPort: "the port of `url` must be a number from 1 to 65535"
            }
        }
    }

    /// Returns the address without trailing slashes and with its scheme in lower case.
    static func checked(_ text: String) throws(Fault) -> String {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), !text.contains("\\") else { throw .malformed }
        let pieces = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard pieces.count == 2, let scheme = pieces.first?.lowercased(), let rest = pieces.last else {
            throw .malformed
        }
        guard scheme == "https" || scheme == "http" else { throw .unknownScheme }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if authority.utf8.contains(UInt8(ascii: "@")) { throw .holdsCredentials }
        if rest.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) {
            throw .holdsQueryOrFragment
        }
        let host = try host(of: authority)
        if scheme == "http", !isLoopback(host) { throw .insecure }
        var path = rest[authority.endIndex...]
        guard path.utf8.allSatisfy({ $0 < 0x80 }) else { throw .malformed }
        while path.last == "/" { path.removeLast() }
        if path == "/api/v1" || path.hasSuffix("/api/v1") { throw .holdsAPIPath }
        return "\(scheme)://\(authority)\(path)"
    }

    /// Checks host and port; returns the host in lower case, with its brackets if any.
    private static func host(of authority: Substring) throws(Fault) -> String {
        let end: Substring.Index
        if authority.first == "[" {
            guard let bracket = authority.firstIndex(of: "]") else { throw .badHost }
            end = authority.index(after: bracket)
        } else {
            end = authority.firstIndex(of: ":") ?? authority.endIndex
        }
        let host = authority[..<end].lowercased()
        let port = authority[end...]
        if !port.isEmpty {
            guard port.first == ":", port.dropFirst().utf8.allSatisfy(isDigit), let number = UInt16(port.dropFirst()),
                number > 0
            else { throw .badPort }
        }
        guard isWellFormed(host) else { throw .badHost }
        return host
    }

    private static func isWellFormed(_ host: String) -> Bool {
        if host.hasPrefix("[") {
            let inside = host.dropFirst().dropLast().utf8
            return inside.count >= 2 && inside.contains(UInt8(ascii: ":"))
                && inside.allSatisfy { byte in
                    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
                        || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
                }
        }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        return host.utf8.count <= 253
            && labels.allSatisfy { label in
                !label.isEmpty && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { byte in
                        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                    }
            }
    }

    /// Whether a host is this computer, independent of DNS.
    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127"
            && parts.allSatisfy { part in
                part.utf8.allSatisfy(isDigit) && UInt8(part) != nil && (part.count == 1 || part.first != "0")
            }
    }
}

/// The secret for the gateway: an API key or the JWT of a login.
///
/// It never prints its text; only the `Authorization` header contains it.
package struct GatewayToken: Sendable {
    private let text: String

    /// The value of the `Authorization` header.
    let authorization: String

    /// Accepts visible ASCII, ignoring white space around it; nil for anything else or nothing.
    package init?(_ text: String) {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var bytes = Array(text.utf8.drop(while: isSpace))
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        (self.text, authorization) = (text, "Bearer \(text)")
    }

    /// Replaces the token in untrusted text, where a server may have echoed it, with `[token]`.
    ///
    /// Compares bytes: a combining mark after the token would hide it from a comparison of characters.
    func redacted(of foreign: String) -> String {
        String(decoding: Array(foreign.utf8).replacing(Array(text.utf8), with: "[token]".utf8), as: UTF8.self)
    }
}

extension GatewayToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A constant that reveals nothing of the token.
    package var description: String { "GatewayToken(hidden)" }

    /// The same as `description`.
    package var debugDescription: String { description }

    /// No children, so that `dump` finds nothing.
    package var customMirror: Mirror { Mirror(self, children: [Mirror.Child]()) }
}

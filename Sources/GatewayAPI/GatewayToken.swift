/// The secret that the gateway knows us by: an api-key or a login's JWT.
///
/// It cannot be printed, dumped or interpolated by accident; only the `Authorization` header gets to see it.
package struct GatewayToken: Sendable {
    private let text: String

    /// The value of the `Authorization` header.
    let authorization: String

    /// Takes visible ASCII, without the spaces and line breaks around it; nil where nothing or something else is left.
    package init?(_ text: String) {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var bytes = Array(text.utf8.drop(while: isSpace))
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        (self.text, authorization) = (text, "Bearer \(text)")
    }

    /// A text in which the token, should a server have echoed it, is blotted out.
    ///
    /// Compares bytes: a combining mark behind the token would hide it from a comparison of characters.
    func blottedOut(of foreign: String) -> String {
        let secret = Array(text.utf8)
        var result: [UInt8] = []
        var rest = Array(foreign.utf8)[...]
        while let next = rest.first {
            if next == secret.first, rest.starts(with: secret) {
                result += "[token]".utf8
                rest = rest.dropFirst(secret.count)
            } else {
                result.append(next)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension GatewayToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// That there is a token, and nothing of it.
    package var description: String { "GatewayToken(hidden)" }

    /// The same as `description`.
    package var debugDescription: String { description }

    /// No children, so that `dump` finds nothing.
    package var customMirror: Mirror { Mirror(self, children: [Mirror.Child]()) }
}

/// Untrusted text, made safe to quote in a sentence.
enum UntrustedText {
    /// Returns the first byte after a byte order mark and white space; nil if there is none.
    static func firstByte(of body: [UInt8]) -> UInt8? {
        let start = body.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return body[start...].first { !($0 == 0x20 || (0x09...0x0D).contains($0)) }
    }

    /// Returns the start of a body: at most 200 characters on one line, without control characters and the token.
    static func excerpt(of body: [UInt8], hiding token: GatewayToken) -> String {
        safe(start(of: body), to: 200, hiding: token)
    }

    /// Quotes a text from an answer: at most 80 characters, without control characters and the token.
    static func quoted(_ text: String, hiding token: GatewayToken) -> String {
        "“\(safe(text, to: 80, hiding: token))”"
    }

    /// Shortens a text to one line, without control characters and the token.
    ///
    /// Hides the token before the cut, which could leave most of it, and after removing control characters, which could
    /// split it.
    private static func safe(_ text: String, to limit: Int, hiding token: GatewayToken) -> String {
        let line = limited(text, to: .max, keepingControls: false)
        return limited(token.redacted(of: line), to: limit)
    }

    /// Returns the first 4096 bytes of a body as text, enough for every use here.
    static func start(of body: [UInt8]) -> String { String(decoding: body.prefix(4_096), as: UTF8.self) }

    /// Shortens a text to this many Unicode scalars, plus an ellipsis.
    ///
    /// Counts scalars, because one character may consist of any number of them.
    static func limited(_ text: String, to limit: Int, keepingControls: Bool = true) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            if count >= limit { return String(result) + "…" }
            if keepingControls || !isControl(scalar) {
                result.append(scalar)
            } else if scalar.properties.isWhitespace, result.last != " " {
                result.append(" ")
            } else {
                continue
            }
            count += 1
        }
        return String(result)
    }

    /// Whether a character is a control character, or an invisible one that may change the direction of writing.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}

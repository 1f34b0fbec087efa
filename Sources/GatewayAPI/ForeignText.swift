/// What strangers wrote, made fit to stand inside a sentence of ours.
enum ForeignText {
    /// The first byte that is not white space or part of a byte order mark; nil where there is none.
    static func firstByte(of body: [UInt8]) -> UInt8? {
        let start = body.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return body[start...].first { !($0 == 0x20 || (0x09...0x0D).contains($0)) }
    }

    /// The start of a body: at most 200 characters on one line, without control characters and without the token.
    static func excerpt(of body: [UInt8], hiding token: GatewayToken) -> String {
        safe(start(of: body), to: 200, hiding: token)
    }

    /// A text in which everything that may be a phone number is blotted out: seven digits and more, in any usual spelling.
    static func withoutNumbers(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var (run, digits) = (String.UnicodeScalarView(), 0)
        func settle() {
            guard digits >= 7 else { return result.append(contentsOf: run) }
            let tail = run.reversed().prefix { !isDigit($0) }
            result.append(contentsOf: "[number]".unicodeScalars)
            result.append(contentsOf: tail.reversed())
        }
        for scalar in text.unicodeScalars {
            if isDigit(scalar) || (digits > 0 && isSeparator(scalar)) {
                run.append(scalar)
                if isDigit(scalar) { digits += 1 }
            } else {
                settle()
                (run, digits) = (String.UnicodeScalarView(), 0)
                result.append(scalar)
            }
        }
        settle()
        return String(result)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType == .decimal }

    /// What people and machines put between the digits of a number.
    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .spaceSeparator, .dashPunctuation, .format, .nonspacingMark: true
        default: " .()/-".unicodeScalars.contains(scalar)
        }
    }

    /// A text from an answer between quotation marks: at most 80 characters without control characters and the token.
    static func quoted(_ text: String, hiding token: GatewayToken) -> String {
        "“\(safe(text, to: 80, hiding: token))”"
    }

    /// A text on one line, cut, without control characters and without the token.
    ///
    /// The token is looked for before the cut, which might leave most of it, and once the control characters are gone,
    /// which might have stood between its letters.
    private static func safe(_ text: String, to limit: Int, hiding token: GatewayToken) -> String {
        let line = limited(text, to: .max, keepingControls: false)
        return limited(token.blottedOut(of: line), to: limit)
    }

    /// The start of a body as text, long enough for every use of it here.
    static func start(of body: [UInt8]) -> String { String(decoding: body.prefix(4_096), as: UTF8.self) }

    /// At most so many characters, with an ellipsis in place of the rest.
    ///
    /// Counts Unicode scalars, since a single character may be of any length.
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

    /// Control characters, and those invisible ones that turn the direction of writing.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}

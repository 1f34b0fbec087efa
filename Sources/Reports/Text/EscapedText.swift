extension String {
    /// The text escaped for a terminal, and for a CI pipeline that reads commands from the output.
    ///
    /// Control, bidirectional and other invisible format characters become `\u{…}`. So does the first of two colons at
    /// the beginning, also after spaces, and of two number signs anywhere: both begin pipeline commands.
    package var escapedForTerminal: String {
        guard mayContainCommand || unicodeScalars.contains(where: Self.isDangerous) else { return self }
        var result = ""
        var isBeginning = true
        for index in unicodeScalars.indices {
            let scalar = unicodeScalars[index]
            let isCommand = (scalar == "#" || (scalar == ":" && isBeginning)) && isDoubled(at: index)
            if isCommand || Self.isDangerous(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
                isBeginning = false
            } else {
                result.unicodeScalars.append(scalar)
                isBeginning = isBeginning && Self.isBlank(scalar)
            }
        }
        return result
    }

    /// Returns the text in at most `most` characters, shortened with `…`.
    func cut(to most: Int) -> String {
        unicodeScalars.count <= most ? self : String(unicodeScalars.prefix(most - 1)) + "…"
    }

    /// Whether a terminal would act on the character or show nothing.
    static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        // Most characters are ASCII, and a look-up in the Unicode tables is slow.
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        return isDangerousBeyondASCII(scalar)
    }

    private static func isDangerousBeyondASCII(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        // Many names need the joiners for letters and emoji, and joiners cannot reorder text.
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
        default: false
        }
    }

    /// Whether the character at an index repeats, with only invisible characters in between.
    ///
    /// GitHub's runner ignores invisible characters when it looks for commands.
    func isDoubled(at index: String.Index) -> Bool {
        let rest = unicodeScalars[index...]
        return rest.dropFirst().first { !$0.properties.isDefaultIgnorableCodePoint } == rest.first
    }

    /// Whether the text may contain a pipeline command; a quick test that may be wrongly true.
    private var mayContainCommand: Bool {
        utf8.contains(UInt8(ascii: "#")) || unicodeScalars.first { !Self.isBlank($0) } == ":"
    }

    /// Whether a pipeline skips the character when it looks for a command at the start of a line.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
    }
}

extension String {
    /// The text escaped for HTML, both between tags and in a quoted attribute.
    package var escapedForHTML: String {
        var result = ""
        for scalar in escapedForTerminal.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "`": result += "&#96;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension String {
    /// The text as a cell of a CSV file, quoted as RFC 4180 requires and never a formula.
    ///
    /// A text that a spreadsheet would read as a formula, such as a phone number, gets a leading apostrophe. So does
    /// one that already has apostrophes before a formula, so removing one apostrophe always restores the text.
    package var escapedForCSV: String {
        let text = Self.isFormula(self) ? "'" + self : self
        // Many locales separate cells by semicolons or tabs.
        let isPlain = text.unicodeScalars.allSatisfy { !"\",;\t\r\n".unicodeScalars.contains($0) }
        if isPlain, text.first != " ", text.last != " " { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars { quoted += scalar == "\"" ? "\"\"" : String(scalar) }
        return quoted + "\""
    }

    /// Whether a text begins like a formula after any number of apostrophes and spaces.
    private static func isFormula(_ text: String) -> Bool {
        let rest = text.unicodeScalars.drop { $0 == "'" }
        switch rest.first {
        case "\t", "\r", "\n": return true
        default: break
        }
        switch rest.first(where: { !$0.properties.isWhitespace }) {
        // East Asian spreadsheets accept the full-width forms.
        case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return true
        default: return false
        }
    }
}

extension String {
    /// The text escaped for one line of Markdown on GitHub and GitLab: it links to nothing, formats nothing, and closes
    /// nothing around it, not even a table cell.
    ///
    /// GitHub and GitLab look for mentions, references, addresses and emoji in the rendered text, where a backslash has
    /// no effect. An empty comment after the first character of such a pattern breaks it.
    package var escapedForMarkdown: String { escaped { Self.markdown($0) } }

    /// The text escaped for use inside an HTML tag in Markdown, where a backslash escapes nothing.
    package var escapedForHTMLInMarkdown: String {
        escaped { scalar in
            let text = Self.markdown(scalar)
            return text.hasPrefix("\\") ? "&#\(scalar.value);" : text
        }
    }

    private func escaped(_ form: (Unicode.Scalar) -> String) -> String {
        let scalars = Array(escapedForTerminal.unicodeScalars)
        var result = ""
        var hexadecimalDigits = 0
        for (index, scalar) in scalars.enumerated() {
            // Seven hexadecimal digits may name a commit.
            hexadecimalDigits = scalar.properties.isASCIIHexDigit ? hexadecimalDigits + 1 : 0
            if hexadecimalDigits == 7 {
                result += Self.endOfRun
                hexadecimalDigits = 1
            }
            // Markdown drops spaces at either end, or reads them as a code block.
            let isAtAnEdge = index == 0 || index == scalars.count - 1
            let isEdge = isAtAnEdge && scalar.properties.isWhitespace
            result += isEdge ? "&#\(scalar.value);" : form(scalar)
            if Self.beginsReference(scalar), index + 1 < scalars.count, scalars[index + 1] != " " {
                result += Self.endOfRun
            }
        }
        return result
    }

    /// An invisible separator; never first in a text, where it would begin an HTML block.
    private static let endOfRun = "<!-- -->"

    private static func markdown(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        // Tables read backslashes and bars before all other rules, so both become entities.
        case "\\": "&#92;"
        case "|": "&#124;"
        // GitHub looks for formulas both before and after rendering.
        case "$": "<span>&#36;</span>"
        case "!", "#", "%", ")", "*", "+", "-", ".", "/", ":", "=", "@", "[", "]", "^", "_", "`", "{", "}", "~":
            "\\\(scalar)"
        default: String(scalar)
        }
    }

    /// Whether a link, a picture or an emoji may begin with the character or continue after it.
    private static func beginsReference(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "!", "#", "%", "&", "-", ".", "/", ":", "@", "[", "^", "{", "~": true
        default: false
        }
    }
}

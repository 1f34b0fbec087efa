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
            hexadecimalDigits = Self.isHexadecimal(scalar) ? hexadecimalDigits + 1 : 0
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

    private static func isHexadecimal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "a"..."f", "A"..."F": true
        default: false
        }
    }
}

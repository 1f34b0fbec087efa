extension String {
    /// The text as it must stand in Markdown to be read there as it is, on one line, by GitHub and by GitLab: it links
    /// to nobody and nothing, formats nothing, and closes nothing that is around it, not even a table's cell.
    ///
    /// Some rules are applied to what is rendered, where a backslash no longer counts: mentions, references, addresses
    /// and emoji are sought in each run of text. An empty comment behind the character that begins one ends the run.
    package var defusedForMarkdown: String { defused { Self.markdown($0) } }

    /// The text as it must stand within a tag of HTML in Markdown, where a backslash is shown as one.
    package var defusedForHTMLInMarkdown: String {
        defused { scalar in
            let text = Self.markdown(scalar)
            return text.hasPrefix("\\") ? "&#\(scalar.value);" : text
        }
    }

    private func defused(_ form: (Unicode.Scalar) -> String) -> String {
        let scalars = Array(defusedForTerminal.unicodeScalars)
        var result = ""
        var hexadecimalDigits = 0
        for (index, scalar) in scalars.enumerated() {
            // A run of seven may name a commit.
            hexadecimalDigits = Self.isHexadecimal(scalar) ? hexadecimalDigits + 1 : 0
            if hexadecimalDigits == 7 {
                result += Self.endOfRun
                hexadecimalDigits = 1
            }
            // Blanks at either end would be dropped, or set the text off as code.
            let isAtAnEdge = index == 0 || index == scalars.count - 1
            let isEdge = isAtAnEdge && scalar.properties.isWhitespace
            result += isEdge ? "&#\(scalar.value);" : form(scalar)
            if Self.beginsReference(scalar), index + 1 < scalars.count, scalars[index + 1] != " " {
                result += Self.endOfRun
            }
        }
        return result
    }

    /// What shows nothing and keeps the texts on both sides of it apart; never first, where it would begin a block of HTML.
    private static let endOfRun = "<!-- -->"

    private static func markdown(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        // Where a table is cut into cells, a backslash before a bar counts, and one before that does not.
        case "\\": "&#92;"
        case "|": "&#124;"
        // A formula is sought before and after rendering: by its sign, and in runs of text.
        case "$": "<span>&#36;</span>"
        case "!", "#", "%", ")", "*", "+", "-", ".", "/", ":", "=", "@", "[", "]", "^", "_", "`", "{", "}", "~":
            "\\\(scalar)"
        default: String(scalar)
        }
    }

    /// Whether something that is made into a link, a picture or a mark may begin with the character, or go on behind it.
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

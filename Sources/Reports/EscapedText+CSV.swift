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

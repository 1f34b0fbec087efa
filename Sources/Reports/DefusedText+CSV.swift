extension String {
    /// The text as a cell of a CSV file: quoted as RFC 4180 says where it has to be, and never a formula.
    ///
    /// What a spreadsheet would take for a formula, phone numbers among it, gets an apostrophe in front; so does what
    /// has apostrophes before that already, so that taking one away always gives the text back.
    package var defusedForCSV: String {
        let text = Self.isFormula(self) ? "'" + self : self
        // Spreadsheets of many countries part cells at semicolons or tabs.
        let isPlain = text.unicodeScalars.allSatisfy { !"\",;\t\r\n".unicodeScalars.contains($0) }
        if isPlain, text.first != " ", text.last != " " { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars { quoted += scalar == "\"" ? "\"\"" : String(scalar) }
        return quoted + "\""
    }

    /// Whether a text begins like a formula, behind any number of apostrophes and blanks.
    private static func isFormula(_ text: String) -> Bool {
        let rest = text.unicodeScalars.drop { $0 == "'" }
        switch rest.first {
        case "\t", "\r", "\n": return true
        default: break
        }
        switch rest.first(where: { !$0.properties.isWhitespace }) {
        // The wide forms count in the spreadsheets of East Asia.
        case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return true
        default: return false
        }
    }
}

import LocatedYAML
import Membership

extension PolicyGathering {
    /// Whether a row is shown as it is read; what keeps it from that is noted.
    mutating func checkSigns(in fields: [CSVField], scanner: CSVScanner, bytes: [UInt8], file: UInt32) -> Bool {
        for field in fields {
            let sentence: String
            if scanner.beginsWithMark(field) {
                sentence =
                    "a byte order mark (U+FEFF) stands here in the middle of the file, as it does where files were joined;"
                    + " delete it"
            } else if let control = openControl(in: bytes[field.range]) {
                sentence =
                    "the character \(codePoint(control)) in this field changes the order in which the rest of the row is"
                    + " shown; delete it"
            } else if holdsNumberOnAnotherLine(bytes[field.range]) {
                sentence =
                    "the quotes that open here go on over several lines, one of which has a number that is no entry so; close them"
                    + " where the field ends"
            } else {
                continue
            }
            let column = scanner.column(of: field.start, lineStart: field.lineStart)
            log.error(sentence, at: index.location(Place(file: file, line: UInt32(field.line), column: UInt32(column))))
            return false
        }
        return true
    }

    /// Whether a field goes on over several lines, one of which, behind the first, has as many digits as a number: a row that was
    /// swallowed by a stray quote.
    private func holdsNumberOnAnotherLine(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.contains(0x0A) || bytes.contains(0x0D) else { return false }
        let lines = bytes.split(omittingEmptySubsequences: false) { $0 == 0x0A || $0 == 0x0D }
        func hasNumber(_ line: ArraySlice<UInt8>) -> Bool {
            line.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } >= PhoneNumber.fewestDigits
        }
        // Two numbers in one cell are told as such.
        return lines.first.map(hasNumber) == false && lines.dropFirst().contains(where: hasNumber)
    }

    /// A bidirectional control of a field whose effect does not end in it; nil where all do, as in texts of any script.
    private func openControl(in bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard bytes.contains(0xE2) else { return nil }
        var open: [(control: Unicode.Scalar, end: Unicode.Scalar)] = []
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\u{202A}", "\u{202B}", "\u{202D}", "\u{202E}": open.append((scalar, "\u{202C}"))
            case "\u{2066}"..."\u{2068}": open.append((scalar, "\u{2069}"))
            case "\u{202C}", "\u{2069}": if open.last?.end == scalar { open.removeLast() }
            default: break
            }
        }
        return open.first?.control
    }

    /// What hides the column that is asked for, and in which field of the first line; nil where nothing is like it.
    static func cause(ofMissing wanted: String, among names: [String]) -> (field: Int, sentence: String)? {
        for (position, name) in names.enumerated() {
            if let hidden = InvisibleCharacter.first(in: name), InvisibleCharacter.removed(from: name) == wanted {
                return (
                    position,
                    "the column \(quoted(name)) holds the invisible character \(hidden), without which it were"
                        + " \(quoted(wanted)); type its name anew"
                )
            }
            if Lookalikes.skeleton(of: name) == Lookalikes.skeleton(of: wanted),
                let letter = Lookalikes.disguise(in: name) ?? Lookalikes.disguise(in: wanted)
            {
                return (
                    position,
                    "the column \(quoted(name)) only looks like \(quoted(wanted)), for letters such as \(letter); type its"
                        + " name anew"
                )
            }
        }
        guard let first = names.first else { return nil }
        if first.hasPrefix("ï»¿") {
            return (
                0,
                "the file begins with a byte order mark that a program has taken for letters, `ï»¿`; delete it, and save the file"
                    + " as \"CSV UTF-8\""
            )
        }
        if first.lowercased().hasPrefix("sep=") {
            return (
                0,
                "the line \(quoted(first)) is one that only Excel reads; delete it, so that the first line names the"
                    + " columns"
            )
        }
        let words = first.split { "|:^~ ".contains($0) }
        if names.count == 1, words.count > 1, words.contains(Substring(wanted)) {
            return (
                0,
                "the first line is taken for one column, \(quoted(first)); separate the columns with commas, semicolons or"
                    + " tabs"
            )
        }
        return nil
    }

    /// The text of a cell without the apostrophe by which a spreadsheet is told not to take a number for a formula.
    static func withoutTextMark(_ text: String) -> String {
        guard text.hasPrefix("'"), let next = text.dropFirst().first, "+([".contains(next) || ("0"..."9").contains(next)
        else { return text }
        return String(text.dropFirst())
    }

    /// What keeps bytes from being read as text.
    static func textProblem(in bytes: [UInt8]) -> (line: Int, column: Int, message: String)? {
        let offset: Int
        let message: String
        // In UTF-16 without a mark each character of ASCII has a zero byte beside it.
        let isUnmarkedUTF16 = bytes.count > 1 && (bytes[0] == 0) != (bytes[1] == 0)
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || isUnmarkedUTF16 {
            return (1, 1, "the file is written in UTF-16; save it as \"CSV UTF-8\" and try again")
        }
        do {
            _ = try UTF8Span(validating: bytes.span)
            guard let found = bytes.firstIndex(of: 0) else { return nil }
            offset = found
            message = "the file holds a zero byte, so it is no text; save it as \"CSV UTF-8\" and try again"
        } catch {
            offset = error.byteOffsets.lowerBound
            message = "the file is not valid UTF-8 from here on; save it as \"CSV UTF-8\" and try again"
        }
        var (line, lineStart) = (1, CSVScanner.start(of: bytes))
        for position in lineStart..<max(offset, lineStart) {
            let endsLine =
                bytes[position] == 0x0A
                || (bytes[position] == 0x0D && !(position + 1 < bytes.count && bytes[position + 1] == 0x0A))
            if endsLine { (line, lineStart) = (line + 1, position + 1) }
        }
        let column = bytes[lineStart..<max(offset, lineStart)].reduce(1) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        return (line, column, message)
    }
}

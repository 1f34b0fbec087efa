import Core
import LocatedYAML

extension PolicyParser {
    /// Reports the first field of a row that is read differently than it is shown; true if there is none.
    mutating func checkSigns(in fields: [CSVField], scanner: CSVScanner, bytes: [UInt8], file: UInt32) -> Bool {
        for field in fields {
            let sentence: String
            if scanner.beginsWithByteOrderMark(field) {
                sentence =
                    "a byte order mark (U+FEFF) is in the middle of the file, usually because files were joined;"
                    + " delete it"
            } else if let control = openControl(in: bytes[field.range]) {
                sentence =
                    "the character \(codePoint(control)) in this field reorders the rest of the row on the screen;"
                    + " delete it"
            } else if holdsNumberOnAnotherLine(bytes[field.range]) {
                sentence =
                    "this quoted field has several lines, and a number on one of them would be lost; close the quote"
                    + " where the field ends"
            } else {
                continue
            }
            let column = scanner.column(of: field.start, lineStart: field.lineStart)
            log.error(
                sentence, at: index.location(FilePosition(file: file, line: UInt32(field.line), column: UInt32(column)))
            )
            return false
        }
        return true
    }

    /// Whether a quoted field has a number on a later line but not on its first: a stray quote swallowed a row.
    private func holdsNumberOnAnotherLine(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.contains(0x0A) || bytes.contains(0x0D) else { return false }
        let lines = bytes.split(omittingEmptySubsequences: false) { $0 == 0x0A || $0 == 0x0D }
        func hasNumber(_ line: ArraySlice<UInt8>) -> Bool {
            line.count(where: \.isDigit) >= PhoneNumber.minDigits
        }
        // Two numbers in one cell have their own message.
        return lines.first.map(hasNumber) == false && lines.dropFirst().contains(where: hasNumber)
    }

    /// Returns a bidirectional control of a field whose effect does not end in the field; nil if there is none.
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

    /// Returns why the wanted column is not found, and the field of the first line that causes it; nil if unknown.
    static func cause(ofMissing wanted: String, among names: [String]) -> (field: Int, sentence: String)? {
        for (position, name) in names.enumerated() {
            if let hidden = InvisibleCharacter.first(in: name), InvisibleCharacter.removed(from: name) == wanted {
                return (
                    position,
                    "the column \(quoted(name)) contains the invisible character \(hidden), so it is not"
                        + " \(quoted(wanted)); type its name again"
                )
            }
            if Confusables.skeleton(of: name) == Confusables.skeleton(of: wanted),
                let letter = Confusables.disguise(in: name) ?? Confusables.disguise(in: wanted)
            {
                return (
                    position,
                    "the column \(quoted(name)) only looks like \(quoted(wanted)), because of letters such as \(letter);"
                        + " type its name again"
                )
            }
        }
        guard let first = names.first else { return nil }
        if first.hasPrefix("ï»¿") {
            return (
                0,
                "the file starts with `ï»¿`, a byte order mark that a program read as letters; delete it, and save"
                    + " the file as \"CSV UTF-8\""
            )
        }
        if first.lowercased().hasPrefix("sep=") {
            return (
                0,
                "the line \(quoted(first)) is only for Excel; delete it, so that the first line names the columns"
            )
        }
        let words = first.split { "|:^~ ".contains($0) }
        if names.count == 1, words.count > 1, words.contains(Substring(wanted)) {
            return (
                0,
                "the first line has only one column, \(quoted(first)); separate columns with commas, semicolons or tabs"
            )
        }
        return nil
    }

    /// Returns the text of a cell without the apostrophe that keeps a spreadsheet from reading a number as a formula.
    static func withoutTextMark(_ text: String) -> String {
        guard text.hasPrefix("'"), let next = text.dropFirst().first, "+([".contains(next) || ("0"..."9").contains(next)
        else { return text }
        return String(text.dropFirst())
    }

    /// Returns why the bytes cannot be read as text; nil if they can.
    static func textProblem(in bytes: [UInt8]) -> (line: Int, column: Int, message: String)? {
        let offset: Int
        let message: String
        // In UTF-16 without a mark, each ASCII character has a zero byte next to it.
        let isUnmarkedUTF16 = bytes.count > 1 && (bytes[0] == 0) != (bytes[1] == 0)
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || isUnmarkedUTF16 {
            return (1, 1, "the file is written in UTF-16; save it as \"CSV UTF-8\" and try again")
        }
        do {
            _ = try UTF8Span(validating: bytes.span)
            guard let found = bytes.firstIndex(of: 0) else { return nil }
            offset = found
            message = "the file contains a zero byte, so it is not text; save it as \"CSV UTF-8\" and try again"
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

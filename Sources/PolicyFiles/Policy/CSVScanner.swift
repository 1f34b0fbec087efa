/// A field of a CSV record, as positions in the file.
struct CSVField {
    /// The start of the field, including its quote if it has one.
    let start: Int
    /// The text, without quotes and separators.
    let range: Range<Int>
    /// Whether the text contains doubled quotes.
    let hasDoubledQuotes: Bool
    /// The line the field starts on, from 1.
    let line: Int
    /// The start of that line.
    let lineStart: Int
}

/// A quoting fault in a CSV file.
struct CSVFault: Error, Equatable {
    /// The line, from 1.
    let line: Int
    /// The start of that line.
    let lineStart: Int
    /// The position of the fault.
    let offset: Int
    /// One sentence for people.
    let message: String
}

/// Splits a CSV file into records as in RFC 4180; lines end in LF, CRLF or CR.
struct CSVScanner {
    private let bytes: [UInt8]
    private let separator: UInt8
    private var position: Int
    private var line = 1
    private var lineStart: Int
    /// The first carriage return outside quotes without a line feed; nil if there is none.
    private(set) var loneReturn: (line: Int, lineStart: Int, offset: Int)?
    /// Whether any line ends in a line feed outside quotes.
    private(set) var hasLineFeeds = false

    private static let quote = UInt8(ascii: "\"")

    /// The bytes of U+FEFF.
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Starts at the first line, after all byte order marks; each program that saves a file may add one.
    init(bytes: [UInt8]) {
        self.bytes = bytes
        position = Self.start(of: bytes)
        lineStart = position
        separator = Self.separator(of: bytes[position...])
    }

    /// Returns the position after all byte order marks.
    static func start(of bytes: [UInt8]) -> Int {
        var start = 0
        while bytes[start...].starts(with: byteOrderMark) { start += 3 }
        return start
    }

    /// Whether a field starts with a byte order mark, as in joined files.
    func beginsWithByteOrderMark(_ field: CSVField) -> Bool { bytes[field.start...].starts(with: Self.byteOrderMark) }

    /// Reads the next record into `fields`; false at the end.
    ///
    /// After a fault, the next call reads the next line.
    mutating func next(into fields: inout [CSVField]) throws(CSVFault) -> Bool {
        fields.removeAll(keepingCapacity: true)
        guard position < bytes.count else { return false }
        while true {
            fields.append(try nextField())
            guard position < bytes.count else { return true }
            if bytes[position] != separator {
                noteLineEnd()
                endLine()
                return true
            }
            position += 1
            if position == bytes.count {
                // An empty field follows a separator at the end of the file.
                fields.append(
                    CSVField(
                        start: position, range: position..<position, hasDoubledQuotes: false, line: line,
                        lineStart: lineStart))
                return true
            }
        }
    }

    /// Returns the text of a field, without surrounding spaces.
    func text(of field: CSVField) -> String {
        let written = String(decoding: bytes[field.range], as: UTF8.self)
        let text = field.hasDoubledQuotes ? written.replacing("\"\"", with: "\"") : written
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }

    /// Returns the column of a byte in its line, in characters from 1.
    func column(of offset: Int, lineStart: Int) -> Int {
        bytes[lineStart..<max(offset, lineStart)].reduce(1) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    private mutating func nextField() throws(CSVFault) -> CSVField {
        if bytes[position] == Self.quote { return try quotedField() }
        let start = position
        while position < bytes.count, bytes[position] != separator, !isLineEnd(bytes[position]) { position += 1 }
        return CSVField(
            start: start, range: start..<position, hasDoubledQuotes: false, line: line, lineStart: lineStart)
    }

    private mutating func quotedField() throws(CSVFault) -> CSVField {
        let (opening, openingLine, openingLineStart) = (position, line, lineStart)
        var hasDoubledQuotes = false
        position += 1
        while position < bytes.count {
            if bytes[position] == Self.quote {
                if position + 1 < bytes.count, bytes[position + 1] == Self.quote {
                    hasDoubledQuotes = true
                    position += 2
                    continue
                }
                let field = CSVField(
                    start: opening, range: opening + 1..<position, hasDoubledQuotes: hasDoubledQuotes,
                    line: openingLine, lineStart: openingLineStart)
                position += 1
                guard position < bytes.count, bytes[position] != separator, !isLineEnd(bytes[position]) else {
                    return field
                }
                let fault = CSVFault(
                    line: line, lineStart: lineStart, offset: position,
                    message: "text follows the closing quote of the field; double a quote that is part of the text")
                while position < bytes.count, !isLineEnd(bytes[position]) { position += 1 }
                if position < bytes.count { endLine() }
                throw fault
            }
            if isLineEnd(bytes[position]) { endLine() } else { position += 1 }
        }
        throw CSVFault(
            line: openingLine, lineStart: openingLineStart, offset: opening,
            message: "this quote is never closed; close it, or double it if it is part of the text")
    }

    /// Records how the line ends, outside quotes.
    private mutating func noteLineEnd() {
        let isPair = position + 1 < bytes.count && bytes[position + 1] == 0x0A
        if bytes[position] == 0x0A || isPair {
            hasLineFeeds = true
        } else if loneReturn == nil {
            loneReturn = (line, lineStart, position)
        }
    }

    /// Skips the end of a line.
    private mutating func endLine() {
        let isPair = bytes[position] == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
        position += isPair ? 2 : 1
        line += 1
        lineStart = position
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    /// Returns comma, semicolon or tab: the most frequent one outside quotes in the first line.
    private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        var counts = [0, 0, 0]
        var isQuoted = false
        for byte in bytes {
            if byte == quote { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 0x0A || byte == 0x0D { break }
            if let candidate = candidates.firstIndex(of: byte) { counts[candidate] += 1 }
        }
        var best = 0
        for candidate in 1..<candidates.count where counts[candidate] > counts[best] { best = candidate }
        return candidates[best]
    }
}

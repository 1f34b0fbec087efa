/// One field of a CSV record: where its text lies, without the quotes around it.
struct CSVField {
    /// Where the field begins, at its quote if it has one.
    let start: Int
    /// The bytes between the quotes or separators.
    let range: Range<Int>
    /// Whether quotes in it are doubled.
    let hasDoubledQuotes: Bool
    /// The line that it begins on, from 1.
    let line: Int
    /// Where that line begins.
    let lineStart: Int
}

/// What is wrong with the shape of a CSV file.
struct CSVFault: Error, Equatable {
    /// The line, from 1.
    let line: Int
    /// Where that line begins.
    let lineStart: Int
    /// The byte at fault.
    let offset: Int
    /// One sentence.
    let message: String
}

/// Takes the bytes of a CSV file apart as RFC 4180 says, with lines that end in LF, CRLF or CR.
struct CSVScanner {
    private let bytes: [UInt8]
    private let separator: UInt8
    private var position: Int
    private var line = 1
    private var lineStart: Int
    /// The first carriage return outside of quotes that ends a line by itself; nil where none does.
    private(set) var loneReturn: (line: Int, lineStart: Int, offset: Int)?
    /// Whether a line outside of quotes ends in a line feed.
    private(set) var hasLineFeeds = false

    private static let quote = UInt8(ascii: "\"")

    /// The bytes of U+FEFF.
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Begins at the first line, after a byte order mark, or several: each program in a row adds its own.
    init(bytes: [UInt8]) {
        self.bytes = bytes
        position = Self.start(of: bytes)
        lineStart = position
        separator = Self.separator(of: bytes[position...])
    }

    /// Where the text begins.
    static func start(of bytes: [UInt8]) -> Int {
        var start = 0
        while bytes[start...].starts(with: byteOrderMark) { start += 3 }
        return start
    }

    /// Whether a field begins with a byte order mark, as the first does where files were joined.
    func beginsWithMark(_ field: CSVField) -> Bool { bytes[field.start...].starts(with: Self.byteOrderMark) }

    /// Reads the next record into `fields`, false at the end; after a fault the next line can be read.
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
                // A separator at the very end leaves an empty field behind it.
                fields.append(
                    CSVField(
                        start: position, range: position..<position, hasDoubledQuotes: false, line: line,
                        lineStart: lineStart))
                return true
            }
        }
    }

    /// The text of a field without spaces around it.
    func text(of field: CSVField) -> String {
        let written = String(decoding: bytes[field.range], as: UTF8.self)
        let text = field.hasDoubledQuotes ? written.replacing("\"\"", with: "\"") : written
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }

    /// The column of a byte in its line, in characters from 1.
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
                    line: openingLine,
                    lineStart: openingLineStart)
                position += 1
                guard position < bytes.count, bytes[position] != separator, !isLineEnd(bytes[position]) else {
                    return field
                }
                let fault = CSVFault(
                    line: line, lineStart: lineStart, offset: position,
                    message: "text follows the quote that ends the field; double a quote that is part of the text")
                while position < bytes.count, !isLineEnd(bytes[position]) { position += 1 }
                if position < bytes.count { endLine() }
                throw fault
            }
            if isLineEnd(bytes[position]) { endLine() } else { position += 1 }
        }
        throw CSVFault(
            line: openingLine, lineStart: openingLineStart, offset: opening,
            message: "the quote that opens here is never closed; close it, or double it if it is part of the text")
    }

    /// Keeps in mind how the line ends, outside of quotes.
    private mutating func noteLineEnd() {
        let isPair = position + 1 < bytes.count && bytes[position + 1] == 0x0A
        if bytes[position] == 0x0A || isPair {
            hasLineFeeds = true
        } else if loneReturn == nil {
            loneReturn = (line, lineStart, position)
        }
    }

    /// Steps over the end of a line.
    private mutating func endLine() {
        let isPair =
            bytes[position] == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
        position += isPair ? 2 : 1
        line += 1
        lineStart = position
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    /// Comma, semicolon or tab: whichever stands most often outside quotes in the first line.
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

import Core

/// A text in which one YAML escape replaces each surrogate pair, JSON's form of one character: `\ud83d\ude00`.
///
/// libyaml knows only `\U0001F600`. It is two characters shorter, so places have to be converted back to the file's.
struct JoinedSurrogates {
    /// The text with joined pairs.
    private(set) var bytes: [UInt8] = []
    /// The number of characters before each joined pair, ascending.
    private(set) var indices: [Int] = []

    /// Keeps the text as it is.
    init(leaving source: [UInt8]) { bytes = source }

    /// Joins all pairs except those with these indices, from 0.
    init(joining source: [UInt8], except left: Set<Int> = []) {
        bytes.reserveCapacity(source.count)
        var next = source.startIndex
        if source.starts(with: SourceText.byteOrderMark) {
            bytes += SourceText.byteOrderMark
            next = 3
        }
        var characters = 0
        var seen = 0
        while next < source.endIndex {
            let byte = source[next]
            guard byte == UInt8(ascii: "\\"), next + 1 < source.endIndex else {
                if byte & 0xC0 != 0x80 { characters += 1 }
                bytes.append(byte)
                next += 1
                continue
            }
            if let value = Self.pair(in: source, at: next) {
                seen += 1
                if !left.contains(seen - 1) {
                    indices.append(characters)
                    bytes += Array("\\U\(hexadecimal(value, width: 8))".utf8)
                    characters += 10
                    next += 12
                    continue
                }
            }
            // Copy a backslash, and the backslash that it escapes, if any: the second one starts no escape.
            bytes.append(byte)
            characters += 1
            next += 1
            if source[next] == UInt8(ascii: "\\") {
                bytes.append(source[next])
                characters += 1
                next += 1
            }
        }
    }

    /// Returns the place in the file, given the number of characters of this text before it.
    func position(_ position: Mark, index: Int) -> Mark {
        guard !indices.isEmpty else { return position }
        let onLine = indices.lowerBound(of: index) - indices.lowerBound(of: index - position.column)
        return Mark(line: position.line, column: position.column + 2 * onLine)
    }

    /// Returns the character of the surrogate pair that starts here; nil if none does.
    private static func pair(in bytes: [UInt8], at start: Int) -> UInt32? {
        guard let high = unit(in: bytes, at: start), (0xD800...0xDBFF).contains(high),
            let low = unit(in: bytes, at: start + 6), (0xDC00...0xDFFF).contains(low)
        else { return nil }
        return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
    }

    private static func unit(in bytes: [UInt8], at start: Int) -> UInt32? {
        guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var value: UInt32 = 0
        for byte in bytes[start + 2..<start + 6] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}

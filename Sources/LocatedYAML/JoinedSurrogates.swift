/// A text in which pairs such as `\ud83d\ude00`, by which JSON writes one character, are one escape that libyaml knows.
///
/// `\U0001F600` is shorter by two characters, so that places have to be told as they are in the file.
struct JoinedSurrogates {
    /// The text with its pairs joined.
    private(set) var bytes: [UInt8] = []
    /// How many characters stand before each joined pair, in the order of the text.
    private(set) var indices: [Int] = []

    /// A text that is left as it is.
    init(leaving source: [UInt8]) { bytes = source }

    /// Joins all pairs but those that are named by their number, counted from 0.
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
                    bytes += Array("\\U\(SourceText.hexadecimal(value, width: 8))".utf8)
                    characters += 10
                    next += 12
                    continue
                }
            }
            // A backslash and what it stands before: a second backslash begins nothing.
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

    /// A place as it is in the file, given how many characters of this text stand before it.
    func place(_ place: Place, index: Int) -> Place {
        guard !indices.isEmpty else { return place }
        let onLine = Self.count(of: indices, below: index) - Self.count(of: indices, below: index - place.column)
        return Place(line: place.line, column: place.column + 2 * onLine)
    }

    /// How many of some ascending numbers are below a bound.
    private static func count(of numbers: [Int], below bound: Int) -> Int {
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < bound { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The character that two escapes of halves stand for; nil where no such pair begins.
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

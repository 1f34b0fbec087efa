import Core
import Glibc

/// A one-pass scanner for the JSON that gateways write.
///
/// It supports a part of JSON: keys without escapes, whole numbers, and no nesting beyond what the caller reads. For
/// anything else it returns nil or false, and the general decoder reads the body and reports errors.
struct FastJSONScanner: ~Copyable {
    /// Every access checks the bounds first.
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0

    fileprivate init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The number of unread bytes.
    fileprivate var remaining: Int { bytes.count - at }

    /// Reads an object: calls `body` after each key, to read the value.
    mutating func object(_ body: (inout FastJSONScanner, Range<Int>) -> Bool) -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        repeat {
            guard let key = string(), take(UInt8(ascii: ":")), body(&self, key) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    /// Reads an object: `read` converts each field, `take` receives the result.
    ///
    /// Objects in a list repeat many fields of the one before. A field with the same bytes, including the next byte,
    /// is not parsed again.
    mutating func object<Field>(
        after former: inout PreviousFields<Field>, _ read: (inout FastJSONScanner, Range<Int>) -> Field?,
        _ take: (Field) -> Bool
    ) -> Bool {
        guard self.take(UInt8(ascii: "{")) else { return false }
        var count = 0
        repeat {
            _ = next()
            if count < former.fields.count, repeats(former.fields[count].position) {
                at += former.fields[count].position.count - 1
                guard take(former.fields[count].field) else { return false }
            } else {
                let start = at
                guard let key = string(), self.take(UInt8(ascii: ":")), let field = read(&self, key), take(field),
                    at < bytes.count
                else { return false }
                former.note(field, at: start..<at + 1, as: count)
            }
            count += 1
        } while self.take(UInt8(ascii: ","))
        return self.take(UInt8(ascii: "}"))
    }

    /// Whether the next bytes equal those in a range.
    private func repeats(_ position: Range<Int>) -> Bool {
        guard position.count <= remaining, let base = bytes.baseAddress else { return false }
        return memcmp(base + at, base + position.lowerBound, position.count) == 0
    }

    /// Reads an array: calls `body` for each element.
    mutating func array(_ body: (inout FastJSONScanner) -> Bool) -> Bool {
        guard take(UInt8(ascii: "[")) else { return false }
        if take(UInt8(ascii: "]")) { return true }
        repeat {
            guard body(&self) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    /// Skips white space and returns the next byte without reading it; nil at the end.
    mutating func next() -> UInt8? {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return bytes[at]
            }
        }
        return nil
    }

    /// Skips white space and then this byte; false if another one is next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard next() == byte else { return false }
        at += 1
        return true
    }

    /// Skips `null`; false if something else is next.
    mutating func takeNull() -> Bool { next() == UInt8(ascii: "n") && take("null") }

    /// Reads a value or `null` into a field; false if it has been read before, or `read` cannot read it.
    mutating func take<Value>(_ field: inout Value??, _ read: (inout FastJSONScanner) -> Value?) -> Bool {
        if case .some = field { return false }
        field = takeNull() ? .some(nil) : read(&self).map(Optional.some)
        return if case .some = field { true } else { false }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        guard remaining >= text.utf8CodeUnitCount, equals(at..<at + text.utf8CodeUnitCount, text) else { return false }
        at += text.utf8CodeUnitCount
        return true
    }

    /// Reads a string of plain ASCII without escapes and returns its range; otherwise reads nothing.
    mutating func string() -> Range<Int>? {
        guard next() == UInt8(ascii: "\"") else { return nil }
        let start = at + 1
        let end = plainEnd(from: start)
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return nil }
        at = end + 1
        return start..<end
    }

    /// Reads any valid string.
    mutating func text() -> String? {
        if let position = string() { return String(decoding: bytes[position], as: UTF8.self) }
        return take(UInt8(ascii: "\"")) ? richText() : nil
    }

    /// Reads the rest of a string that may contain escapes and non-ASCII characters.
    private mutating func richText() -> String? {
        var letters: [UInt8] = []
        // The start of the bytes that are not yet copied.
        var start = at
        var position = at
        while true {
            position = plainEnd(from: position)
            guard position < bytes.count else { return nil }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                letters += bytes[start..<position]
                at = position + 1
                return String(validating: letters, as: UTF8.self)
            case UInt8(ascii: "\\"):
                letters += bytes[start..<position]
                at = position + 1
                guard let scalar = escape() else { return nil }
                letters += Array(String(scalar).utf8)
                (start, position) = (at, at)
            case 0x80...: position += 1
            default: return nil
            }
        }
    }

    /// Reads the escape sequence after a backslash.
    private mutating func escape() -> Unicode.Scalar? {
        guard at < bytes.count else { return nil }
        at += 1
        switch bytes[at - 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: return nil
        }
        guard let unit = hexadecimalUnit() else { return nil }
        guard (0xD800...0xDBFF).contains(unit) else { return Unicode.Scalar(unit) }
        // A high surrogate; a low one must follow.
        guard take("\\u"), let second = hexadecimalUnit(), (0xDC00...0xDFFF).contains(second) else { return nil }
        return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00))
    }

    /// Reads four hexadecimal digits.
    private mutating func hexadecimalUnit() -> UInt32? {
        guard remaining >= 4 else { return nil }
        var unit: UInt32 = 0
        for byte in bytes[at..<at + 4] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        at += 4
        return unit
    }

    /// Returns the index of the first quotation mark, backslash, control character or non-ASCII byte; else the end.
    ///
    /// Checks eight bytes at a time. The highest bit of each byte of `marks` is 1 for such a byte; borrows make wrong
    /// bits only after the first match.
    private func plainEnd(from start: Int) -> Int {
        let (ones, high): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        let raw = UnsafeRawBufferPointer(bytes)
        var position = start
        while position + 8 <= raw.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let mark = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let slash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            let marks = (mark &- ones) & ~mark | (slash &- ones) & ~slash | (word &- (ones &* 0x20)) & ~word | word
            if marks & high != 0 { return position + (marks & high).trailingZeroBitCount / 8 }
            position += 8
        }
        while position < raw.count {
            let byte = raw[position]
            if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            position += 1
        }
        return position
    }

    /// Skips a value; false if it is not plain.
    mutating func skipValue() -> Bool {
        switch next() {
        case UInt8(ascii: "\""): string() != nil || text() != nil
        case UInt8(ascii: "t"): take("true")
        case UInt8(ascii: "f"): take("false")
        case UInt8(ascii: "n"): take("null")
        default: wholeNumber() != nil
        }
    }

    /// Reads an unsigned whole number of at most 15 digits; nil for anything else.
    mutating func wholeNumber() -> Int64? {
        _ = next()
        let start = at
        var value: Int64 = 0
        while at < bytes.count, at - start < 16, let digit = digit(at: at) {
            value = value * 10 + Int64(digit)
            at += 1
        }
        let count = at - start
        return (1...15).contains(count) && (count == 1 || bytes[start] != UInt8(ascii: "0")) ? value : nil
    }

    private func digit(at position: Int) -> UInt8? {
        let digit = bytes[position] &- UInt8(ascii: "0")
        return digit < 10 ? digit : nil
    }

    /// Whether the bytes in a range equal this text.
    @inline(__always) func equals(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count where bytes[range.lowerBound + offset] != text.utf8Start[offset] { return false }
        return true
    }

    /// Whether the bytes in a range equal these.
    func equals(_ range: Range<Int>, _ other: [UInt8]) -> Bool { bytes[range].elementsEqual(other) }

    /// Reads digits without a leading zero, and returns the index after them; nil if there are none.
    private func number(at range: Range<Int>) -> (value: UInt64, end: Int)? {
        var value: UInt64 = 0
        var position = range.lowerBound
        // Nineteen digits always fit.
        while position < range.upperBound, position - range.lowerBound < 19, let digit = digit(at: position) {
            if value == 0, digit == 0 { return nil }
            value = value * 10 + UInt64(digit)
            position += 1
        }
        return position == range.lowerBound ? nil : (value, position)
    }

    /// Reads the account of a JID: digits and a server of users.
    mutating func account() -> AccountID? {
        guard let range = string(), let (value, end) = number(at: range) else { return nil }
        let server = end..<range.upperBound
        if equals(server, "@lid") { return LID(digits: value).map(AccountID.lid) }
        guard equals(server, "@s.whatsapp.net") || equals(server, "@c.us") else { return nil }
        return PhoneNumber(digits: value).map(AccountID.phone)
    }

    /// Reads a phone number: digits, with or without a plus sign.
    mutating func phone() -> PhoneNumber? {
        guard let range = string() else { return nil }
        let hasPlus = !range.isEmpty && bytes[range.lowerBound] == UInt8(ascii: "+")
        let digits = hasPlus ? range.dropFirst() : range
        guard let (value, end) = number(at: digits), end == range.upperBound else { return nil }
        return PhoneNumber(digits: value)
    }
}

/// The fields of earlier objects by index, each as last seen.
struct PreviousFields<Field> {
    /// Each field's value, and the range of its key, its value and the byte after it, where a number ends.
    fileprivate private(set) var fields: [(field: Field, position: Range<Int>)] = []

    fileprivate mutating func note(_ field: Field, at position: Range<Int>, as index: Int) {
        if index < fields.count { fields[index] = (field, position) } else { fields.append((field, position)) }
    }
}

extension Page {
    /// Reads a page as gateways write it, each entry with `read`; nil if the general decoder must read it.
    static func scan(_ body: [UInt8], _ read: (inout FastJSONScanner) -> Entry?) -> Page? {
        body.withUnsafeBufferPointer { bytes in
            var scanner = FastJSONScanner(bytes)
            var page = Page()
            var hasEntries = false
            var cursor: String??
            let isPlain = scanner.object { scanner, key in
                if scanner.equals(key, "nextCursor") { return scanner.take(&cursor) { $0.text() } }
                guard scanner.equals(key, "data") else { return scanner.skipValue() }
                guard !hasEntries else { return false }
                hasEntries = true
                if scanner.takeNull() { return true }
                // An entry takes less than 128 bytes, so this reserves no more memory than the answer took.
                page.entries.reserveCapacity(scanner.remaining / 128)
                return scanner.array { scanner in
                    guard let entry = read(&scanner) else { return false }
                    page.entries.append(entry)
                    return true
                }
            }
            page.nextCursor = cursor ?? nil
            return isPlain && hasEntries && scanner.next() == nil ? page : nil
        }
    }
}

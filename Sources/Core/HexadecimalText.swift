extension Sequence<UInt8> {
    /// The bytes as lower-case hexadecimal, two digits a byte.
    package var hexadecimalText: String {
        func digit(_ half: UInt8) -> UInt8 { half < 10 ? UInt8(ascii: "0") + half : UInt8(ascii: "a") + half - 10 }
        var digits: [UInt8] = []
        digits.reserveCapacity(underestimatedCount * 2)
        for byte in self {
            digits.append(digit(byte >> 4))
            digits.append(digit(byte & 15))
        }
        return String(decoding: digits, as: UTF8.self)
    }
}

/// Returns a number in upper-case hexadecimal, with leading zeros, at least this wide.
package func hexadecimal(_ number: UInt32, width: Int) -> String {
    padded(String(number, radix: 16, uppercase: true), to: width)
}

/// Returns a text with leading zeros, at least this wide.
func padded(_ text: String, to width: Int) -> String {
    String(repeating: "0", count: max(0, width - text.count)) + text
}

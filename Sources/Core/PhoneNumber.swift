/// A phone number in E.164 form: country code and subscriber number, 7 to 15 digits, no leading zero.
///
/// Two spellings of one number are equal. Different numbers stay different: only WhatsApp knows whether they reach one
/// account.
package struct PhoneNumber: Hashable, Sendable {
    /// The digits after the plus sign, as a number.
    package let digits: UInt64

    /// The fewest digits Rollcall accepts.
    package static let minDigits = 7

    /// The most digits E.164 allows.
    package static let maxDigits = 15

    /// The largest number: 15 nines.
    @inlinable package static var largest: UInt64 { 999_999_999_999_999 }

    /// Returns nil unless the number has 7 to 15 digits.
    package init?(digits: UInt64) {
        guard digits >= 1_000_000, digits <= Self.largest else { return nil }
        self.digits = digits
    }

    /// The number with a plus sign, for example `+6281234567890`.
    package var e164: String { "+\(digits)" }
}

extension PhoneNumber: Comparable {
    /// The order of the E.164 texts, which keeps the numbers of a country together.
    package static func < (left: PhoneNumber, right: PhoneNumber) -> Bool { left.orderKey < right.orderKey }

    /// A key that sorts like the E.164 texts: the digits padded with zeros to 15, then the original length.
    package var orderKey: UInt64 {
        // Pad 7 to 15 digits by 4, 2, 1 and 1.
        var (aligned, length) = (digits, UInt64(15))
        if aligned < 100_000_000_000 { (aligned, length) = (aligned * 10_000, length - 4) }
        if aligned < 10_000_000_000_000 { (aligned, length) = (aligned * 100, length - 2) }
        if aligned < 100_000_000_000_000 { (aligned, length) = (aligned * 10, length - 1) }
        if aligned < 100_000_000_000_000 { (aligned, length) = (aligned * 10, length - 1) }
        return aligned << 4 | length
    }
}

extension PhoneNumber {
    /// Whether the numbers differ only by a trunk prefix after the country code, which some people write by mistake.
    ///
    /// The prefix is up to three zeros; also 06 in Hungary, and 8 in Russia and Kazakhstan.
    package func differsByTrunkPrefix(from other: PhoneNumber) -> Bool {
        let (longer, shorter) =
            digits > other.digits ? (String(digits), String(other.digits)) : (String(other.digits), String(digits))
        return (1...3).contains { length in
            guard longer.prefix(length) == shorter.prefix(length) else { return false }
            let (rest, bare) = (longer.dropFirst(length), shorter.dropFirst(length))
            return Self.prefixes(after: longer.prefix(length)).contains { rest == $0 + bare }
        }
    }

    private static func prefixes(after code: Substring) -> [String] {
        switch code {
        case "7": ["8", "0", "00"]
        case "36": ["06", "0", "00"]
        default: ["0", "00", "000"]
        }
    }
}

extension PhoneNumber: CustomStringConvertible {
    /// The E.164 text.
    package var description: String { e164 }
}

/// A telephone number in E.164 form: a country code and a subscriber number, 7 to 15 digits, no leading zero.
///
/// Two spellings of one number are equal. Nothing is ever rewritten to make two numbers equal: whether two different
/// numbers reach one account is a question for WhatsApp.
package struct PhoneNumber: Hashable, Sendable {
    /// The digits after the plus sign, as a number.
    package let digits: UInt64

    /// The fewest digits that are accepted.
    package static let fewestDigits = 7

    /// The most digits that E.164 allows.
    package static let mostDigits = 15

    /// The digits of the largest number, which has as many nines.
    @inlinable package static var largest: UInt64 { 999_999_999_999_999 }

    /// Takes the digits after the plus sign; nil unless there are 7 to 15 of them.
    package init?(digits: UInt64) {
        guard digits >= 1_000_000, digits <= Self.largest else { return nil }
        self.digits = digits
    }

    /// The number as people and the gateway's contacts write it, for example `+6281234567890`.
    package var e164: String { "+\(digits)" }
}

extension PhoneNumber: Comparable {
    /// The order of the E.164 texts, so that the numbers of one country stand together.
    package static func < (left: PhoneNumber, right: PhoneNumber) -> Bool { left.orderKey < right.orderKey }

    /// A number whose order is that of the E.164 texts: the digits with zeros appended up to the longest length, then fewer
    /// zeros after more.
    package var orderKey: UInt64 {
        // From 7 to 15 digits, at first four may be lacking at a stroke, then two, then one, then one.
        var (aligned, length) = (digits, UInt64(15))
        if aligned < 100_000_000_000 { (aligned, length) = (aligned * 10_000, length - 4) }
        if aligned < 10_000_000_000_000 { (aligned, length) = (aligned * 100, length - 2) }
        if aligned < 100_000_000_000_000 { (aligned, length) = (aligned * 10, length - 1) }
        if aligned < 100_000_000_000_000 { (aligned, length) = (aligned * 10, length - 1) }
        return aligned << 4 | length
    }
}

extension PhoneNumber {
    /// Whether another number is the same but for the national trunk prefix behind the country code, which some write into an
    /// international number: a zero or several, and what else is dialled within Hungary, Russia and Kazakhstan.
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

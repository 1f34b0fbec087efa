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

/// A country code of ITU-T E.164; no code is a prefix of another.
package struct CountryCode: Hashable, Sendable {
    /// The code as a number, such as 62.
    package let value: Int

    /// Reads the code at the start of these digits; nil if there are fewer digits than the code needs.
    package init?(digits: UInt64) {
        var leading = digits
        while leading >= 1_000 { leading /= 10 }
        guard leading > 0 else { return nil }
        var first = leading
        while first >= 10 { first /= 10 }
        if first == 1 || first == 7 {
            value = Int(first)
            return
        }
        guard leading >= 10 else { return nil }
        let two = Int(leading >= 100 ? leading / 10 : leading)
        if Self.hasTwoDigits(two) {
            value = two
            return
        }
        guard leading >= 100 else { return nil }
        value = Int(leading)
    }

    /// Whether the number after this code may start with a zero.
    ///
    /// Source: the metadata of libphonenumber 9.0.43. Fixed lines start with a zero in Italy, Vatican City, Benin,
    /// Gabon, Rwanda and San Marino; mobile numbers in Ivory Coast, Burkina Faso, Benin, Gabon, Congo and Tajikistan;
    /// company numbers in Norway, Niger and Ascension. Codes that belong to no country are included, to be careful.
    package var keepsZero: Bool {
        switch value {
        case 39, 47, 225, 226, 227, 229, 241, 242, 247, 250, 378, 379, 992: true
        case 210, 214, 215, 217, 219, 800...839, 851, 854, 857...859, 870...879, 881...885, 887...899: true
        case 969, 978, 979, 990, 991, 997, 999: true
        default: false
        }
    }

    private static func hasTwoDigits(_ value: Int) -> Bool {
        switch value {
        case 20, 27, 30...34, 36, 39...41, 43...49, 51...58, 60...66, 81, 82, 84, 86, 90...95, 98: true
        default: false
        }
    }
}

extension CountryCode: CustomStringConvertible {
    /// The code with a plus sign, such as +62.
    package var description: String { "+\(value)" }
}

extension PhoneNumber {
    /// The country code, and the number without the wrong trunk prefix after it; nil if the number has no such prefix.
    ///
    /// The prefix is usually a zero; it is 06 in Hungary, and 8 in Russia and Kazakhstan.
    package var withoutStrayTrunk: (code: CountryCode, number: String)? {
        guard let code = CountryCode(digits: digits), !code.keepsZero else { return nil }
        // Called for every number of a policy, so make strings only for suspicious ones.
        var leading = digits
        let bound: UInt64 = code.value < 10 ? 100 : code.value < 100 ? 1_000 : 10_000
        while leading >= bound { leading /= 10 }
        guard leading % 10 == 0 || (code.value == 7 && leading % 10 == 8 && digits >= 100_000_000_000) else {
            return nil
        }
        let rest = String(digits).dropFirst(String(code.value).count)
        if code.value == 36, rest.hasPrefix("06") { return (code, "\(code)\(rest.dropFirst(2))") }
        // Ten digits follow +7; an eleventh in front is the trunk prefix 8.
        if code.value == 7, rest.count == 11, rest.hasPrefix("8") { return (code, "\(code)\(rest.dropFirst())") }
        return rest.hasPrefix("0") ? (code, "\(code)\(rest.drop { $0 == "0" })") : nil
    }
}

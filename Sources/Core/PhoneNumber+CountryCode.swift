/// A country code of ITU-T E.164; no code is a prefix of another.
package struct CountryCode: Hashable, Sendable {
    /// The code as a number, such as 62.
    package let value: Int

    /// Reads the code at the start of these digits; nil if there are fewer digits than the code needs.
    init?(digits: UInt64) {
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

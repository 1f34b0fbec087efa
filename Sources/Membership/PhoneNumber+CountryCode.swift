/// The country code that a number begins with, as ITU-T E.164 gives them out: none is the beginning of another.
package struct CountryCode: Hashable, Sendable {
    /// The code as a number, such as 62.
    package let value: Int

    /// Takes the code from the first digits of a number, of which there are as many as the code has, or more.
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

    /// Whether a number may go on with a zero after this code.
    ///
    /// These are the codes below which the metadata of libphonenumber 9.0.43 has a number that begins with a zero and can
    /// belong to a person or an office: a fixed line (Italy with the Vatican, Benin, Gabon, Rwanda, San Marino), a mobile
    /// number (Ivory Coast, Burkina Faso, Benin, Gabon, Congo, Tajikistan), a company's number (Norway, Niger, Ascension);
    /// and all codes that belong to no country, of which there is doubt.
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
    /// The code with its plus sign.
    package var description: String { "+\(value)" }
}

extension PhoneNumber {
    /// The country code and the number without the national trunk prefix, where one stands that no number of the country has there: a
    /// zero as a rule, and in Hungary, Russia and Kazakhstan what is dialled there.
    package var withoutStrayTrunk: (code: CountryCode, number: String)? {
        guard let code = CountryCode(digits: digits), !code.keepsZero else { return nil }
        // Asked of every number of a policy: texts are made of few.
        var leading = digits
        let bound: UInt64 = code.value < 10 ? 100 : code.value < 100 ? 1_000 : 10_000
        while leading >= bound { leading /= 10 }
        guard leading % 10 == 0 || (code.value == 7 && leading % 10 == 8 && digits >= 100_000_000_000) else {
            return nil
        }
        let rest = String(digits).dropFirst(String(code.value).count)
        if code.value == 36, rest.hasPrefix("06") { return (code, "\(code)\(rest.dropFirst(2))") }
        // Ten digits follow +7; an eleventh in front is the 8 that is dialled within the country.
        if code.value == 7, rest.count == 11, rest.hasPrefix("8") { return (code, "\(code)\(rest.dropFirst())") }
        return rest.hasPrefix("0") ? (code, "\(code)\(rest.drop { $0 == "0" })") : nil
    }
}

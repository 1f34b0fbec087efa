package import Membership

extension PhoneNumber {
    /// The number as it may be shown to a wider circle, for example `+62 812-•••-7890`: at least three of its digits are hidden.
    package var masked: String {
        let digits = String(digits)
        let country = digits.prefix(Self.countryCodeLength(of: digits))
        let national = digits.dropFirst(country.count)
        let tail = national.suffix(min(4, max(0, national.count - 3)))
        let head = national.dropLast(tail.count).prefix(min(3, max(0, national.count - tail.count - 3)))
        return "+"
            + ([country + (head.isEmpty ? " •••" : " \(head)-•••")] + (tail.isEmpty ? [] : [tail])).joined(
                separator: "-")
    }

    /// How many digits the country code has: ITU-T E.164, where a code's first digits tell its length.
    private static func countryCodeLength(of digits: String) -> Int {
        switch digits.first {
        case "1", "7": return 1
        default: break
        }
        switch digits.prefix(2) {
        case "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
            "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
            "86", "90", "91", "92", "93", "94", "95", "98":
            return 2
        default: return 3
        }
    }
}

extension String {
    /// The text with every phone number in it masked: a plus sign with at least seven digits, however they are spaced, and
    /// any seven digits in a row.
    package var withNumbersMasked: String {
        let scalars = Array(unicodeScalars)
        var result = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            let end = Self.endOfNumber(in: scalars, from: index)
            if end > index {
                result.append(contentsOf: "•••".unicodeScalars)
                index = end
            } else {
                result.append(scalars[index])
                index += 1
            }
        }
        return String(result)
    }

    /// Where a number ends that begins at a place; the place itself where none does.
    private static func endOfNumber(in scalars: [Unicode.Scalar], from start: Int) -> Int {
        let isSpaced = scalars[start] == "+" || scalars[start] == "\u{FF0B}"
        var (place, end, digits) = (isSpaced ? start + 1 : start, start, 0)
        while place < scalars.count {
            if scalars[place].properties.numericType == .decimal {
                digits += 1
                end = place + 1
            } else if !isSpaced || !" -.()/\u{A0}\u{2011}\u{2013}".unicodeScalars.contains(scalars[place]) {
                break
            }
            place += 1
        }
        return digits >= PhoneNumber.fewestDigits ? end : start
    }
}

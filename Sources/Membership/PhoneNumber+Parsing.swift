/// Why a text is not a telephone number.
package enum PhoneNumberError: Error, Equatable, Sendable {
    /// Nothing but spaces and punctuation.
    case empty
    /// Neither `+` nor the `00` prefix stands in front, so the country is anyone's guess.
    case missingPrefix
    /// The country code starts with a zero, which none does.
    case leadingZero
    /// A `(0)` stands inside: the national trunk prefix, which is not part of the international number.
    case trunkZero
    /// A character that is neither a digit nor a usual separator.
    case unexpectedCharacter(Unicode.Scalar)
    /// So many digits, fewer than seven.
    case tooShort(Int)
    /// So many digits, more than fifteen.
    case tooLong(Int)
}

extension PhoneNumber {
    /// Reads a number as people write it: `+62 812-3456-7890`, `(+62) 812.3456.7890`, `0062 812…`.
    ///
    /// Spaces, dots, dashes and brackets are dropped, the typographic kinds too; what is left must begin with `+` or
    /// with the `00` prefix.
    package init(parsing text: String) throws(PhoneNumberError) {
        var digits: UInt64 = 0
        var count = 0
        var zerosInFront = 0
        var sawPlus = false
        var lastDigit: UInt64 = 0
        var countAtBracket: Int?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9":
                let value = UInt64(scalar.value - 48)
                lastDigit = value
                if count == 0, value == 0, !sawPlus {
                    zerosInFront += 1
                } else {
                    count += 1
                    if count <= Self.mostDigits { digits = digits * 10 + value }
                }
            case "+" where count == 0 && zerosInFront == 0 && !sawPlus:
                sawPlus = true
            case "(", "[":
                countAtBracket = count
            case ")", "]":
                if let before = countAtBracket, before > 0, count == before + 1, lastDigit == 0 { throw .trunkZero }
                countAtBracket = nil
            case _ where Self.isSeparator(scalar):
                break
            default:
                throw .unexpectedCharacter(scalar)
            }
        }
        if !sawPlus {
            if count == 0 && zerosInFront == 0 { throw .empty }
            if zerosInFront > 2 { throw .leadingZero }
            if zerosInFront != 2 { throw .missingPrefix }
        }
        if sawPlus, count > 0, digits == 0 || Self.firstDigitIsZero(of: text) { throw .leadingZero }
        if count < Self.fewestDigits { throw .tooShort(count) }
        if count > Self.mostDigits { throw .tooLong(count) }
        self.digits = digits
    }

    private static func firstDigitIsZero(of text: String) -> Bool {
        text.unicodeScalars.first { ("0"..."9").contains($0) } == "0"
    }

    /// Spaces, dots and dashes, as keyboards and word processors produce them.
    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", ".", "-": true
        case "\u{A0}", "\u{2000}"..."\u{200A}", "\u{202F}", "\u{205F}", "\u{3000}": true
        case "\u{2010}"..."\u{2015}", "\u{2212}": true
        default: false
        }
    }
}

/// Why a text is not a phone number.
package enum PhoneNumberError: Error, Equatable, Sendable {
    /// The text has only spaces and punctuation.
    case empty
    /// The text starts with neither `+` nor `00`, so the country is unknown.
    case missingPrefix
    /// The country code starts with a zero, but no country code does.
    case leadingZero
    /// The text has a `(0)`: the trunk prefix, which is not part of the international number.
    case trunkZero
    /// Brackets that start with a zero, such as `(0811)`, follow a country code that no zero can follow.
    case zeroInBrackets
    /// A `(0)` follows a country code that a zero can follow, so it may or may not belong to the number.
    case doubtfulZero
    /// A dot separates the last digits from a complete number, as in a number that was stored as a float.
    case decimals
    /// There are two dots or dashes between two digits.
    case twoMarks
    /// The text has two numbers, one after the other.
    case twoNumbers
    /// Digits in brackets follow a complete number: an extension, or a count of copies.
    case bracketsAtEnd
    /// A character that is neither a digit nor a usual separator.
    case unexpectedCharacter(Unicode.Scalar)
    /// The number of digits, fewer than seven.
    case tooShort(Int)
    /// The number of digits, more than fifteen.
    case tooLong(Int)
}

extension PhoneNumber {
    /// Reads a number as people write it: `+62 812-3456-7890`, `(+62) 812.3456.7890`, `0062 812…`.
    ///
    /// Drops spaces, dots, dashes and brackets, also typographic ones; the rest must start with `+` or `00`. Refuses
    /// marks that mean something else, such as decimals.
    package init(parsing text: String) throws(PhoneNumberError) {
        var scanned = ScannedNumber()
        for scalar in text.unicodeScalars { try scanned.take(scalar) }
        try scanned.checkShape()
        try scanned.checkPrefix()
        if scanned.count < Self.minDigits { throw .tooShort(scanned.count) }
        if scanned.count > Self.maxDigits { throw .tooLong(scanned.count) }
        digits = scanned.digits
    }
}

/// The state of reading a number, character by character.
private struct ScannedNumber {
    /// The first 15 digits after the prefix.
    var digits: UInt64 = 0
    /// The number of digits after the prefix.
    var count = 0
    private var zerosInFront = 0
    private var sawPlus = false
    private var beginsWithZero = false
    /// The open bracket, if any.
    private var bracket: Bracket?
    /// The number of digits before the last bracket, and when it closed.
    private var lastBracket: (before: Int, end: Int)?
    /// The separator since the last digit.
    private var gap = Gap.none
    /// The number of separators between digits, and how many of them have a dot.
    private var (gaps, dots) = (0, 0)
    /// The digits since the last separator (`count`), and the number of digits before it.
    private var group = (count: 0, before: 0, isZero: true, followsDot: false)

    /// The kind of separator; a dot wins over spaces and brackets around it.
    private enum Gap { case none, blank, mark, dot }

    private struct Bracket {
        let before: Int
        let digitsBefore: UInt64
        var first: UInt64?
    }

    /// Reads the next character.
    mutating func take(_ scalar: Unicode.Scalar) throws(PhoneNumberError) {
        switch scalar {
        case "0"..."9": take(digit: UInt64(scalar.value - 48))
        case "+" where count == 0 && zerosInFront == 0 && !sawPlus: sawPlus = true
        case "+" where count >= PhoneNumber.minDigits: throw .twoNumbers
        case "(", "[":
            if gap == .none || gap == .mark { gap = .blank }
            bracket = Bracket(before: count, digitsBefore: digits)
        case ")", "]":
            if gap == .none { gap = .blank }
            if let bracket { try close(bracket) }
            bracket = nil
        case _ where Self.isBlank(scalar): if gap == .none { gap = .blank }
        case _ where Self.isMark(scalar):
            if gap == .mark || gap == .dot { throw .twoMarks }
            gap = scalar == "." ? .dot : .mark
        default: throw .unexpectedCharacter(scalar)
        }
    }

    private mutating func take(digit: UInt64) {
        if gap != .none, count + zerosInFront > 0 {
            gaps += 1
            if gap == .dot { dots += 1 }
            group = (0, count, true, gap == .dot)
        }
        gap = .none
        group.count += 1
        if digit != 0 { group.isZero = false }
        if bracket?.first == nil { bracket?.first = digit }
        if count == 0, digit == 0 { beginsWithZero = true }
        if count == 0, digit == 0, !sawPlus {
            zerosInFront += 1
        } else {
            count += 1
            if count <= PhoneNumber.maxDigits { digits = digits * 10 + digit }
        }
    }

    private mutating func close(_ bracket: Bracket) throws(PhoneNumberError) {
        lastBracket = (bracket.before, count)
        guard bracket.before > 0, bracket.first == 0 else { return }
        // The digits before the bracket are the country code if they are a complete code.
        let code = CountryCode(digits: bracket.digitsBefore)
        let followsCode = bracket.before <= 3 && code?.value == Int(bracket.digitsBefore)
        if count == bracket.before + 1 { throw followsCode && code?.keepsZero == true ? .doubtfulZero : .trunkZero }
        if followsCode, code?.keepsZero == false { throw .zeroInBrackets }
    }

    /// Throws if a separator means something other than grouping.
    func checkShape() throws(PhoneNumberError) {
        let fewest = PhoneNumber.minDigits
        if gaps == 1, group.before >= fewest, group.count >= fewest { throw .twoNumbers }
        if group.followsDot {
            let isWholeBefore = dots == 1 && group.before >= fewest
            if group.count == 1 || isWholeBefore && (group.isZero || gaps == 1 || group.count == 2) { throw .decimals }
        }
        if let lastBracket, lastBracket.before >= fewest, lastBracket.before < count, lastBracket.end == count {
            throw .bracketsAtEnd
        }
    }

    /// Throws if the number does not start with `+` or `00` and a country code.
    func checkPrefix() throws(PhoneNumberError) {
        if !sawPlus {
            if count == 0 && zerosInFront == 0 { throw .empty }
            if zerosInFront > 2 { throw .leadingZero }
            if zerosInFront != 2 { throw .missingPrefix }
        } else if beginsWithZero {
            throw .leadingZero
        }
    }

    /// True for the spaces that keyboards and word processors write.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "\u{A0}", "\u{2000}"..."\u{200A}", "\u{202F}", "\u{205F}", "\u{3000}": true
        default: false
        }
    }

    /// True for dots and dashes.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", "-", "\u{2010}"..."\u{2015}", "\u{2212}": true
        default: false
        }
    }
}

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
    /// Brackets that begin with a zero, such as `(0811)`, stand behind a country code that no zero follows.
    case zeroInBrackets
    /// A `(0)` stands behind a country code that a zero may follow: it may belong to the number or not.
    case doubtfulZero
    /// A dot parts the last digits from a whole number, as it does where the number was stored as a float.
    case decimals
    /// Two dots or dashes stand between two digits.
    case twoMarks
    /// Two numbers, one behind the other.
    case twoNumbers
    /// Digits in brackets stand behind what is a number without them: an extension, or a count of copies.
    case bracketsAtEnd
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
    /// with the `00` prefix. What machines write with such marks, and means something else, is refused.
    package init(parsing text: String) throws(PhoneNumberError) {
        var scanned = ScannedNumber()
        for scalar in text.unicodeScalars { try scanned.take(scalar) }
        try scanned.checkShape()
        try scanned.checkPrefix()
        if scanned.count < Self.fewestDigits { throw .tooShort(scanned.count) }
        if scanned.count > Self.mostDigits { throw .tooLong(scanned.count) }
        digits = scanned.digits
    }
}

/// A number while it is read, from its first character to its last.
private struct ScannedNumber {
    /// The digits behind the prefix, as far as they are not too many.
    var digits: UInt64 = 0
    /// How many digits there are behind the prefix.
    var count = 0
    private var zerosInFront = 0
    private var sawPlus = false
    private var beginsWithZero = false
    /// The bracket that is open.
    private var bracket: Bracket?
    /// How many digits stood before the last bracket, and how many when it was closed.
    private var lastBracket: (before: Int, end: Int)?
    /// What stands between the last digit and the next.
    private var gap = Gap.none
    /// How often something stands between two digits, and how often that is a dot.
    private var (gaps, dots) = (0, 0)
    /// The digits behind the last gap, and those before it.
    private var group = (count: 0, before: 0, isZero: true, followsDot: false)

    /// A dot counts wherever it stands among other marks; two marks side by side are no way to group digits.
    private enum Gap { case none, blank, mark, dot }

    private struct Bracket {
        let before: Int
        let digitsBefore: UInt64
        var first: UInt64?
    }

    /// Takes the next character.
    mutating func take(_ scalar: Unicode.Scalar) throws(PhoneNumberError) {
        switch scalar {
        case "0"..."9": take(digit: UInt64(scalar.value - 48))
        case "+" where count == 0 && zerosInFront == 0 && !sawPlus: sawPlus = true
        case "+" where count >= PhoneNumber.fewestDigits: throw .twoNumbers
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
            if count <= PhoneNumber.mostDigits { digits = digits * 10 + digit }
        }
    }

    private mutating func close(_ bracket: Bracket) throws(PhoneNumberError) {
        lastBracket = (bracket.before, count)
        guard bracket.before > 0, bracket.first == 0 else { return }
        // The digits are the whole country code where the code that they begin with has as many.
        let code = CountryCode(digits: bracket.digitsBefore)
        let followsCode = bracket.before <= 3 && code?.value == Int(bracket.digitsBefore)
        if count == bracket.before + 1 {
            throw followsCode && code?.keepsZero == true ? .doubtfulZero : .trunkZero
        }
        if followsCode, code?.keepsZero == false { throw .zeroInBrackets }
    }

    /// Refuses what only looks as if it were grouped.
    func checkShape() throws(PhoneNumberError) {
        let fewest = PhoneNumber.fewestDigits
        if gaps == 1, group.before >= fewest, group.count >= fewest { throw .twoNumbers }
        if group.followsDot {
            let isWholeBefore = dots == 1 && group.before >= fewest
            if group.count == 1 || isWholeBefore && (group.isZero || gaps == 1 || group.count == 2) { throw .decimals }
        }
        if let lastBracket, lastBracket.before >= fewest, lastBracket.before < count, lastBracket.end == count {
            throw .bracketsAtEnd
        }
    }

    /// Refuses what does not begin as a number from abroad does.
    func checkPrefix() throws(PhoneNumberError) {
        if !sawPlus {
            if count == 0 && zerosInFront == 0 { throw .empty }
            if zerosInFront > 2 { throw .leadingZero }
            if zerosInFront != 2 { throw .missingPrefix }
        } else if beginsWithZero {
            throw .leadingZero
        }
    }

    /// Spaces, as keyboards and word processors produce them.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "\u{A0}", "\u{2000}"..."\u{200A}", "\u{202F}", "\u{205F}", "\u{3000}": true
        default: false
        }
    }

    /// Dots and dashes.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", "-", "\u{2010}"..."\u{2015}", "\u{2212}": true
        default: false
        }
    }
}

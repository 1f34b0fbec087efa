import LocatedYAML
import Membership

extension PersonSpelling {
    private static let example = "+62 812-3456-7890"

    /// What is wrong with a number, and how to mend it.
    static func sentence(_ error: PhoneNumberError, about text: String) -> String {
        let shown = quoted(text)
        switch error {
        case .empty: return "\(shown) has no digits; write a number such as \(example)"
        case .missingPrefix:
            return "\(shown) has no country code; write the number with + and the country code, such as \(example)"
        case .leadingZero: return "\(shown) has a zero where the country code begins; write it as in \(example)"
        case .trunkZero: return "\(shown) holds a (0), which is not dialled from abroad; leave it out"
        case .zeroInBrackets:
            return "\(shown) has brackets that begin with a zero, which is not dialled from abroad; leave the zero"
                + " out"
        case .doubtfulZero:
            return
                "\(shown) holds a (0); write the zero without brackets if it is dialled from abroad, and leave it out"
                + " if it is not"
        case .decimals: return sentenceOnDecimals(shown)
        case .twoMarks:
            return "\(shown) has two dots or dashes side by side; write one, or leave them out"
        case .twoNumbers:
            return "\(shown) holds two numbers; write each by itself, or without a space in it if it is one"
        case .bracketsAtEnd: return "\(shown) ends in brackets behind the number; leave them out"
        case .unexpectedCharacter(let scalar): return sentence(onUnexpected: scalar, in: text)
        case .tooShort(let count):
            return
                "\(shown) has \(counted(count, "digit")), but a phone number has at least \(PhoneNumber.fewestDigits)"
        case .tooLong(let count):
            return "\(shown) has \(count) digits, but a phone number has at most \(PhoneNumber.mostDigits)"
        }
    }

    /// What is wrong with a text that something stands around, as programs put it around numbers; nil for other texts.
    static func sentenceOnWrapping(of text: String) -> String? {
        let shown = quoted(text)
        let body = text.drop { $0 == " " }
        guard body.unicodeScalars.contains(where: { $0.properties.generalCategory == .decimalNumber }) else {
            return nil
        }
        switch body.unicodeScalars.first {
        case "'", "’", "‘", "´", "`":
            return "\(shown) begins with an apostrophe, by which spreadsheets mark texts; leave it out"
        case "=", "@":
            return "\(shown) is a formula of a spreadsheet; write the number alone, such as \(example)"
        default: break
        }
        let scheme = body.prefix { $0.isASCII && $0.isLetter }.lowercased()
        let isAddress = ["tel", "sms", "callto", "whatsapp", "http", "https", "wa"].contains(scheme)
        if isAddress, [":", "."].contains(body.dropFirst(scheme.count).first) {
            return "\(shown) is an address; write the number alone, such as \(example)"
        }
        return nil
    }

    /// What is wrong with a text that holds signs of another kind than 0 to 9, + and the common space; nil for other texts.
    static func sentenceOnForeignSigns(in text: String) -> String? {
        for scalar in text.unicodeScalars where !scalar.isASCII {
            switch scalar.properties.generalCategory {
            case .decimalNumber:
                return
                    "\(quoted(text)) holds the digit \(quoted(String(scalar))) (\(codePoint(scalar))); write digits as"
                    + " 0 to 9"
            case .spaceSeparator:
                return "\(quoted(text)) holds \(codePoint(scalar)), which looks like a space and is another character;"
                    + " type it anew"
            case .mathSymbol where scalar == "＋" || scalar == "﹢" || scalar == "⁺":
                return "\(quoted(text)) holds \(quoted(String(scalar))) (\(codePoint(scalar))) for a plus sign; write +"
            default: break
            }
        }
        return nil
    }

    private static func sentence(onUnexpected scalar: Unicode.Scalar, in text: String) -> String {
        let shown = quoted(text)
        if looksRounded(text) {
            return "\(shown) looks like a number that a spreadsheet has rounded; format its column as text and enter"
                + " the number again"
        }
        if let sentence = sentenceOnForeignSigns(in: text), !scalar.isASCII { return sentence }
        let (before, after) = parts(of: text, around: scalar)
        if before >= PhoneNumber.fewestDigits {
            let rest = text.unicodeScalars.drop { $0 != scalar }
            if scalar == ",", rest.count <= 3 || rest.allSatisfy({ $0 == "," || $0 == "0" }), after > 0 {
                return sentenceOnDecimals(shown)
            }
            if after >= PhoneNumber.fewestDigits { return sentence(.twoNumbers, about: text) }
            if (1...6).contains(after), isExtension(rest) {
                return "\(shown) has an extension, which WhatsApp does not know; leave it out"
            }
        }
        if after > 0, ",'’_:;/".unicodeScalars.contains(scalar) {
            return "\(shown) holds the character \(quoted(String(scalar))), which no phone number has; write spaces,"
                + " dashes or nothing between the digits"
        }
        return "\(shown) holds the character \(quoted(String(scalar))), which no phone number has"
    }

    private static func sentenceOnDecimals(_ shown: String) -> String {
        "\(shown) has decimals, as a number that a program has kept as an amount; write its digits alone, as in \(example)"
    }

    /// How many digits stand before the first such character and behind it.
    private static func parts(of text: String, around scalar: Unicode.Scalar) -> (before: Int, after: Int) {
        let isDigit: (Unicode.Scalar) -> Bool = { ("0"..."9").contains($0) }
        let before = text.unicodeScalars.prefix { $0 != scalar }
        return (before.count(where: isDigit), text.unicodeScalars.dropFirst(before.count).count(where: isDigit))
    }

    /// Whether a rest is a word or sign for an extension with digits behind it.
    private static func isExtension(_ rest: Substring.UnicodeScalarView) -> Bool {
        let letters = String(rest.filter { !("0"..."9").contains($0) && !" .=:;".unicodeScalars.contains($0) })
            .lowercased()
        return ["x", "ext", "extn", "extension", "ekst", "durchwahl", "poste", "#", "p", "w"].contains(letters)
    }

    /// Whether a text is a number as a spreadsheet writes one that it has rounded: `6.28123E+12`, `6,28123E+12`.
    private static func looksRounded(_ text: String) -> Bool {
        let halves = text.split(omittingEmptySubsequences: false) { $0 == "E" || $0 == "e" }
        if halves.count == 2 {
            let exponent = halves[1].drop { $0 == "+" || $0 == "-" || $0 == "−" }
            return halves[0].last(where: { $0 != " " })?.isWholeNumber == true && !exponent.isEmpty
                && exponent.allSatisfy(\.isWholeNumber)
        }
        return ["10^", "10**", "10¹", "10⁹"].contains { text.contains($0) }
    }
}

/// A code point as Unicode writes it: `U+0430`.
func codePoint(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

/// Characters that show nothing, by which two texts that look alike may differ.
enum InvisibleCharacter {
    /// The first in a text, as Unicode writes it; nil where there is none.
    static func first(in text: String) -> String? { text.unicodeScalars.first(where: isInvisible).map(codePoint) }

    /// A text without such characters.
    static func removed(from text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { !isInvisible($0) }))
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.isASCII
            && (scalar.properties.generalCategory == .format || scalar.properties.isDefaultIgnorableCodePoint)
    }
}

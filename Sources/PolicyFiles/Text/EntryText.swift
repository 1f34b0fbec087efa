import Core
import LocatedYAML

/// What an entry names: an account, or a person or team by name.
enum EntryText: Equatable {
    /// A number or a JID.
    case account(AccountID)
    /// A well-formed name, not looked up yet.
    case name(String)
    /// An empty value.
    case nothing
    /// None of these; the sentence says why.
    case wrong(String)

    /// Reads a node; a list or a mapping is wrong.
    init(_ node: YAMLNode) {
        if node.isNull {
            self = .nothing
        } else if node.kind != .scalar {
            self = .wrong("expected a phone number, a JID or a name here, not \(described(node))")
        } else if let phone = node.withBytes(Self.plainNumber) {
            self = .account(.phone(phone))
        } else {
            self.init(text: node.text)
        }
    }

    /// Reads a text: a JID if it contains `@`, a number if it starts with a plus sign, bracket or digit, else a name.
    init(text: String) {
        guard let first = text.unicodeScalars.first(where: { $0 != " " }) else {
            self = .nothing
            return
        }
        if let hidden = InvisibleCharacter.first(in: text) {
            // Address books wrap copied numbers in marks of the reading direction.
            self = .wrong(
                "\(quoted(text)) contains the invisible character \(hidden); delete the text and type it again")
        } else if text.utf8.contains(UInt8(ascii: "@")) {
            self = Self.account(ofJID: text)
        } else if first == "+" || first == "(" || first == "[" || first == "＋" || ("0"..."9").contains(first) {
            do throws(PhoneNumberError) {
                self = .account(.phone(try PhoneNumber(parsing: text)))
            } catch {
                self = .wrong(Self.sentence(error, about: text))
            }
        } else if PersonName.isWellFormed(text) {
            self = .name(text)
        } else if let sentence = Self.sentenceOnWrapping(of: text) ?? Self.sentenceOnForeignSigns(in: text) {
            self = .wrong(sentence)
        } else {
            self = .wrong(
                "\(quoted(text)) is neither a phone number such as +62 812-3456-7890 nor a name; \(PersonName.rule)")
        }
    }

    /// Reads the common form fast: a plus sign, then digits with spaces or dashes between them.
    ///
    /// Returns nil for dots, which may mean decimals, and for many digits, which may be two numbers.
    static func plainNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> PhoneNumber? {
        guard bytes.first == UInt8(ascii: "+"), (8...32).contains(bytes.count), bytes[1].isDigit,
            bytes[1] != UInt8(ascii: "0")
        else { return nil }
        var digits: UInt64 = 0
        var hasMark = false
        for byte in bytes.dropFirst() {
            if byte.isDigit {
                hasMark = false
                digits = digits * 10 + UInt64(byte - UInt8(ascii: "0"))
                // Already one digit too many.
                if digits > PhoneNumber.largest { return nil }
            } else if byte == UInt8(ascii: "-"), !hasMark {
                hasMark = true
            } else if byte != UInt8(ascii: " ") {
                return nil
            }
        }
        if digits >= minForTwo, bytes.count > 15 { return nil }
        return PhoneNumber(digits: digits)
    }

    /// The least value with 14 digits, which may be two numbers of 7 digits.
    private static let minForTwo: UInt64 = 10_000_000_000_000

    private static func account(ofJID text: String) -> EntryText {
        do throws(AccountIDError) {
            return .account(try AccountID(parsing: text))
        } catch {
            switch error {
            case .notAUser(let server) where server == "g.us":
                return .wrong("\(quoted(text)) is a group, which cannot be a member; name people or a team")
            case .notAUser:
                return .wrong("\(quoted(text)) is not a person; a person's JID ends in @s.whatsapp.net, @c.us or @lid")
            case .malformed, .badUser:
                let rule =
                    text.hasSuffix("@lid")
                    ? "only digits before the @, as in 205227043110953@lid"
                    : "the \(PhoneNumber.minDigits) to \(PhoneNumber.maxDigits) digits of a number with its country"
                        + " code before the @, as in 6281234567890@s.whatsapp.net"
                return .wrong("\(quoted(text)) is not a valid JID; a JID has \(rule)")
            }
        }
    }
}

/// The rule for names of people and teams.
enum PersonName {
    /// The rule in words.
    static let rule = "a name has up to 64 letters, digits, dots, dashes and underscores, and starts with a letter"

    /// Whether a text is a well-formed name; its letters may be of any script.
    static func isWellFormed(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, isLetter(first), text.unicodeScalars.count <= 64 else {
            return false
        }
        return text.unicodeScalars.allSatisfy { scalar in
            // Invisible letters and marks would make two names look the same.
            if !scalar.isASCII, scalar.properties.isDefaultIgnorableCodePoint { return false }
            return switch scalar {
            case "_", "-", ".", "0"..."9": true
            default: isLetter(scalar) || isMark(scalar) || scalar.properties.generalCategory == .decimalNumber
            }
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: true
        default: false
        }
    }
}

extension EntryText {
    private static let example = "+62 812-3456-7890"

    /// Returns what is wrong with a number, and how to fix it.
    static func sentence(_ error: PhoneNumberError, about text: String) -> String {
        let shown = quoted(text)
        switch error {
        case .empty: return "\(shown) has no digits; write a number such as \(example)"
        case .missingPrefix:
            return "\(shown) has no country code; write the number with + and the country code, such as \(example)"
        case .leadingZero: return "\(shown) has a zero instead of a country code; write it as in \(example)"
        case .trunkZero: return "\(shown) contains (0), which is not dialled from abroad; leave it out"
        case .zeroInBrackets:
            return "\(shown) has brackets that start with a zero, which is not dialled from abroad; leave the zero"
                + " out"
        case .doubtfulZero:
            return
                "\(shown) contains (0); write the zero without brackets if it is dialled from abroad, else leave it out"
        case .decimals: return sentenceOnDecimals(shown)
        case .twoMarks: return "\(shown) has two dots or dashes in a row; write one, or leave them out"
        case .twoNumbers:
            return "\(shown) contains two numbers; write each as its own entry, or remove the space if it is one number"
        case .bracketsAtEnd: return "\(shown) ends in brackets after the number; leave them out"
        case .unexpectedCharacter(let scalar): return sentence(onUnexpected: scalar, in: text)
        case .tooShort(let count):
            return
                "\(shown) has \(counted(count, "digit")), but a phone number has at least \(PhoneNumber.minDigits)"
        case .tooLong(let count):
            return "\(shown) has \(count) digits, but a phone number has at most \(PhoneNumber.maxDigits)"
        }
    }

    /// Returns what is wrong with a number that a program wrapped in something, such as a formula; nil for other texts.
    static func sentenceOnWrapping(of text: String) -> String? {
        let shown = quoted(text)
        let body = text.drop { $0 == " " }
        guard body.unicodeScalars.contains(where: { $0.properties.generalCategory == .decimalNumber }) else {
            return nil
        }
        switch body.unicodeScalars.first {
        case "'", "’", "‘", "´", "`":
            return "\(shown) starts with an apostrophe, which spreadsheets use to mark text; leave it out"
        case "=", "@": return "\(shown) is a formula of a spreadsheet; write only the number, such as \(example)"
        default: break
        }
        let scheme = body.prefix { $0.isASCII && $0.isLetter }.lowercased()
        let isAddress = ["tel", "sms", "callto", "whatsapp", "http", "https", "wa"].contains(scheme)
        if isAddress, [":", "."].contains(body.dropFirst(scheme.count).first) {
            return "\(shown) is an address; write only the number, such as \(example)"
        }
        return nil
    }

    /// Returns what is wrong with digits, spaces or plus signs that are not ASCII; nil if there are none.
    static func sentenceOnForeignSigns(in text: String) -> String? {
        for scalar in text.unicodeScalars where !scalar.isASCII {
            switch scalar.properties.generalCategory {
            case .decimalNumber:
                return
                    "\(quoted(text)) contains the digit \(quoted(String(scalar))) (\(codePoint(scalar))); write digits"
                    + " as 0 to 9"
            case .spaceSeparator:
                return "\(quoted(text)) contains \(codePoint(scalar)), which looks like a space but is not one; type a"
                    + " space"
            case .mathSymbol where scalar == "＋" || scalar == "﹢" || scalar == "⁺":
                return
                    "\(quoted(text)) contains \(quoted(String(scalar))) (\(codePoint(scalar))) instead of a plus sign;"
                    + " write +"
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
        if before >= PhoneNumber.minDigits {
            let rest = text.unicodeScalars.drop { $0 != scalar }
            if scalar == ",", rest.count <= 3 || rest.allSatisfy({ $0 == "," || $0 == "0" }), after > 0 {
                return sentenceOnDecimals(shown)
            }
            if after >= PhoneNumber.minDigits { return sentence(.twoNumbers, about: text) }
            if (1...6).contains(after), isExtension(rest) {
                return "\(shown) has an extension, which WhatsApp does not use; leave it out"
            }
        }
        if after > 0, ",'’_:;/".unicodeScalars.contains(scalar) {
            return "\(shown) contains the character \(quoted(String(scalar))), which no phone number has; write spaces,"
                + " dashes or nothing between the digits"
        }
        return "\(shown) contains the character \(quoted(String(scalar))), which no phone number has"
    }

    private static func sentenceOnDecimals(_ shown: String) -> String {
        "\(shown) has decimals, because a program stored it as an amount; write only its digits, as in \(example)"
    }

    /// Returns the number of digits before and after the first such character.
    private static func parts(of text: String, around scalar: Unicode.Scalar) -> (before: Int, after: Int) {
        let isDigit: (Unicode.Scalar) -> Bool = { ("0"..."9").contains($0) }
        let before = text.unicodeScalars.prefix { $0 != scalar }
        return (before.count(where: isDigit), text.unicodeScalars.dropFirst(before.count).count(where: isDigit))
    }

    /// Whether the rest of a text is a word or sign for an extension, with digits.
    private static func isExtension(_ rest: Substring.UnicodeScalarView) -> Bool {
        let letters = String(rest.filter { !("0"..."9").contains($0) && !" .=:;".unicodeScalars.contains($0) })
            .lowercased()
        return ["x", "ext", "extn", "extension", "ekst", "durchwahl", "poste", "#", "p", "w"].contains(letters)
    }

    /// Whether a text looks like a number that a spreadsheet rounded: `6.28123E+12`, `6,28123E+12`.
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

/// Returns the code point in Unicode's form: `U+0430`.
func codePoint(_ scalar: Unicode.Scalar) -> String { "U+\(hexadecimal(scalar.value, width: 4))" }

/// Finds invisible characters, which can make two different texts look the same.
enum InvisibleCharacter {
    /// Returns the first one in a text as `U+200B`; nil if there is none.
    static func first(in text: String) -> String? { text.unicodeScalars.first(where: isInvisible).map(codePoint) }

    /// Returns the text without them.
    static func removed(from text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { !isInvisible($0) }))
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.isASCII
            && (scalar.properties.generalCategory == .format || scalar.properties.isDefaultIgnorableCodePoint)
    }
}

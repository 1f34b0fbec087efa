import LocatedYAML
import Membership

/// What one text of a policy names: an account, or a person or team by name.
enum PersonSpelling: Equatable {
    /// A number or a JID.
    case account(AccountID)
    /// A well-formed name; whether anyone has it is another question.
    case name(String)
    /// An empty value.
    case nothing
    /// Neither; a sentence that says why.
    case wrong(String)

    /// Reads a node; a list or a mapping is wrong.
    init(_ node: YAMLNode) {
        if node.isNull {
            self = .nothing
        } else if node.kind != .scalar {
            self = .wrong("a phone number, a JID or a name is expected here, not \(described(node))")
        } else if let phone = node.withBytes(Self.plainNumber) {
            self = .account(.phone(phone))
        } else {
            self.init(text: node.text)
        }
    }

    /// Reads a text: with an `@` it is a JID, with a plus sign, a bracket or a digit in front a number, else a name.
    init(text: String) {
        guard let first = text.unicodeScalars.first(where: { $0 != " " }) else {
            self = .nothing
            return
        }
        if let hidden = text.unicodeScalars.first(where: { $0.properties.generalCategory == .format }) {
            // Address books wrap copied numbers in marks that say which way to read them.
            let code = String(hidden.value, radix: 16, uppercase: true)
            self = .wrong("\(quoted(text)) holds the invisible character U+\(code); delete the text and type it anew")
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
        } else {
            self = .wrong(
                "\(quoted(text)) is neither a phone number such as +62 812-3456-7890 nor a name; \(PersonName.rule)")
        }
    }

    /// The common case without a detour: a plus sign, and digits with spaces, dashes or dots between them.
    static func plainNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> PhoneNumber? {
        guard bytes.first == UInt8(ascii: "+"), (8...32).contains(bytes.count), isDigit(bytes[1]),
            bytes[1] != UInt8(ascii: "0")
        else { return nil }
        var digits: UInt64 = 0
        for byte in bytes.dropFirst() {
            if isDigit(byte) {
                digits = digits * 10 + UInt64(byte - UInt8(ascii: "0"))
                // One digit too many already: the rest cannot mend it.
                if digits > PhoneNumber.largest { return nil }
            } else if byte != UInt8(ascii: " "), byte != UInt8(ascii: "-"), byte != UInt8(ascii: ".") {
                return nil
            }
        }
        return PhoneNumber(digits: digits)
    }

    private static func account(ofJID text: String) -> PersonSpelling {
        do throws(AccountIDError) {
            return .account(try AccountID(parsing: text))
        } catch {
            switch error {
            case .notAUser(let server) where server == "g.us":
                return .wrong("\(quoted(text)) is a group, and a group cannot be a member; name people or a team")
            case .notAUser:
                return .wrong(
                    "\(quoted(text)) is no person: a JID of a person ends in @s.whatsapp.net, @c.us or @lid")
            case .malformed, .badUser:
                let rule =
                    text.hasSuffix("@lid")
                    ? "digits alone before the @, as in 205227043110953@lid"
                    : "the \(PhoneNumber.fewestDigits) to \(PhoneNumber.mostDigits) digits of a number with its country code"
                        + " before the @, as in 6281234567890@s.whatsapp.net"
                return .wrong("\(quoted(text)) is no JID: a JID has \(rule)")
            }
        }
    }

    /// What is wrong with a number, and how to mend it.
    static func sentence(_ error: PhoneNumberError, about text: String) -> String {
        let shown = quoted(text)
        switch error {
        case .empty: return "\(shown) has no digits; write a number such as +62 812-3456-7890"
        case .missingPrefix:
            return "\(shown) has no country code; write the number with + and the country code, such as"
                + " +62 812-3456-7890"
        case .leadingZero: return "\(shown) has a zero where the country code begins; write it as in +62 812-3456-7890"
        case .trunkZero: return "\(shown) holds a (0), which is not dialled from abroad; leave it out"
        case .unexpectedCharacter("E") where looksRounded(text), .unexpectedCharacter("e") where looksRounded(text):
            return "\(shown) looks like a number that a spreadsheet has rounded; format its column as text and enter"
                + " the number again"
        case .unexpectedCharacter(let scalar):
            return "\(shown) holds the character \(quoted(String(scalar))), which no phone number has"
        case .tooShort(let count):
            return
                "\(shown) has \(counted(count, "digit")), but a phone number has at least \(PhoneNumber.fewestDigits)"
        case .tooLong(let count):
            return "\(shown) has \(count) digits, but a phone number has at most \(PhoneNumber.mostDigits)"
        }
    }
}

extension PersonSpelling {
    /// Whether a text is a number as a spreadsheet writes one that it has rounded: `6.28123E+12`.
    private static func looksRounded(_ text: String) -> Bool {
        let halves = text.split(omittingEmptySubsequences: false) { $0 == "E" || $0 == "e" }
        return halves.count == 2 && halves[0].last?.isWholeNumber == true
            && halves[1].drop { $0 == "+" || $0 == "-" }.allSatisfy(\.isWholeNumber) && halves[1].last != nil
    }
}

/// The rule for names of people and teams.
enum PersonName {
    /// The rule in words.
    static let rule = "a name has up to 64 letters, digits, dots, dashes and underscores, and begins with a letter"

    /// Whether a text may be a name: it begins with a letter of any script.
    static func isWellFormed(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, isLetter(first), text.unicodeScalars.count <= 64 else {
            return false
        }
        return text.unicodeScalars.allSatisfy { scalar in
            switch scalar {
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

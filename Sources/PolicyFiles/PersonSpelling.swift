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
        if let hidden = InvisibleCharacter.first(in: text) {
            // Address books wrap copied numbers in marks that say which way to read them.
            self = .wrong("\(quoted(text)) holds the invisible character \(hidden); delete the text and type it anew")
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

    /// The common case without a detour: a plus sign, and digits with spaces or dashes between them.
    ///
    /// Dots may be those of decimals, and many digits may be two numbers; both are for the careful reading.
    static func plainNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> PhoneNumber? {
        guard bytes.first == UInt8(ascii: "+"), (8...32).contains(bytes.count), isDigit(bytes[1]),
            bytes[1] != UInt8(ascii: "0")
        else { return nil }
        var digits: UInt64 = 0
        var hasMark = false
        for byte in bytes.dropFirst() {
            if isDigit(byte) {
                hasMark = false
                digits = digits * 10 + UInt64(byte - UInt8(ascii: "0"))
                // One digit too many already: the rest cannot mend it.
                if digits > PhoneNumber.largest { return nil }
            } else if byte == UInt8(ascii: "-"), !hasMark {
                hasMark = true
            } else if byte != UInt8(ascii: " ") {
                return nil
            }
        }
        if digits >= fewestForTwo, bytes.count > 15 { return nil }
        return PhoneNumber(digits: digits)
    }

    /// From so many digits on, 14, a text may be two numbers of the fewest digits.
    private static let fewestForTwo: UInt64 = 10_000_000_000_000

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
            // Such letters and marks show nothing, so that two names would look like one.
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

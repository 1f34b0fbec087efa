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
        guard bytes.first == UInt8(ascii: "+"), (8...32).contains(bytes.count), isDigit(bytes[1]),
            bytes[1] != UInt8(ascii: "0")
        else { return nil }
        var digits: UInt64 = 0
        var hasMark = false
        for byte in bytes.dropFirst() {
            if isDigit(byte) {
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
                return .wrong(
                    "\(quoted(text)) is not a person; a person's JID ends in @s.whatsapp.net, @c.us or @lid")
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

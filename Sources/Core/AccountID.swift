/// A WhatsApp account, identified by its phone number or by its LID.
package enum AccountID: Hashable, Sendable {
    /// Identified by its phone number.
    case phone(PhoneNumber)
    /// Identified by its LID.
    case lid(LID)
}

/// Why a text is not a user JID.
package enum AccountIDError: Error, Equatable, Sendable {
    /// There is no `@`, or nothing before or after it.
    case malformed
    /// The server is not one for users, such as `g.us` (a group), `broadcast`, `newsletter` or `bot`.
    case notAUser(server: String)
    /// The part before the `@` is not a valid number or LID.
    case badUser
}

extension AccountID {
    /// Reads a user JID: `6281234567890@s.whatsapp.net`, the old spelling `@c.us`, or `…@lid`.
    ///
    /// Drops an agent or device part (`user.agent:device@server`).
    package init(parsing jid: String) throws(AccountIDError) {
        guard let at = jid.utf8.lastIndex(of: UInt8(ascii: "@")) else { throw .malformed }
        let server = jid[jid.utf8.index(after: at)...]
        let user = jid[..<at]
        guard !server.isEmpty, !user.isEmpty else { throw .malformed }
        let isPhone: Bool
        switch server {
        case "s.whatsapp.net", "c.us": isPhone = true
        case "lid": isPhone = false
        default: throw .notAUser(server: String(server))
        }
        let digits = user.utf8.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: ":") }
        guard Self.isDevicePart(user.utf8.dropFirst(digits.count)), let value = Self.number(digits) else {
            throw .badUser
        }
        if isPhone {
            guard let phone = PhoneNumber(digits: value) else { throw .badUser }
            self = .phone(phone)
        } else {
            guard let lid = LID(digits: value) else { throw .badUser }
            self = .lid(lid)
        }
    }

    /// True if the text is empty, `:device`, `.agent` or `.agent:device`, each of 1 to 5 digits.
    private static func isDevicePart(_ text: Substring.UTF8View) -> Bool {
        var rest = text
        for mark in [UInt8(ascii: "."), UInt8(ascii: ":")] where rest.first == mark {
            rest = rest.dropFirst()
            let digits = rest.prefix(while: \.isDigit)
            guard (1...5).contains(digits.count) else { return false }
            rest = rest.dropFirst(digits.count)
        }
        return rest.isEmpty
    }

    /// Returns the number; nil unless the text is 1 to 19 digits without a leading zero.
    private static func number(_ digits: Substring.UTF8View) -> UInt64? {
        guard let first = digits.first, first != UInt8(ascii: "0"), digits.count <= 19 else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            guard digit.isDigit else { return nil }
            value = value * 10 + UInt64(digit - UInt8(ascii: "0"))
        }
        return value
    }
}

extension AccountID {
    /// The phone number; nil if the account is identified by its LID.
    package var phone: PhoneNumber? { if case .phone(let phone) = self { phone } else { nil } }

    /// The LID; nil if the account is identified by its phone number.
    package var lid: LID? { if case .lid(let lid) = self { lid } else { nil } }
}

extension AccountID: CustomStringConvertible {
    /// The JID: `…@s.whatsapp.net` or `…@lid`.
    package var description: String {
        switch self {
        case .phone(let phone): phone.jid
        case .lid(let lid): lid.description
        }
    }
}

extension AccountID: Comparable {
    /// Phone numbers before LIDs, each in their own order.
    package static func < (left: AccountID, right: AccountID) -> Bool {
        switch (left, right) {
        case (.phone(let left), .phone(let right)): left < right
        case (.lid(let left), .lid(let right)): left < right
        case (.phone, .lid): true
        case (.lid, .phone): false
        }
    }
}

extension PhoneNumber {
    /// The user JID that the gateway's write calls take, for example `6281234567890@s.whatsapp.net`.
    package var jid: String { "\(digits)@s.whatsapp.net" }
}

/// WhatsApp's own id of an account, for example `205227043110953@lid`; it is unrelated to the phone number.
///
/// A LID and a phone number with the same digits are different accounts, so they have different types.
package struct LID: Hashable, Sendable, Comparable {
    /// The digits before `@lid`.
    package let digits: UInt64

    /// Returns nil for zero.
    package init?(digits: UInt64) {
        guard digits > 0 else { return nil }
        self.digits = digits
    }

    /// Numeric order.
    package static func < (left: LID, right: LID) -> Bool { left.digits < right.digits }
}

extension LID: CustomStringConvertible {
    /// The LID with its server, for example `205227043110953@lid`.
    package var description: String { "\(digits)@lid" }
}

/// Made-up people and groups, by number; person 0 is the own account.
enum People {
    /// A phone number in E.164.
    static func phone(_ person: Int) -> String { "+6281\(padded(person, to: 9))" }

    /// A phone number as a JID.
    static func jid(_ person: Int) -> String { "6281\(padded(person, to: 9))@s.whatsapp.net" }

    /// A LID.
    static func lid(_ person: Int) -> String { "1\(padded(person, to: 14))@lid" }

    /// A group's JID.
    static func group(_ number: Int) -> String { "120363\(padded(number, to: 12))@g.us" }

    /// Pads a number with leading zeros.
    static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

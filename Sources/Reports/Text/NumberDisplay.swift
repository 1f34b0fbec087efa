package import Core

/// How phone numbers are shown.
package enum NumberDisplay: Hashable, Sendable {
    /// The country, the first and the last digits: enough to recognise a known number, too little to call it.
    case masked
    /// In full.
    case full

    /// Returns the number, for example `+62 812-•••-7890` if masked.
    package func text(_ phone: PhoneNumber) -> String {
        switch self {
        case .full: return phone.e164
        case .masked:
            let digits = Array(String(phone.digits))
            let country = Self.countryLength(digits)
            let national = digits[country...]
            // At least three digits are hidden, first digits before last ones.
            let lead = max(0, min(3, national.count - 7))
            let tail = max(0, min(4, national.count - 3 - lead))
            let parts = [String(national.prefix(lead)), "•••", String(national.suffix(tail))].filter { !$0.isEmpty }
            return "+\(String(digits[..<country])) \(parts.joined(separator: "-"))"
        }
    }

    /// Returns the number, or the LID if no number is known; a LID is never masked.
    func text(_ phone: PhoneNumber?, orElse lid: LID?) -> String { phone.map(text) ?? lid?.description ?? "" }

    /// Returns a text with every phone number in it shown this way.
    package func text(in text: String) -> String { self == .masked ? text.withMaskedNumbers : text }

    /// Returns an id, masked if it may be a phone number.
    func text(ofID id: String) -> String {
        id.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? text(in: id) : id
    }

    /// Returns the length of the country code: one or two digits for some countries in E.164, three for all others.
    private static func countryLength(_ digits: [Character]) -> Int {
        if digits[0] == "1" || digits[0] == "7" { return 1 }
        return twoDigits.contains(String(digits[..<2])) ? 2 : 3
    }

    private static let twoDigits: Set<String> = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51",
        "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86",
        "90", "91", "92", "93", "94", "95", "98",
    ]
}

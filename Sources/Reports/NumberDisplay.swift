package import Membership

/// How the numbers of people are shown.
package enum NumberDisplay: Hashable, Sendable {
    /// The country, the beginning and the end: enough to recognise a number that one knows, too little to call it.
    case masked
    /// In full.
    case full

    /// A number as it is shown, for example `+62 812-•••-7890`.
    package func text(_ phone: PhoneNumber) -> String {
        switch self {
        case .full: return phone.e164
        case .masked:
            let digits = Array(String(phone.digits))
            let country = Self.countryLength(digits)
            let national = digits[country...]
            // At least three digits are hidden; the beginning gives way before the end does.
            let lead = max(0, min(3, national.count - 7))
            let tail = max(0, min(4, national.count - 3 - lead))
            let parts = [String(national.prefix(lead)), "•••", String(national.suffix(tail))].filter { !$0.isEmpty }
            return "+\(String(digits[..<country])) \(parts.joined(separator: "-"))"
        }
    }

    /// The number of somebody who may be known by LID alone; a LID is nobody's number.
    func text(_ phone: PhoneNumber?, orElse lid: LID?) -> String { phone.map(text) ?? lid?.description ?? "" }

    /// A text in which every number of a person is shown so.
    package func text(in text: String) -> String { self == .masked ? text.withoutNumbersOfPeople : text }

    /// An id that is shown as it is, unless it is somebody's number.
    func text(ofID id: String) -> String {
        id.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? text(in: id) : id
    }

    /// How many of the digits are the country's: E.164 gives some countries one or two, and all others three.
    private static func countryLength(_ digits: [Character]) -> Int {
        if digits[0] == "1" || digits[0] == "7" { return 1 }
        return twoDigits.contains(String(digits[..<2])) ? 2 : 3
    }

    private static let twoDigits: Set<String> = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51",
        "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86",
        "90",
        "91", "92", "93", "94", "95", "98",
    ]
}

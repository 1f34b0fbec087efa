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
            let country = CountryCode(digits: phone.digits)?.description ?? "+"
            let national = phone.e164.dropFirst(country.count)
            // At least three digits are hidden, first digits before last ones.
            let lead = max(0, min(3, national.count - 7))
            let tail = max(0, min(4, national.count - 3 - lead))
            let parts = [String(national.prefix(lead)), "•••", String(national.suffix(tail))].filter { !$0.isEmpty }
            return "\(country) \(parts.joined(separator: "-"))"
        }
    }

    /// Returns the number, or the LID if no number is known; a LID is never masked.
    func text(_ phone: PhoneNumber?, orElse lid: LID?) -> String { phone.map(text) ?? lid?.description ?? "" }

    /// Returns a text with every phone number in it shown this way.
    package func text(in text: String) -> String { self == .masked ? text.withMaskedNumbers : text }

    /// Returns an id, masked if it may be a phone number.
    func text(ofID id: String) -> String { id.utf8.allSatisfy(\.isDigit) ? text(in: id) : id }
}

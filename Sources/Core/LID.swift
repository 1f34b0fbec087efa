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

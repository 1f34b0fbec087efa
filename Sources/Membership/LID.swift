/// WhatsApp's own identifier of an account, for example `205227043110953@lid`: opaque, and unrelated to its number.
///
/// A LID and a telephone number with equal digits are different people, which is why the two are different types.
package struct LID: Hashable, Sendable, Comparable {
    /// The digits before `@lid`.
    package let digits: UInt64

    /// Takes the digits before `@lid`; nil for zero.
    package init?(digits: UInt64) {
        guard digits > 0 else { return nil }
        self.digits = digits
    }

    /// Numeric order.
    package static func < (left: LID, right: LID) -> Bool { left.digits < right.digits }
}

extension LID: CustomStringConvertible {
    /// The full form with its server, for example `205227043110953@lid`.
    package var description: String { "\(digits)@lid" }
}

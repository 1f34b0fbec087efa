/// What a policy says of a group on one day, where that is no more than numbers with their roles, as it mostly is.
///
/// It is enough to see that there is nothing to do. For all else there is `DesiredGroup`, which takes several times as long to make.
package struct PlainGroup: Sendable {
    /// The group and who acts on it.
    package let key: GroupKey
    /// The name that the policy expects; nil where it says none.
    package let name: String?
    /// The limits that hold for this group.
    package let limits: Limits

    private var numbers: MarkedNumbers

    /// Describes a group in which nobody is wanted yet; no more than so many may be.
    package init(key: GroupKey, name: String?, limits: Limits, atMost count: Int) {
        self.key = key
        self.name = name
        self.limits = limits
        numbers = MarkedNumbers(atMost: count)
    }

    /// How many people are wanted.
    package var count: Int { numbers.count }

    /// Wants a number with a role; of two roles for one number, the first holds.
    package mutating func want(_ number: PhoneNumber, as role: Role) { numbers.insert(number, mark: Self.mark(role)) }

    /// Ticks a number off that is wanted with this role; false where it is not, or was ticked off before.
    package mutating func tickOff(_ number: PhoneNumber, as role: Role) -> Bool {
        numbers.replace(Self.mark(role), by: Self.tickedOff, of: number)
    }

    private static let tickedOff: UInt8 = 2

    private static func mark(_ role: Role) -> UInt8 { role == .admin ? 1 : 0 }
}

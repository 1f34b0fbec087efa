/// What the policy says about a group on one day, if it is only numbers and roles, as is usual.
///
/// It is enough to see that nothing has to change. `DesiredGroup`, for everything else, is several times slower.
package struct DesiredRoles: Sendable {
    /// The group, and the session that acts on it.
    package let key: GroupKey
    /// The group name the policy expects; nil if it gives none.
    package let name: String?
    /// The limits for this group.
    package let limits: Limits

    private var numbers: NumberTable

    /// Creates a group without people, with room for this many.
    package init(key: GroupKey, name: String?, limits: Limits, expecting count: Int) {
        self.key = key
        self.name = name
        self.limits = limits
        numbers = NumberTable(expecting: count)
    }

    /// The number of wanted people.
    package var count: Int { numbers.count }

    /// Adds a number with a role; the first role of a number wins.
    package mutating func want(_ number: PhoneNumber, as role: Role) { numbers.insert(number, mark: Self.mark(role)) }

    /// Ticks off a number that is wanted with this role; false if it is not, or is already ticked off.
    package mutating func tickOff(_ number: PhoneNumber, as role: Role) -> Bool {
        numbers.replace(Self.mark(role), by: Self.tickedOff, of: number)
    }

    private static let tickedOff: UInt8 = 2

    private static func mark(_ role: Role) -> UInt8 { role == .admin ? 1 : 0 }
}

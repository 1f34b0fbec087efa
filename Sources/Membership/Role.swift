/// What a member of a group may do in it.
package enum Role: String, Hashable, Sendable, Comparable, CaseIterable {
    /// An ordinary member.
    case member
    /// An admin, who is a member too.
    case admin

    /// A member is less than an admin.
    package static func < (left: Role, right: Role) -> Bool { left == .member && right == .admin }
}

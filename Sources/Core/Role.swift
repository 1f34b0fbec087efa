/// What a member of a group may do in it.
@usableFromInline package enum Role: String, Hashable, Sendable, Comparable, CaseIterable {
    /// An ordinary member.
    case member
    /// An admin, who is a member too.
    case admin

    /// Inlined, because it runs for each entry of each roster.
    @inlinable package static func == (left: Role, right: Role) -> Bool {
        switch (left, right) {
        case (.member, .member), (.admin, .admin): true
        case (.member, .admin), (.admin, .member): false
        }
    }

    /// Orders a member before an admin.
    @inlinable package static func < (left: Role, right: Role) -> Bool { left == .member && right == .admin }
}

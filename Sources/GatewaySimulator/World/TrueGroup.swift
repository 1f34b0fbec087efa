package import Core

/// A group's true state, regardless of stored copies.
package struct TrueGroup: Hashable, Sendable {
    /// The id.
    package let id: GroupID
    /// The members in the order of their numbers.
    package let members: [Member]
    /// The creator's number, whether a member or not.
    package let creator: PhoneNumber?
    /// The numbers of the own accounts of the sessions that see the group.
    package let ownAccounts: [PhoneNumber]

    /// One membership.
    package struct Member: Hashable, Sendable {
        /// The number.
        package let phone: PhoneNumber
        /// The LID.
        package let lid: LID
        /// The role.
        package let role: Role
    }

    /// Returns the role of a number; nil for a non-member.
    package func role(of phone: PhoneNumber) -> Role? { members.first { $0.phone == phone }?.role }

    /// The admins' numbers, in order.
    package var admins: [PhoneNumber] { members.filter { $0.role == .admin }.map(\.phone) }

    /// The roles by number, to compare with a policy.
    package var roles: [PhoneNumber: Role] {
        Dictionary(members.map { ($0.phone, $0.role) }, uniquingKeysWith: { first, _ in first })
    }
}

/// A change of a group, reported afterwards.
package struct WorldChange: Hashable, Sendable {
    /// The request's number in the journal; 0 for a change without a request.
    package let sequence: Int
    /// The session that acted; nil for a change without a request.
    package let session: SessionID?
    /// What happened to each person; empty for a change without a request.
    package let effects: [ParticipantEffect]
    /// The group's true state afterwards.
    package let group: TrueGroup
}

package import Membership

/// A group as it truly is, whatever stored copies say.
package struct TrueGroup: Hashable, Sendable {
    /// The id.
    package let id: GroupID
    /// The members in the order of their numbers.
    package let members: [Member]
    /// The creator's number, whether a member or not.
    package let creator: PhoneNumber?
    /// The numbers of the accounts of the sessions that see the group.
    package let ownAccounts: [PhoneNumber]

    /// One membership.
    package struct Member: Hashable, Sendable {
        /// The number.
        package let phone: PhoneNumber
        /// The LID.
        package let lid: LID
        /// The role.
        package let role: Role

        /// Describes a membership.
        package init(phone: PhoneNumber, lid: LID, role: Role) {
            self.phone = phone
            self.lid = lid
            self.role = role
        }
    }

    /// The role of a number; nil where it is no member.
    package func role(of phone: PhoneNumber) -> Role? { members.first { $0.phone == phone }?.role }

    /// The numbers of the admins in their order.
    package var admins: [PhoneNumber] { members.filter { $0.role == .admin }.map(\.phone) }

    /// The roles by number, for comparing with what a policy asks for.
    package var roles: [PhoneNumber: Role] {
        Dictionary(members.map { ($0.phone, $0.role) }, uniquingKeysWith: { first, _ in first })
    }
}

/// What one request did to a group, told after it happened.
package struct WorldChange: Hashable, Sendable {
    /// The journal's number of the request; 0 for a change that no request made.
    package let sequence: Int
    /// The session that acted; nil for a change that no request made.
    package let session: SessionID?
    /// What became of each person.
    package let effects: [ParticipantEffect]
    /// The group afterwards, as it truly is.
    package let group: TrueGroup

    /// Describes a change.
    package init(sequence: Int, session: SessionID?, effects: [ParticipantEffect], group: TrueGroup) {
        self.sequence = sequence
        self.session = session
        self.effects = effects
        self.group = group
    }
}

/// What a roster says about a member besides the role.
package enum RoleStatus: UInt8, Hashable, Sendable {
    /// The role is known, and the member is not the creator.
    case plain
    /// The member created the group (`superadmin`): an admin that nobody can remove or demote.
    case creator
    /// The gateway gives no role, or one that Rollcall does not know.
    case roleUnknown
    /// The gateway says `member`, which it also says for admins who wrote a message since it last read their role.
    case perhapsAdmin
}

/// One entry of a roster, as the gateway reports it.
package struct RosterMember: Hashable, Sendable {
    /// The account, usually by LID; by number if the gateway gives a number.
    package let account: AccountID
    /// The role; `member` if it is not known.
    package var role: Role
    /// What else the roster says about the member.
    package var roleStatus: RoleStatus
    /// Milliseconds since 1970, half the size of an optional; 0 if the gateway gives no time.
    private let (firstSeen, lastSeen): (Int64, Int64)

    /// Creates an entry; the times are those of the gateway's clock.
    package init(
        account: AccountID, role: Role, roleStatus: RoleStatus = .plain, firstSeenAt: Timestamp? = nil,
        lastSeenAt: Timestamp? = nil
    ) {
        self.account = account
        self.role = role
        self.roleStatus = roleStatus
        firstSeen = firstSeenAt?.milliseconds ?? 0
        lastSeen = lastSeenAt?.milliseconds ?? 0
    }

    /// When the gateway first stored the entry; nil if it does not say.
    package var firstSeenAt: Timestamp? { firstSeen == 0 ? nil : Timestamp(milliseconds: firstSeen) }

    /// When the gateway last saw the account in the group, which proves nothing about later; nil if it does not say.
    package var lastSeenAt: Timestamp? { lastSeen == 0 ? nil : Timestamp(milliseconds: lastSeen) }
}

/// The members of a group as the gateway stores them; the copy may be older than WhatsApp's.
package struct Roster: Hashable, Sendable {
    /// The entries: those with phone numbers, then those with LIDs, each sorted.
    package let members: [RosterMember]
    /// The number of skipped entries that are not user accounts, such as broadcast lists and bots.
    package let foreignEntryCount: Int
    /// When the gateway last saw each of those, if it says so.
    package let foreignSeenAt: [Timestamp]

    /// Accepts the entries in any order.
    package init(members: [RosterMember], foreignEntryCount: Int = 0, foreignSeenAt: [Timestamp] = []) {
        self.members = Self.inOrder(members)
        self.foreignEntryCount = foreignEntryCount
        self.foreignSeenAt = foreignSeenAt
    }

    /// Returns the entries with phone numbers, then those with LIDs, each sorted.
    private static func inOrder(_ members: [RosterMember]) -> [RosterMember] {
        // Their original positions, and the numbers to sort by.
        var (byPhone, byLID): ([Int], [Int]) = ([], [])
        var (phones, lids): ([UInt64], [UInt64]) = ([], [])
        byLID.reserveCapacity(members.count)
        lids.reserveCapacity(members.count)
        for (position, member) in members.enumerated() {
            switch member.account {
            case .phone(let phone):
                byPhone.append(position)
                phones.append(phone.orderKey)
            case .lid(let lid):
                byLID.append(position)
                lids.append(lid.digits)
            }
        }
        var result: [RosterMember] = []
        result.reserveCapacity(members.count)
        for position in NumberSort(phones).positions { result.append(members[byPhone[Int(position)]]) }
        for position in NumberSort(lids).positions { result.append(members[byLID[Int(position)]]) }
        return result
    }

    /// Whether the account has an entry.
    package func lists(_ account: AccountID) -> Bool {
        let position = lowerBound(members.count) { members[$0].account < account }
        return position < members.count && members[position].account == account
    }

    /// Whether an account has more than one entry, which is a fault of the roster.
    package var listsSomebodyTwice: Bool { zip(members, members.dropFirst()).contains { $0.account == $1.account } }
}

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

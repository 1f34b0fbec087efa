/// What a roster says of a member besides the role that the policy speaks of.
package enum Standing: UInt8, Hashable, Sendable {
    /// Nothing: the role is what it says.
    case plain
    /// The member created the group (`superadmin`), and is an admin whom nobody can remove or demote.
    case creator
    /// The gateway gives the member a role that is not known here, or none.
    case roleUnknown
    /// The gateway says `member`, which it also says of admins who have written since their role was last read.
    case perhapsAdmin
}

/// One entry of a roster, as the gateway reports it.
package struct RosterMember: Hashable, Sendable {
    /// The account: by LID as a rule, by number where the gateway says so.
    package let account: AccountID
    /// Its role; `member` where that is not known.
    package var role: Role
    /// What is to be said of the role.
    package var standing: Standing
    /// In milliseconds since 1970, which is half the size of an optional; 0 where the gateway does not tell.
    private let (firstSeen, lastSeen): (Int64, Int64)

    /// Describes one entry; the moments are those of the gateway's clock.
    package init(
        account: AccountID, role: Role, standing: Standing = .plain, firstSeenAt: Timestamp? = nil,
        lastSeenAt: Timestamp? = nil
    ) {
        self.account = account
        self.role = role
        self.standing = standing
        firstSeen = firstSeenAt?.milliseconds ?? 0
        lastSeen = lastSeenAt?.milliseconds ?? 0
    }

    /// When the gateway first wrote the entry; nil where it does not tell.
    package var firstSeenAt: Timestamp? { firstSeen == 0 ? nil : Timestamp(milliseconds: firstSeen) }

    /// When the gateway last saw the account in the group, which proves that it was there then and no more; nil where it does not
    /// tell.
    package var lastSeenAt: Timestamp? { lastSeen == 0 ? nil : Timestamp(milliseconds: lastSeen) }
}

/// The actual state of a group: a stored copy that may lag behind WhatsApp.
package struct Roster: Hashable, Sendable {
    /// The entries in the order of their JIDs' kinds and numbers.
    package let members: [RosterMember]
    /// How many entries were no user accounts (broadcast lists, bots) and were passed over.
    package let foreignEntries: Int
    /// When the gateway last saw each of those, as far as it tells.
    package let foreignSeenAt: [Timestamp]

    /// Takes the entries in whatever order they came.
    package init(members: [RosterMember], foreignEntries: Int = 0, foreignSeenAt: [Timestamp] = []) {
        self.members = Self.inOrder(members)
        self.foreignEntries = foreignEntries
        self.foreignSeenAt = foreignSeenAt
    }

    /// The same entries, those by number before those by LID, each in their order.
    private static func inOrder(_ members: [RosterMember]) -> [RosterMember] {
        // Where they came, and the numbers that they are sorted by.
        var (byPhone, byLID): ([Int], [Int]) = ([], [])
        var (phones, lids): ([UInt64], [UInt64]) = ([], [])
        byLID.reserveCapacity(members.count)
        lids.reserveCapacity(members.count)
        for (place, member) in members.enumerated() {
            switch member.account {
            case .phone(let phone):
                byPhone.append(place)
                phones.append(phone.orderKey)
            case .lid(let lid):
                byLID.append(place)
                lids.append(lid.digits)
            }
        }
        var result: [RosterMember] = []
        result.reserveCapacity(members.count)
        for place in NumberOrder(phones).places { result.append(members[byPhone[Int(place)]]) }
        for place in NumberOrder(lids).places { result.append(members[byLID[Int(place)]]) }
        return result
    }

    /// Whether an account has an entry.
    package func lists(_ account: AccountID) -> Bool {
        let place = lowerBound(members.count) { members[$0].account < account }
        return place < members.count && members[place].account == account
    }

    /// Whether an account has more than one entry, which no roster should show.
    package var listsSomebodyTwice: Bool {
        zip(members, members.dropFirst()).contains { $0.account == $1.account }
    }
}

/// One entry of a roster, as the gateway reports it.
package struct RosterMember: Hashable, Sendable {
    /// The account: by LID as a rule, by number where the gateway says so.
    package let account: AccountID
    /// Its role.
    package let role: Role

    /// Describes one entry.
    package init(account: AccountID, role: Role) {
        self.account = account
        self.role = role
    }
}

/// The actual state of a group: a stored copy that may lag behind WhatsApp.
package struct Roster: Hashable, Sendable {
    /// The entries in the order of their JIDs' kinds and numbers.
    package let members: [RosterMember]
    /// How many entries were no user accounts (broadcast lists, bots) and were passed over.
    package let foreignEntries: Int

    /// Takes the entries in whatever order they came.
    package init(members: [RosterMember], foreignEntries: Int = 0) {
        self.members = Self.inOrder(members)
        self.foreignEntries = foreignEntries
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

import Membership

/// One entry of a roster with all that is known of whom it is.
struct SeenMember {
    /// The account as the roster names it.
    var account: AccountID
    /// The LID; nil where the roster names a number and nothing tells the LID.
    var lid: LID?
    /// The number; nil where nothing tells it.
    var phone: PhoneNumber?
    /// The role.
    var role: Role
    /// Why nobody may be touched on the strength of the number; nil where it is sound.
    var doubt: HoldReason?
}

/// A roster that can be asked for a person by number or LID.
struct RosterIndex {
    private(set) var members: [SeenMember] = []
    private var byLID: [LID: Int] = [:]
    private var byPhone: [PhoneNumber: [Int]] = [:]

    /// Joins a roster with what the gateway and the policy know of the numbers behind LIDs.
    ///
    /// `changed` are LIDs that the gateway gives another number than the one they were known by.
    init(_ roster: Roster, phones: [LID: PhoneNumber], pins: [LID: PhoneNumber], changed: Set<LID> = []) {
        members.reserveCapacity(roster.members.count)
        let lids = Self.lids(of: roster, phones: phones.merging(pins) { told, _ in told })
        for entry in roster.members {
            var member = SeenMember(account: entry.account, role: entry.role)
            switch entry.account {
            case .phone(let phone):
                member.phone = phone
                member.lid = lids[phone]
            case .lid(let lid):
                member.lid = lid
                member.phone = phones[lid] ?? pins[lid]
                if let pin = pins[lid], let told = phones[lid], pin != told { member.doubt = .identityConflict }
                if changed.contains(lid) { member.doubt = .numberChanged }
            }
            let index = members.count
            if let lid = member.lid { byLID[lid] = index }
            if let phone = member.phone { byPhone[phone, default: []].append(index) }
            members.append(member)
        }
        for indices in byPhone.values where indices.count > 1 {
            for index in indices { members[index].doubt = .sharedNumber }
        }
    }

    /// The LIDs of members who are listed by number; nobody's where several have the number.
    private static func lids(of roster: Roster, phones: [LID: PhoneNumber]) -> [PhoneNumber: LID] {
        let listed = Set(
            roster.members.compactMap { member in
                if case .phone(let phone) = member.account { phone } else { nil }
            })
        guard !listed.isEmpty else { return [:] }
        var lids: [PhoneNumber: LID] = [:]
        var shared: Set<PhoneNumber> = []
        for (lid, phone) in phones where listed.contains(phone) {
            if lids.updateValue(lid, forKey: phone) != nil { shared.insert(phone) }
        }
        for phone in shared { lids[phone] = nil }
        return lids
    }

    /// Every entry that may be a person: the one with their LID, and those with their number.
    func indices(phone: PhoneNumber?, lid: LID?) -> [Int] {
        var found = phone.flatMap { byPhone[$0] } ?? []
        if let lid, let index = byLID[lid], !found.contains(index) { found.append(index) }
        return found
    }

    /// Every entry that may be an account.
    func indices(of account: AccountID) -> [Int] {
        switch account {
        case .phone(let phone): indices(phone: phone, lid: nil)
        case .lid(let lid): indices(phone: nil, lid: lid)
        }
    }

    /// How many accounts are admins; one that is listed by number and by LID counts once.
    var adminCount: Int {
        Set(members.filter { $0.role == .admin }.map { $0.lid.map(AccountID.lid) ?? $0.account }).count
    }

    /// How many entries nobody knows the number of.
    var unresolvedCount: Int { members.count { $0.phone == nil } }
}

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
    var doubt: IdentityDoubt?
}

/// Why the number of a roster's entry is no ground to touch anybody.
enum IdentityDoubt {
    /// The policy and the gateway give the LID different numbers.
    case conflict
    /// The gateway gives the LID another number than the one by which the person was known.
    case changed
    /// Several entries have the number.
    case shared

    /// What is said of it.
    var reason: HoldReason {
        switch self {
        case .conflict: .identityConflict
        case .changed: .numberChanged
        case .shared: .sharedNumber
        }
    }
}

/// The entries of a roster that may be one person, none or one as a rule; it means something to its roster alone.
struct FoundEntries {
    /// Where those with the person's number are listed.
    fileprivate var byPhone = 0..<0
    /// The entry with the person's LID, where it is not one of these.
    fileprivate var byLID: Int?

    /// Nobody.
    init() {}

    /// Whether nobody was found.
    var isEmpty: Bool { byPhone.isEmpty && byLID == nil }
}

/// A roster that can be asked for a person by number or LID.
struct RosterIndex {
    /// Those listed by number before those listed by LID, each in their order.
    private(set) var members: [SeenMember] = []
    /// The first of those who are listed by LID.
    private var firstByLID = 0
    /// Those who are listed by number, by their LIDs as far as these are known.
    private var lidsOfListed = PlacesByNumber()
    private var byPhone = PlacesByNumber()

    /// Joins a roster with what the gateway and the policy know of the numbers behind LIDs.
    ///
    /// `changed` are LIDs that the gateway gives another number than the one they were known by.
    init(_ roster: Roster, phones: IdentityTable, pins: [LID: PhoneNumber], changed: Set<LID> = []) {
        members.reserveCapacity(roster.members.count)
        let lids = Self.lids(of: roster, phones: phones, pins: pins)
        var cursor = 0
        for entry in roster.members {
            var member = SeenMember(account: entry.account, role: entry.role)
            switch entry.account {
            case .phone(let phone):
                member.phone = phone
                member.lid = lids[phone]
            case .lid(let lid):
                let (told, pin) = (phones.phone(of: lid, near: &cursor), pins.isEmpty ? nil : pins[lid])
                member.lid = lid
                member.phone = told ?? pin
                if let pin, let told, pin != told { member.doubt = .conflict }
                if !changed.isEmpty, changed.contains(lid) { member.doubt = .changed }
            }
            members.append(member)
        }
        firstByLID = lowerBound(members.count) { if case .phone = members[$0].account { true } else { false } }
        lidsOfListed = PlacesByNumber(members[..<firstByLID].lazy.map { $0.lid?.digits })
        byPhone = PlacesByNumber(members.lazy.map { $0.phone?.digits })
        byPhone.forEachShared { members[$0].doubt = .shared }
    }

    /// The LIDs of members who are listed by number; nobody's where several have the number.
    private static func lids(
        of roster: Roster, phones: IdentityTable, pins: [LID: PhoneNumber]
    ) -> [PhoneNumber: LID] {
        let listed = Set(
            roster.members.lazy.compactMap { member in
                if case .phone(let phone) = member.account { phone } else { nil }
            })
        guard !listed.isEmpty else { return [:] }
        var lids: [PhoneNumber: LID] = [:]
        var shared: Set<PhoneNumber> = []
        func note(_ lid: LID, _ phone: PhoneNumber) {
            guard listed.contains(phone) else { return }
            if lids.updateValue(lid, forKey: phone) != nil { shared.insert(phone) }
        }
        for (lid, phone) in phones { note(lid, phone) }
        for (lid, phone) in pins where phones[lid] == nil { note(lid, phone) }
        for phone in shared { lids[phone] = nil }
        return lids
    }

    /// Every entry that may be a person: those with their number, and the one with their LID.
    func entries(phone: PhoneNumber?, lid: LID?) -> FoundEntries {
        var cursor = 0
        return entries(phone: phone, lid: lid, near: &cursor)
    }

    /// The same, for a caller who asks for one person after the other: who goes in the order of numbers is answered at once.
    func entries(phone: PhoneNumber?, lid: LID?, near cursor: inout Int) -> FoundEntries {
        var found = FoundEntries()
        if let phone { found.byPhone = byPhone.range(of: phone.digits, near: &cursor) }
        if let lid, let place = lastPlace(of: lid) {
            if !found.byPhone.contains(where: { byPhone.places[$0] == place }) { found.byLID = place }
        }
        return found
    }

    /// The last entry with a LID: of a member who is listed by number and by LID, the latter.
    private func lastPlace(of lid: LID) -> Int? {
        let after = lowerBound(members.count - firstByLID) { place in
            members[firstByLID + place].lid.map { $0.digits <= lid.digits } ?? true
        }
        if after > 0, members[firstByLID + after - 1].lid == lid { return firstByLID + after - 1 }
        return lidsOfListed.range(of: lid.digits).last.map { lidsOfListed.places[$0] }
    }

    /// The first place of what was found; nil where that is nothing.
    func firstPlace(of found: FoundEntries) -> Int? {
        found.byPhone.first.map { byPhone.places[$0] } ?? found.byLID
    }

    /// Goes through the places of what was found.
    func forEachPlace<Failure>(of found: FoundEntries, _ body: (Int) throws(Failure) -> Void) throws(Failure) {
        for position in found.byPhone { try body(byPhone.places[position]) }
        if let place = found.byLID { try body(place) }
    }

    /// Every entry that may be an account.
    func entries(of account: AccountID) -> FoundEntries {
        switch account {
        case .phone(let phone): entries(phone: phone, lid: nil)
        case .lid(let lid): entries(phone: nil, lid: lid)
        }
    }

    /// How many accounts are admins; one that is listed by number and by LID counts once.
    var adminCount: Int {
        Set(members.lazy.filter { $0.role == .admin }.map { $0.lid.map(AccountID.lid) ?? $0.account }).count
    }
}

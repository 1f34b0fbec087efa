import GatewayAPI
import Membership
import RunLedger

/// One member with all that is known of whom it is.
struct SeenMember {
    /// The account as the roster names it.
    var account: AccountID
    /// The LID; nil where the roster names a number and nothing tells the LID.
    var lid: LID?
    /// The number; nil where nothing tells it.
    var phone: PhoneNumber?
    /// The role.
    var role: Role
    /// What is to be said of the role.
    var standing = Standing.plain
    /// Why nobody may be touched on the strength of the number; nil where it is sound.
    var doubt: IdentityDoubt?
    /// Since when the member is known to be in the group; nil where the gateway does not tell.
    var since: Timestamp?
    /// When the gateway last saw the member there; nil where it does not tell.
    var lastSeenAt: Timestamp?
    /// The accepted call of ours by which alone they are known to be there, or to have the role; nil where the store shows it.
    var knownBy: Operation?
    /// Whether the gateway tells the number in this run; otherwise the policy says it, or the memory.
    var isNumberTold = false

    /// Whether the store itself shows that they are in the group.
    var isListed: Bool { knownBy != .add }

    /// Whether the store itself shows an admin.
    var isProvenAdmin: Bool { role == .admin && knownBy == nil }

    /// The account that a call is to name: by number where the gateway knows it, else by LID.
    var named: AccountID? {
        if let phone, isNumberTold || lid == nil { return .phone(phone) }
        return lid.map(AccountID.lid)
    }
}

/// Why the number of a roster's entry is no ground to touch anybody.
enum IdentityDoubt {
    /// The policy and the gateway give the LID different numbers.
    case conflict
    /// The same, and WhatsApp has not said whether both are one account.
    case unasked
    /// The gateway gives the LID another number than the one by which the person was known.
    case changed
    /// Several entries have the number.
    case shared

    /// What is said of it.
    var reason: HoldReason {
        switch self {
        case .conflict: .identityConflict
        case .unasked: .identityUnasked
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

/// What is known of a group at one moment: who is in it, with which role, since when, and how that is known.
///
/// It is made in one place, from the rows that the gateway stores, the snapshot that earlier runs have seen, and the calls that
/// the gateway took since; whatever asks who somebody is and whether they are there asks it.
struct Evidence {
    /// What the gateway's rows prove by themselves.
    let stored: StoredRoster
    /// Those listed by number before those listed by LID, each in their order.
    private(set) var members: [SeenMember] = []
    /// The calls that the gateway took and its store could not have shown, each person's last one of a kind, by their rows.
    private(set) var awaited: [OpenCall] = []
    /// The numbers behind LIDs that it was made with.
    let phones: IdentityTable
    /// The calls of whose effect nothing is known yet; nobody asks for them where the list is the group as it is.
    let calls: [OpenCall]
    /// What WhatsApp says of numbers.
    let checks: [PhoneNumber: CheckedNumber]
    /// The first of those who are listed by LID.
    private var firstByLID = 0
    /// Those who are listed by number, by their LIDs as far as these are known.
    private var lidsOfListed = PlacesByNumber()
    private var byPhone = PlacesByNumber()

    /// Joins what was read of a group with what is known of the numbers behind LIDs, and with what we have changed since.
    ///
    /// `pins` are the numbers that the policy gives for LIDs.
    init(_ seen: GroupObservation, pins: [LID: PhoneNumber] = [:]) {
        var phones = seen.phones
        // What the session says of its own account holds whatever its contacts know.
        if let lid = seen.own?.lid, let phone = seen.own?.phone, phones[lid] != phone { phones[lid] = phone }
        self.phones = phones
        stored = seen.stored
        checks = seen.checks
        calls = seen.calls
        let roster = seen.roster
        members.reserveCapacity(roster.members.count)
        let lids = Self.lids(of: roster, phones: phones, pins: pins)
        var cursor = 0
        for entry in roster.members {
            var member = SeenMember(
                account: entry.account, role: entry.role, standing: entry.standing, since: entry.firstSeenAt,
                lastSeenAt: entry.lastSeenAt)
            switch entry.account {
            case .phone(let phone):
                member.phone = phone
                member.isNumberTold = true
                member.lid = lids[phone]
            case .lid(let lid):
                let (told, pin) = (phones.phone(of: lid, near: &cursor), pins.isEmpty ? nil : pins[lid])
                member.lid = lid
                // Somebody pinned by one spelling may be listed by the other, by which WhatsApp knows the account.
                member.phone = told ?? pin.map { pin in checks[pin]?.account?.phone ?? pin }
                member.isNumberTold = told != nil && (seen.recalled.isEmpty || !seen.recalled.contains(lid))
                // Two spellings of one number are no contradiction, where WhatsApp says that both reach the account.
                if let pin, let told, pin != told, ![.phone(told), .lid(lid)].contains(seen.checks[pin]?.account) {
                    member.doubt = seen.checks[pin]?.tellsAccount == true ? .conflict : .unasked
                }
                if !seen.changed.isEmpty, seen.changed.contains(lid) { member.doubt = .changed }
            }
            members.append(member)
        }
        makeIndex()
        if stored.basis != .list, !seen.calls.isEmpty { takeAsDone(seen.calls) }
    }

    private mutating func makeIndex() {
        firstByLID = lowerBound(members.count) { if case .phone = members[$0].account { true } else { false } }
        lidsOfListed = PlacesByNumber(members[..<firstByLID].lazy.map { $0.lid?.digits })
        byPhone = PlacesByNumber(members.lazy.map { $0.phone?.digits })
        byPhone.forEachShared { members[$0].doubt = .shared }
    }

    /// Takes the calls that the gateway took for done, where its store could not have shown them: what they ask for is not asked for
    /// again, and not called declined.
    private mutating func takeAsDone(_ calls: [OpenCall]) {
        let calls = calls.filter { $0.wasAccepted && verdict(on: $0) == .cannotTell }
            .sorted { ($0.answeredAt, $0.id) < ($1.answeredAt, $1.id) }
        guard !calls.isEmpty else { return }
        var latest: [AccountID: OpenCall] = [:]
        for call in calls {
            let places = places(entries(of: call))
            let operation = Operation(rawValue: call.operation)
            switch operation {
            case .add:
                guard places.isEmpty else { continue }
                let member = SeenMember(
                    account: call.lid.map(AccountID.lid) ?? call.account, lid: call.lid, phone: call.phone,
                    role: .member, since: call.answeredAt, lastSeenAt: call.answeredAt, knownBy: .add,
                    isNumberTold: true)
                members.insert(member, at: lowerBound(members.count) { members[$0].account < member.account })
            case .remove:
                let gone = places.filter { !stored.isLater(members[$0].lastSeenAt, than: call.answeredAt) }
                if gone.isEmpty { continue }
                for place in gone.sorted().reversed() { members.remove(at: place) }
            case .promote, .demote:
                let role: Role = operation == .promote ? .admin : .member
                let changed = places.filter { members[$0].role != role || members[$0].standing == .perhapsAdmin }
                if changed.isEmpty { continue }
                for place in changed {
                    members[place].role = role
                    members[place].standing = .plain
                    if members[place].isListed { members[place].knownBy = operation }
                }
            case nil: continue
            }
            makeIndex()
            latest[call.phone.map(AccountID.phone) ?? call.account] = call
        }
        awaited = latest.values.sorted { $0.id < $1.id }
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

    /// How many accounts the store shows as admins; one that is listed by number and by LID counts once.
    var adminCount: Int {
        Set(members.lazy.filter(\.isProvenAdmin).map { $0.lid.map(AccountID.lid) ?? $0.account }).count
    }
}

import Core
import GatewayAPI
import RunLedger

/// One member, with all that is known about their identity.
struct SeenMember {
    /// The account as the roster names it.
    var account: AccountID
    /// The LID; nil if the roster gives a number and the LID is unknown.
    var lid: LID?
    /// The number; nil if unknown.
    var phone: PhoneNumber?
    /// The role.
    var role: Role
    /// How sure the role is.
    var roleStatus = RoleStatus.plain
    /// Why the number cannot be trusted for any change; nil if it can.
    var doubt: IdentityDoubt?
    /// When the member was first seen; nil if the gateway does not report it.
    var since: Timestamp?
    /// When the gateway last saw the member; nil if it does not report it.
    var lastSeenAt: Timestamp?
    /// Our accepted call that alone proves the membership or role; nil if the store shows it.
    var knownBy: Operation?
    /// Whether the gateway reports the number in this run; else the policy or the memory supplies it.
    var isNumberKnown = false

    /// Whether the store itself shows that they are in the group.
    var isListed: Bool { knownBy != .add }

    /// Whether the store itself shows an admin.
    var isProvenAdmin: Bool { role == .admin && knownBy == nil }

    /// The account for calls: the number if the gateway knows it, else the LID.
    var named: AccountID? {
        if let phone, isNumberKnown || lid == nil { return .phone(phone) }
        return lid.map(AccountID.lid)
    }
}

/// Why the number of a roster entry cannot be trusted for any change.
enum IdentityDoubt {
    /// The policy and the gateway give the LID different numbers.
    case conflict
    /// As `conflict`, but WhatsApp has not said whether both are one account.
    case unasked
    /// The gateway reports another number for the LID than the one that the person had before.
    case changed
    /// Several entries have the number.
    case shared

    /// The reason for the hold.
    var reason: HoldReason {
        switch self {
        case .conflict: .identityConflict
        case .unasked: .identityUnasked
        case .changed: .numberChanged
        case .shared: .sharedNumber
        }
    }
}

/// The entries of a roster that may be one person, usually one or none; valid only for that roster.
struct FoundEntries {
    /// The positions of the entries with the person's number.
    fileprivate var byPhone = 0..<0
    /// The entry with the person's LID, if it is not among `byPhone`.
    fileprivate var byLID: Int?

    /// Creates an empty result.
    init() {}

    /// Whether nothing was found.
    var isEmpty: Bool { byPhone.isEmpty && byLID == nil }
}

/// What is known about a group at one moment: its members, their roles, since when, and from what source.
///
/// It combines the gateway's rows, the snapshot of earlier runs, and the calls accepted since. All code that asks who a
/// member is uses it.
struct Evidence {
    /// What the gateway's rows prove by themselves.
    let stored: StoredRoster
    /// The members, those listed by number before those listed by LID, each sorted.
    private(set) var members: [SeenMember] = []
    /// The accepted calls that the store could not have shown yet: the last one of each person, by row.
    private(set) var awaited: [OpenCall] = []
    /// The numbers behind LIDs.
    let phones: IdentityTable
    /// The calls that are not confirmed yet; unused if the store's list is current.
    let calls: [OpenCall]
    /// What WhatsApp says about numbers.
    let checks: [PhoneNumber: CheckedNumber]
    /// The index of the first member listed by LID.
    private var firstByLID = 0
    /// The members listed by number, by their LIDs if known.
    private var lidsOfListed = NumberIndex()
    private var byPhone = NumberIndex()

    /// Combines what was read of a group with the numbers behind LIDs and our unconfirmed calls.
    ///
    /// `pins` are the policy's numbers for LIDs.
    init(_ seen: GroupObservation, policyNumbers: [LID: PhoneNumber] = [:]) {
        var phones = seen.phones
        // What the session says about its own account overrides its contacts.
        if let lid = seen.own?.lid, let phone = seen.own?.phone, phones[lid] != phone { phones[lid] = phone }
        self.phones = phones
        stored = seen.stored
        checks = seen.checks
        calls = seen.calls
        let roster = seen.roster
        members.reserveCapacity(roster.members.count)
        let lids = Self.lids(of: roster, phones: phones, policyNumbers: policyNumbers)
        var cursor = 0
        for entry in roster.members {
            var member = SeenMember(
                account: entry.account, role: entry.role, roleStatus: entry.roleStatus, since: entry.firstSeenAt,
                lastSeenAt: entry.lastSeenAt)
            switch entry.account {
            case .phone(let phone):
                member.phone = phone
                member.isNumberKnown = true
                member.lid = lids[phone]
            case .lid(let lid):
                let (reported, pin) = (
                    phones.phone(of: lid, near: &cursor), policyNumbers.isEmpty ? nil : policyNumbers[lid]
                )
                member.lid = lid
                // The roster may list a pinned person by the spelling of the number that WhatsApp uses.
                member.phone = reported ?? pin.map { pin in checks[pin]?.account?.phone ?? pin }
                member.isNumberKnown = reported != nil && (seen.recalled.isEmpty || !seen.recalled.contains(lid))
                // Two spellings of one number are no conflict if WhatsApp says that both reach the account.
                if let pin, let reported, pin != reported,
                    ![.phone(reported), .lid(lid)].contains(seen.checks[pin]?.account)
                {
                    member.doubt = seen.checks[pin]?.namesAccount == true ? .conflict : .unasked
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
        lidsOfListed = NumberIndex(members[..<firstByLID].lazy.map { $0.lid?.digits })
        byPhone = NumberIndex(members.lazy.map { $0.phone?.digits })
        byPhone.forEachShared { members[$0].doubt = .shared }
    }

    /// Applies the accepted calls that the store could not have shown, so that they are not sent again or called
    /// declined.
    private mutating func takeAsDone(_ calls: [OpenCall]) {
        let calls = calls.filter { $0.wasAccepted && verdict(on: $0) == .cannotTell }
            .sorted { ($0.answeredAt, $0.id) < ($1.answeredAt, $1.id) }
        guard !calls.isEmpty else { return }
        var latest: [AccountID: OpenCall] = [:]
        for call in calls {
            let positions = positions(entries(of: call))
            switch call.operation {
            case .add:
                guard positions.isEmpty else { continue }
                let member = SeenMember(
                    account: call.lid.map(AccountID.lid) ?? call.account, lid: call.lid, phone: call.phone,
                    role: .member, since: call.answeredAt, lastSeenAt: call.answeredAt, knownBy: .add,
                    isNumberKnown: true)
                members.insert(member, at: lowerBound(members.count) { members[$0].account < member.account })
            case .remove:
                let gone = positions.filter { !stored.isLater(members[$0].lastSeenAt, than: call.answeredAt) }
                if gone.isEmpty { continue }
                for position in gone.sorted().reversed() { members.remove(at: position) }
            case .promote, .demote:
                let role: Role = call.operation == .promote ? .admin : .member
                let changed = positions.filter { members[$0].role != role || members[$0].roleStatus == .perhapsAdmin }
                if changed.isEmpty { continue }
                for position in changed {
                    members[position].role = role
                    members[position].roleStatus = .plain
                    if members[position].isListed { members[position].knownBy = call.operation }
                }
            }
            makeIndex()
            latest[call.phone.map(AccountID.phone) ?? call.account] = call
        }
        awaited = latest.values.sorted { $0.id < $1.id }
    }

    /// Returns the LIDs of members listed by number; none for a number that several LIDs have.
    private static func lids(
        of roster: Roster, phones: IdentityTable, policyNumbers: [LID: PhoneNumber]
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
        for (lid, phone) in policyNumbers where phones[lid] == nil { note(lid, phone) }
        for phone in shared { lids[phone] = nil }
        return lids
    }

    /// Returns every entry that may be a person: those with their number, and the one with their LID.
    func entries(phone: PhoneNumber?, lid: LID?) -> FoundEntries {
        var cursor = 0
        return entries(phone: phone, lid: lid, near: &cursor)
    }

    /// Returns the same, faster if the caller goes in the order of numbers.
    func entries(phone: PhoneNumber?, lid: LID?, near cursor: inout Int) -> FoundEntries {
        var found = FoundEntries()
        if let phone { found.byPhone = byPhone.range(of: phone.digits, near: &cursor) }
        if let lid, let position = lastPosition(of: lid) {
            if !found.byPhone.contains(where: { byPhone.positions[$0] == position }) { found.byLID = position }
        }
        return found
    }

    /// Returns the last entry with a LID; of a member listed by number and by LID, the entry by LID.
    private func lastPosition(of lid: LID) -> Int? {
        let after = lowerBound(members.count - firstByLID) { position in
            members[firstByLID + position].lid.map { $0.digits <= lid.digits } ?? true
        }
        if after > 0, members[firstByLID + after - 1].lid == lid { return firstByLID + after - 1 }
        return lidsOfListed.range(of: lid.digits).last.map { lidsOfListed.positions[$0] }
    }

    /// Returns the index of the first entry found; nil if there is none.
    func firstPosition(of found: FoundEntries) -> Int? {
        found.byPhone.first.map { byPhone.positions[$0] } ?? found.byLID
    }

    /// Calls `body` with the index of each entry found.
    func forEachPosition<Failure>(of found: FoundEntries, _ body: (Int) throws(Failure) -> Void) throws(Failure) {
        for position in found.byPhone { try body(byPhone.positions[position]) }
        if let position = found.byLID { try body(position) }
    }

    /// Returns every entry that may be an account.
    func entries(of account: AccountID) -> FoundEntries {
        switch account {
        case .phone(let phone): entries(phone: phone, lid: nil)
        case .lid(let lid): entries(phone: nil, lid: lid)
        }
    }

    /// How many accounts the store shows as admins; an account listed by number and by LID counts once.
    var adminCount: Int {
        Set(members.lazy.filter(\.isProvenAdmin).map { $0.lid.map(AccountID.lid) ?? $0.account }).count
    }
}

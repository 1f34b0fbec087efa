import Membership

/// A session with its stored data.
struct SessionState: Sendable {
    /// The id.
    let id: SessionID
    /// The organisation that it belongs to.
    let organisation: String
    /// The name that people give it.
    let label: String?
    /// The gateway's word for its state.
    var status: String
    /// The own account; nil while nothing is paired.
    let account: LID?
    /// The device part of the own JID.
    let device: Int?
    /// Messages a minute.
    let ratePerMinute: Int?
    /// Messages an hour.
    let ratePerHour: Int?
    /// Whether `/me` answers 501.
    let refusesMe: Bool
    /// How far the stored copy is behind.
    var lag: Lag
    /// Whose numbers this session's contacts show or hide.
    var numbers: [LID: NumberVisibility]
    /// When the session last connected, or last changed.
    var updatedAt: Timestamp
    /// So many changes of the session reached WhatsApp.
    var changes = 0
    /// The stored groups.
    private(set) var groups: [GroupID: StoredGroup] = [:]
    /// The groups in the order in which the gateway lists them.
    private(set) var groupOrder: [GroupID] = []
    /// The stored contacts in the order in which they were seen, which is that of their ids.
    private(set) var contacts: [StoredContact] = []
    private var contactIndex: [LID: Int] = [:]

    /// A contact as the gateway stores it.
    struct StoredContact: Sendable {
        /// The gateway's own number for the contact.
        let id: Int64
        /// The account.
        let lid: LID
        /// When it was first seen.
        let firstSeenAt: Timestamp
        /// Whether it is known from direct messages.
        var isDirect: Bool
        /// Whether it was ever seen in a group.
        var isFromGroup: Bool
    }

    /// Begins a session without groups.
    init(_ seed: SessionSeed, account: LID?, lag: Lag, numbers: [LID: NumberVisibility], now: Timestamp) {
        id = seed.id
        organisation = seed.organisation
        label = seed.label
        status = seed.status
        self.account = account
        device = seed.device
        ratePerMinute = seed.ratePerMinute
        ratePerHour = seed.ratePerHour
        refusesMe = seed.refusesMe
        self.lag = lag
        self.numbers = numbers
        updatedAt = now
    }

    /// Whether the session is connected to WhatsApp.
    var isConnected: Bool { status == "working" }

    /// The stored contact of an account.
    func contact(_ lid: LID) -> StoredContact? { contactIndex[lid].map { contacts[$0] } }

    /// Makes a group known to the session: as it is, or with nothing told of it yet.
    mutating func learn(_ group: GroupState, store: StoreKind, isBackfilled: Bool, now: Timestamp) {
        let id = Int64(groupOrder.count + 1)
        groupOrder.append(group.id)
        switch store {
        case .follows: groups[group.id] = StoredGroup(id: id, following: group.members, now: now)
        case .appendOnly: groups[group.id] = StoredGroup(id: id, appendingFrom: now)
        }
        if store == .follows || isBackfilled { backfill(group, at: now) }
    }

    /// Writes a group and its members as they truly are, whatever the lag.
    mutating func backfill(_ group: GroupState, at time: Timestamp) {
        groups[group.id]?.backfill(group.members, at: time)
        settle(group.id, now: time)
        for member in group.members { meet(member.lid, direct: false, now: time) }
    }

    /// Notes a message in a group.
    mutating func noteMessage(of lid: LID, in group: GroupID, now: Timestamp) {
        groups[group]?.noteMessage(of: lid, now: now)
        if groups[group]?.onlyAppends == true { meet(lid, direct: false, now: now) }
    }

    /// Makes an account a contact.
    mutating func meet(_ lid: LID, direct: Bool, now: Timestamp) {
        if let index = contactIndex[lid] {
            contacts[index].isDirect = contacts[index].isDirect || direct
            contacts[index].isFromGroup = contacts[index].isFromGroup || !direct
            return
        }
        contactIndex[lid] = contacts.count
        contacts.append(
            StoredContact(
                id: Int64(contacts.count + 1), lid: lid, firstSeenAt: now, isDirect: direct, isFromGroup: !direct))
    }

    /// Notes a change of a group, which reaches the stored copy after the lag.
    mutating func note(_ group: GroupState, newcomer: LID?, now: Timestamp) {
        groups[group.id]?.note(group.members, newcomer: newcomer, lag: lag, now: now)
        settle(group.id, now: now)
    }

    /// Lets the changes of a group whose lag has passed reach the stored copy.
    mutating func settle(_ group: GroupID, now: Timestamp) {
        for lid in groups[group]?.settle(at: now) ?? [] { meet(lid, direct: false, now: now) }
    }

    /// Lets the changes of all groups whose lag has passed reach the stored copies.
    mutating func settleAll(now: Timestamp) {
        for group in groupOrder { settle(group, now: now) }
    }

    /// Counts a read of a group's members.
    mutating func countRead(of group: GroupID) { groups[group]?.countRead() }
}

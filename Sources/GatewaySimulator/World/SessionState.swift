import Core

/// A session with its stored data.
struct SessionState: Sendable {
    /// What the seed says; only the status changes.
    var seed: SessionSeed
    /// The own account; nil while no account is paired.
    let account: LID?
    /// How far the stored copy is behind.
    var lag: Lag
    /// Whether this session's contacts show each number.
    var numbers: [LID: NumberVisibility]
    /// When the session last connected, or last changed.
    var updatedAt: Timestamp
    /// The number of the session's changes that reached WhatsApp.
    var changes = 0
    /// The stored groups.
    private(set) var groups: [GroupID: StoredGroup] = [:]
    /// The groups in the gateway's order.
    private(set) var groupOrder: [GroupID] = []
    /// The stored contacts in the order in which they were seen, which is also that of their ids.
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
        /// True if it is known from direct messages.
        var isDirect: Bool
        /// True if it was ever seen in a group.
        var isFromGroup: Bool
    }

    /// Creates a session without groups.
    init(_ seed: SessionSeed, account: LID?, lag: Lag, numbers: [LID: NumberVisibility], now: Timestamp) {
        self.seed = seed
        self.account = account
        self.lag = lag
        self.numbers = numbers
        updatedAt = now
    }

    /// The id.
    var id: SessionID { seed.id }

    /// Whether the session is connected to WhatsApp.
    var isConnected: Bool { seed.status == "working" }

    /// Returns the stored contact of an account.
    func contact(_ lid: LID) -> StoredContact? { contactIndex[lid].map { contacts[$0] } }

    /// Adds a group to the session: in its true state, or with nothing known yet.
    mutating func learn(_ group: GroupState, store: StoreKind, isBackfilled: Bool, now: Timestamp) {
        groupOrder.append(group.id)
        groups[group.id] = StoredGroup(id: Int64(groupOrder.count), store: store, now: now)
        if store == .follows || isBackfilled { backfill(group, at: now) }
    }

    /// Writes a group and its members in their true state, regardless of the lag.
    mutating func backfill(_ group: GroupState, at time: Timestamp) {
        groups[group.id]?.backfill(group.members, at: time)
        settle(group.id, now: time)
        for member in group.members { meet(member.lid, direct: false, now: time) }
    }

    /// Records a message in a group.
    mutating func noteMessage(of lid: LID, in group: GroupID, now: Timestamp) {
        groups[group]?.noteMessage(of: lid, now: now)
        if groups[group]?.store == .appendOnly { meet(lid, direct: false, now: now) }
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

    /// Records a change of a group; it reaches the stored copy after the lag.
    mutating func note(_ group: GroupState, newcomer: LID?, now: Timestamp) {
        groups[group.id]?.note(group.members, newcomer: newcomer, lag: lag, now: now)
        settle(group.id, now: now)
    }

    /// Applies the changes of a group whose lag has passed.
    mutating func settle(_ group: GroupID, now: Timestamp) {
        for lid in groups[group]?.settle(at: now) ?? [] { meet(lid, direct: false, now: now) }
    }

    /// Applies the changes of all groups whose lag has passed.
    mutating func settleAll(now: Timestamp) { for group in groupOrder { settle(group, now: now) } }

    /// Counts a read of a group's members.
    mutating func countRead(of group: GroupID) { groups[group]?.countRead() }
}

import Core

/// One row of a stored member list.
struct StoredMember: Hashable, Sendable {
    /// The gateway's own number for the row.
    let id: Int64
    /// The account.
    let lid: LID
    /// The role in the row.
    var role: Role
    /// When the account joined, or when the append-only store first saw it.
    let firstSeenAt: Timestamp
    /// When the account was last seen.
    var lastSeenAt: Timestamp
}

/// A group as a session's stored data has it.
struct StoredGroup: Sendable {
    /// The gateway's own number for the group.
    let id: Int64
    /// When the gateway first saw the group.
    let firstSeenAt: Timestamp
    /// How often the members were read from the start.
    private(set) var reads = 0
    /// The copy that follows the group; nil in an append-only store.
    private var copy: GroupCopy?
    private var appended = AppendedRows()

    /// Creates an up-to-date copy that follows the group.
    init(id: Int64, following members: [Participant], now: Timestamp) {
        self.id = id
        firstSeenAt = now
        copy = GroupCopy(members, now: now)
    }

    /// Creates an empty append-only store.
    init(id: Int64, appendingFrom now: Timestamp) {
        self.id = id
        firstSeenAt = now
    }

    /// True if rows are only appended, each with its own `lastSeenAt`.
    var onlyAppends: Bool { copy == nil }

    /// The rows in listed order.
    var rows: [StoredMember] { copy?.rows ?? appended.rows }

    /// The member count in the group's own record; nil without a record.
    var participantCount: Int? { copy?.members.count ?? appended.snapshot?.count }

    /// Whether the group's own record has subject, owner and count.
    var isRecorded: Bool { participantCount != nil }

    /// When the group's own record last changed.
    var updatedAt: Timestamp { copy?.updatedAt ?? appended.snapshot?.time ?? firstSeenAt }

    /// Returns the row of an account; nil if there is none.
    func row(of lid: LID) -> StoredMember? {
        guard let copy else { return appended.row(of: lid) }
        return copy.rows.first { $0.lid == lid }
    }

    /// Whether the gateway ever saw an account in the group.
    func hasSeen(_ lid: LID) -> Bool { copy?.seen.contains(lid) ?? (appended.row(of: lid) != nil) }

    /// Records a change; it reaches a copy after the lag, and appended rows never.
    mutating func note(_ members: [Participant], newcomer: LID?, lag: Lag, now: Timestamp) {
        copy?.note(members, newcomer: newcomer, lag: lag, now: now)
    }

    /// Applies the changes whose lag has passed to a copy; returns accounts seen for the first time.
    mutating func settle(at now: Timestamp) -> [LID] { copy?.settle(at: now) ?? [] }

    /// Records that an account wrote a message; a copy ignores it.
    mutating func noteMessage(of lid: LID, now: Timestamp) {
        if onlyAppends { appended.write(lid, role: .member, now: now) }
    }

    /// Writes the group's true state, or ends the lag of a copy, which must settle afterwards.
    mutating func backfill(_ members: [Participant], at time: Timestamp) {
        if onlyAppends { appended.backfill(members, at: time) } else { copy?.endLag(at: time) }
    }

    /// Counts a read of the members.
    mutating func countRead() {
        reads += 1
        copy?.countRead()
    }
}

/// A copy of a group's members that follows them with a lag.
struct GroupCopy: Sendable {
    /// The members at the copy's age.
    private(set) var members: [Participant]
    /// When the copy last changed.
    private(set) var updatedAt: Timestamp
    /// Everyone the gateway ever saw in the group.
    private(set) var seen: Set<LID>
    private var pending: [Pending] = []

    /// A state that has not reached the copy yet.
    private struct Pending {
        let members: [Participant]
        let newcomer: LID?
        var dueAt: Timestamp
        var staleReads: Int
    }

    /// Creates an up-to-date copy.
    init(_ members: [Participant], now: Timestamp) {
        self.members = members
        updatedAt = now
        seen = Set(members.map(\.lid))
    }

    /// The members as rows.
    var rows: [StoredMember] {
        members.map {
            StoredMember(id: $0.id, lid: $0.lid, role: $0.role, firstSeenAt: $0.since, lastSeenAt: updatedAt)
        }
    }

    /// Records a change of the group; it reaches the copy after the lag.
    mutating func note(_ members: [Participant], newcomer: LID?, lag: Lag, now: Timestamp) {
        pending.append(
            Pending(
                members: members, newcomer: newcomer, dueAt: now.later(byMilliseconds: lag.milliseconds),
                staleReads: max(0, lag.reads)))
    }

    /// Applies the changes whose lag has passed; returns accounts seen for the first time.
    mutating func settle(at now: Timestamp) -> [LID] {
        let due = pending.prefix { $0.dueAt <= now && $0.staleReads == 0 }
        guard let latest = due.last else { return [] }
        members = latest.members
        let newcomers = due.compactMap(\.newcomer).filter { seen.insert($0).inserted }
        pending.removeFirst(due.count)
        updatedAt = now
        return newcomers
    }

    /// Ends the lag of all changes so far.
    mutating func endLag(at now: Timestamp) {
        for index in pending.indices {
            pending[index].dueAt = now
            pending[index].staleReads = 0
        }
    }

    /// Counts a read of the members.
    mutating func countRead() {
        for index in pending.indices where pending[index].staleReads > 0 { pending[index].staleReads -= 1 }
    }
}

/// Member rows that are inserted and updated, but never deleted.
struct AppendedRows: Sendable {
    /// The rows in the order of insertion.
    private(set) var rows: [StoredMember] = []
    /// What the latest backfill recorded of the group itself; nil without a backfill.
    private(set) var snapshot: (count: Int, time: Timestamp)?
    private var positions: [LID: Int] = [:]

    /// Returns the row of an account; nil if there is none.
    func row(of lid: LID) -> StoredMember? { positions[lid].map { rows[$0] } }

    /// Inserts or updates the row of an account.
    mutating func write(_ lid: LID, role: Role, now: Timestamp) {
        if let position = positions[lid] {
            rows[position].role = role
            rows[position].lastSeenAt = now
            return
        }
        positions[lid] = rows.count
        rows.append(StoredMember(id: Int64(rows.count + 1), lid: lid, role: role, firstSeenAt: now, lastSeenAt: now))
    }

    /// Writes everyone in the group, and their count.
    mutating func backfill(_ members: [Participant], at time: Timestamp) {
        for member in members { write(member.lid, role: member.role, now: time) }
        snapshot = (members.count, time)
    }
}

extension Timestamp {
    /// Returns the time this many milliseconds later, never earlier, capped at the last representable time.
    func later(byMilliseconds difference: Int64) -> Timestamp {
        let (sum, overflows) = milliseconds.addingReportingOverflow(max(0, difference))
        return Timestamp(milliseconds: overflows ? .max : sum)
    }
}

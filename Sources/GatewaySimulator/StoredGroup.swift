import Membership

/// One row of a stored roster.
struct StoredMember: Hashable, Sendable {
    /// The gateway's own number for the row.
    let id: Int64
    /// The account.
    let lid: LID
    /// The role that the row tells.
    var role: Role
    /// When the account joined, or when the store that only appends first saw it.
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
    /// How often the members were read from the beginning.
    private(set) var reads = 0
    /// The copy that follows the group; nil where the store only appends.
    private var copy: GroupCopy?
    private var appended = AppendedRows()

    /// A copy of a group that follows it, up to date.
    init(id: Int64, following members: [Participant], now: Timestamp) {
        self.id = id
        firstSeenAt = now
        copy = GroupCopy(members, now: now)
    }

    /// Rows that are only appended to, none yet.
    init(id: Int64, appendingFrom now: Timestamp) {
        self.id = id
        firstSeenAt = now
    }

    /// Whether rows are only appended, each with a time of its own at which the account was last seen.
    var onlyAppends: Bool { copy == nil }

    /// The rows in the order in which they are listed.
    var rows: [StoredMember] { copy?.rows ?? appended.rows }

    /// How many members the group's own record tells; nil where it was never told.
    var participantCount: Int? { copy?.members.count ?? appended.snapshot?.count }

    /// Whether the group's own record was ever told of subject, owner and count.
    var isRecorded: Bool { participantCount != nil }

    /// When the group's own record last changed.
    var updatedAt: Timestamp { copy?.updatedAt ?? appended.snapshot?.time ?? firstSeenAt }

    /// The row of an account; nil where there is none.
    func row(of lid: LID) -> StoredMember? {
        guard let copy else { return appended.row(of: lid) }
        return copy.rows.first { $0.lid == lid }
    }

    /// Whether the gateway ever saw an account in the group.
    func hasSeen(_ lid: LID) -> Bool { copy?.seen.contains(lid) ?? (appended.row(of: lid) != nil) }

    /// Notes a change of the group, which reaches a copy after the lag, and rows that are appended to never.
    mutating func note(_ members: [Participant], newcomer: LID?, lag: Lag, now: Timestamp) {
        copy?.note(members, newcomer: newcomer, lag: lag, now: now)
    }

    /// Lets the changes whose lag has passed reach a copy; answers who was seen for the first time.
    mutating func settle(at now: Timestamp) -> [LID] { copy?.settle(at: now) ?? [] }

    /// Notes that an account wrote a message, of which a copy takes no notice.
    mutating func noteMessage(of lid: LID, now: Timestamp) {
        if onlyAppends { appended.write(lid, role: .member, now: now) }
    }

    /// Writes the group as it truly is, or ends the lag of a copy, which has to settle then.
    mutating func backfill(_ members: [Participant], at time: Timestamp) {
        if onlyAppends { appended.backfill(members, at: time) } else { copy?.endLag(at: time) }
    }

    /// Counts a read of the members.
    mutating func countRead() {
        reads += 1
        copy?.countRead()
    }
}

/// A copy of a group's members that follows them.
struct GroupCopy: Sendable {
    /// The members, as old as the copy is.
    private(set) var members: [Participant]
    /// When the copy last changed.
    private(set) var updatedAt: Timestamp
    /// Everyone whom the gateway ever saw in the group.
    private(set) var seen: Set<LID>
    private var pending: [Pending] = []

    /// A state that has not reached the copy yet.
    private struct Pending {
        let members: [Participant]
        let newcomer: LID?
        var dueAt: Timestamp
        var staleReads: Int
    }

    /// A copy that is up to date.
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

    /// Notes a change of the group, which reaches the copy after the lag.
    mutating func note(_ members: [Participant], newcomer: LID?, lag: Lag, now: Timestamp) {
        pending.append(
            Pending(
                members: members, newcomer: newcomer, dueAt: now.later(byMilliseconds: lag.milliseconds),
                staleReads: max(0, lag.reads)))
    }

    /// Lets the changes whose lag has passed reach the copy; answers who was seen for the first time.
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

/// Rows of members that are inserted and updated, but never deleted.
struct AppendedRows: Sendable {
    /// The rows in the order in which they were inserted.
    private(set) var rows: [StoredMember] = []
    /// What the latest backfill told of the group itself; nil where there was none.
    private(set) var snapshot: (count: Int, time: Timestamp)?
    private var places: [LID: Int] = [:]

    /// The row of an account; nil where there is none.
    func row(of lid: LID) -> StoredMember? { places[lid].map { rows[$0] } }

    /// Inserts the row of an account, or updates it.
    mutating func write(_ lid: LID, role: Role, now: Timestamp) {
        if let place = places[lid] {
            rows[place].role = role
            rows[place].lastSeenAt = now
            return
        }
        places[lid] = rows.count
        rows.append(
            StoredMember(id: Int64(rows.count + 1), lid: lid, role: role, firstSeenAt: now, lastSeenAt: now))
    }

    /// Writes everyone who is in the group, and how many they are.
    mutating func backfill(_ members: [Participant], at time: Timestamp) {
        for member in members { write(member.lid, role: member.role, now: time) }
        snapshot = (members.count, time)
    }
}

extension Timestamp {
    /// The moment so many milliseconds later, or the last one there is; no earlier moment.
    func later(byMilliseconds difference: Int64) -> Timestamp {
        let (sum, overflows) = milliseconds.addingReportingOverflow(max(0, difference))
        return Timestamp(milliseconds: overflows ? .max : sum)
    }
}

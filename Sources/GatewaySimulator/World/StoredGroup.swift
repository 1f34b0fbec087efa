import Core

/// A group as a session's stored data has it.
struct StoredGroup: Sendable {
    /// The gateway's own number for the group.
    let id: Int64
    /// How the rows follow the group.
    let store: StoreKind
    /// When the gateway first saw the group.
    let firstSeenAt: Timestamp
    /// How often the members were read from the start.
    private(set) var reads = 0
    /// The member list, in listed order.
    private(set) var rows: [Participant] = []
    /// The member count in the group's own record, and when the record last changed; nil without a record.
    private var record: (count: Int, time: Timestamp)?
    /// Everyone the gateway ever saw in the group, and when, which only an append-only store updates.
    private var seen: [LID: Timestamp] = [:]
    private var pending: [Pending] = []

    /// A state that has not reached the rows yet.
    private struct Pending {
        let members: [Participant]
        let newcomer: LID?
        var dueAt: Timestamp
        var staleReads: Int
    }

    /// Creates a group without rows and record.
    init(id: Int64, store: StoreKind, now: Timestamp) {
        self.id = id
        self.store = store
        firstSeenAt = now
    }

    /// The member count in the group's own record; nil without a record.
    var participantCount: Int? { record?.count }

    /// Whether the group's own record has subject, owner and count.
    var isRecorded: Bool { record != nil }

    /// When the group's own record last changed.
    var updatedAt: Timestamp { record?.time ?? firstSeenAt }

    /// Returns the row of an account; nil if there is none.
    func row(of lid: LID) -> Participant? { rows.first { $0.lid == lid } }

    /// Whether the gateway ever saw an account in the group.
    func hasSeen(_ lid: LID) -> Bool { seen[lid] != nil }

    /// Returns when an account was last seen: in a store that follows, when the rows last changed.
    func lastSeenAt(of lid: LID) -> Timestamp { (store == .appendOnly ? seen[lid] : nil) ?? updatedAt }

    /// Records a change; it reaches a store that follows after the lag, and one that only appends never.
    mutating func note(_ members: [Participant], newcomer: LID?, lag: Lag, now: Timestamp) {
        guard store == .follows else { return }
        pending.append(
            Pending(
                members: members, newcomer: newcomer, dueAt: now.later(byMilliseconds: lag.milliseconds),
                staleReads: max(0, lag.reads)))
    }

    /// Applies the changes whose lag has passed; returns accounts seen for the first time.
    mutating func settle(at now: Timestamp) -> [LID] {
        let due = pending.prefix { $0.dueAt <= now && $0.staleReads == 0 }
        guard let latest = due.last else { return [] }
        rows = latest.members
        record = (rows.count, now)
        pending.removeFirst(due.count)
        return due.compactMap(\.newcomer).filter { seen.updateValue(now, forKey: $0) == nil }
    }

    /// Records that an account wrote a message; a store that follows ignores it.
    mutating func noteMessage(of lid: LID, now: Timestamp) {
        if store == .appendOnly { write([(lid, .member)], at: now) }
    }

    /// Writes the group's true state; ends the lag of changes, which must settle afterwards.
    mutating func backfill(_ members: [Participant], at time: Timestamp) {
        for index in pending.indices {
            pending[index].dueAt = time
            pending[index].staleReads = 0
        }
        guard store == .appendOnly || !isRecorded else { return }
        write(members.map { ($0.lid, $0.role) }, at: time)
        record = (members.count, time)
    }

    /// Counts a read of the members.
    mutating func countRead() {
        reads += 1
        for index in pending.indices where pending[index].staleReads > 0 { pending[index].staleReads -= 1 }
    }

    /// Inserts or updates the rows of accounts.
    private mutating func write(_ members: [(lid: LID, role: Role)], at time: Timestamp) {
        let positions = Dictionary(uniqueKeysWithValues: zip(rows.map(\.lid), rows.indices))
        for (lid, role) in members {
            if let position = positions[lid] {
                rows[position].role = role
            } else {
                rows.append(Participant(id: Int64(rows.count + 1), lid: lid, role: role, since: time))
            }
            seen[lid] = time
        }
    }
}

extension Timestamp {
    /// Returns the time this many milliseconds later, never earlier, capped at the last representable time.
    func later(byMilliseconds difference: Int64) -> Timestamp {
        let (sum, overflows) = milliseconds.addingReportingOverflow(max(0, difference))
        return Timestamp(milliseconds: overflows ? .max : sum)
    }
}

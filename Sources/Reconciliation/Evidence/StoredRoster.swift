package import Core
package import GatewayAPI
package import RunLedger

/// What a gateway's rows of a group prove: who was a member at the last full read or later, and who is gone.
///
/// A gateway's store may be a list that only grows (see docs/safety.md, "How a member list is read"). A row then
/// proves only that somebody was in the group at its `lastSeenAt`.
package struct StoredRoster: Hashable, Sendable {
    /// The source for who is in the group.
    package enum Basis: Hashable, Sendable {
        /// The list is current: its rows carry no moments, or the store shows changes without a backfill.
        case list
        /// The gateway read the whole group from WhatsApp at this moment of its clock.
        case snapshot(at: Timestamp)
        /// There was no full read; the rows are people seen one by one.
        case sightings
    }

    /// The source.
    package let basis: Basis
    /// The members that the rows prove, with their known roles.
    package let roster: Roster
    /// Rows older than the snapshot: people who had left by then.
    package let gone: [RosterMember]
    /// The snapshot, if it differs from the remembered one.
    package let news: GroupSnapshot?
    /// How many rows are at or after the newest shared moment, if that is not a snapshot; nil if no moment is shared.
    package let listedTogether: Int?
    /// When a run first saw the snapshot; nil if that is now, or there is none.
    private let snapshotSeenAt: Timestamp?

    /// The moment of the snapshot, but not later than it was first seen, as the gateway's clock may be ahead; nil if
    /// there is none.
    ///
    /// It does not show later changes.
    package var provenAt: Timestamp? {
        guard case .snapshot(let moment) = basis else { return nil }
        return min(moment, snapshotSeenAt ?? moment)
    }

    /// Whether a row's moment is after a moment of the local clock.
    ///
    /// The gateway's clock is ahead by at least the time between the first sight of a snapshot and its moment.
    func isLater(_ seenAt: Timestamp?, than moment: Timestamp) -> Bool {
        guard let seenAt else { return false }
        guard case .snapshot(let takenAt) = basis, let provenAt else { return seenAt > moment }
        return seenAt.advanced(byMilliseconds: provenAt.milliseconds - takenAt.milliseconds) > moment
    }

    /// Interprets the rows.
    ///
    /// `remembered` is the snapshot that earlier runs saw, and `follows` whether the store shows changes without a
    /// backfill.
    package init(_ roster: Roster, record: GroupRecord, remembered: GroupSnapshot?, followsChanges: Bool) {
        let stamps = followsChanges ? [] : roster.stamps
        guard let newest = stamps.last, newest > 0 else {
            self.init(basis: .list, roster: roster)
            return
        }
        let moments = SortedTimes(stamps)
        guard let moment = moments.snapshot(of: record, remembered) else {
            let shared = moments.newestShared
            // A role at a shared moment was read from WhatsApp; any other `member` may be an admin who has written.
            let members = roster.members.map { member in
                moments.count(at: member.lastSeenAt) > 1 ? member : member.withUncertainRole
            }
            self.init(
                basis: .sightings,
                roster: Roster(
                    members: members, foreignEntryCount: roster.foreignEntryCount, foreignSeenAt: roster.foreignSeenAt),
                listedTogether: shared.map(moments.count(since:)))
            return
        }
        self.init(roster, at: moment, size: record.participantCount ?? 0, remembered, moments)
    }

    private init(
        basis: Basis, roster: Roster, gone: [RosterMember] = [], news: GroupSnapshot? = nil, listedTogether: Int? = nil,
        seenAt: Timestamp? = nil
    ) {
        snapshotSeenAt = seenAt
        self.basis = basis
        self.roster = roster
        self.gone = gone
        self.news = news
        self.listedTogether = listedTogether
    }

    /// Separates members at or after a snapshot from people who had left by then.
    private init(
        _ roster: Roster, at moment: Timestamp, size: Int, _ remembered: GroupSnapshot?, _ moments: SortedTimes
    ) {
        let known = remembered?.takenAt == moment ? remembered : nil
        var (members, gone): ([RosterMember], [RosterMember]) = ([], [])
        if moments.count(at: moment) == roster.members.count + roster.foreignSeenAt.count {
            // The usual case after a fresh read: every row has that moment.
            members = roster.members
        } else {
            members.reserveCapacity(roster.members.count)
            for member in roster.members {
                let seenAt = member.lastSeenAt ?? Timestamp(milliseconds: 0)
                if seenAt < moment {
                    gone.append(member)
                } else if seenAt == moment {
                    members.append(member)
                } else {
                    members.append(member.seenAfter(moment, known))
                }
            }
        }
        let unstamped = roster.foreignEntryCount - roster.foreignSeenAt.count
        let foreign = roster.foreignSeenAt.filter { $0 >= moment }
        self.init(
            basis: .snapshot(at: moment),
            roster: gone.isEmpty && members == roster.members
                ? roster
                : Roster(members: members, foreignEntryCount: foreign.count + unstamped, foreignSeenAt: foreign),
            gone: gone, news: known == nil ? GroupSnapshot(of: members, takenAt: moment, size: size) : nil,
            seenAt: known?.seenAt)
    }
}

/// The sorted `lastSeenAt` moments of the rows of a roster.
private struct SortedTimes {
    private let sorted: [Int64]

    init(_ sorted: [Int64]) { self.sorted = sorted }

    /// Returns how many rows were last seen at a moment.
    func count(at moment: Timestamp?) -> Int {
        guard let moment = moment?.milliseconds else { return 0 }
        return lowerBound(sorted.count) { sorted[$0] <= moment } - lowerBound(sorted.count) { sorted[$0] < moment }
    }

    /// Returns how many rows were last seen at a moment or later.
    func count(since moment: Timestamp) -> Int {
        sorted.count - lowerBound(sorted.count) { sorted[$0] < moment.milliseconds }
    }

    /// The newest moment that several rows share.
    var newestShared: Timestamp? {
        let position = sorted.indices.dropFirst().last { sorted[$0] == sorted[$0 - 1] && sorted[$0] > 0 }
        return position.map { Timestamp(milliseconds: sorted[$0]) }
    }

    /// Returns when the whole group was last read; nil if unknown.
    ///
    /// Candidates are the moment of the group's record, the remembered one, and the newest shared one. A candidate
    /// counts if as many rows as the group has participants are at or after it.
    func snapshot(of record: GroupRecord, _ remembered: GroupSnapshot?) -> Timestamp? {
        guard let size = record.participantCount, size > 0 else { return nil }
        func isWhole(_ moment: Timestamp) -> Bool { count(at: moment) <= size && size <= count(since: moment) }
        // The record and the rows are written by the same read, so two people who write at one moment cannot look like
        // it.
        if let moment = record.updatedAt, count(at: moment) > 0, isWhole(moment) { return moment }
        var moments: [Timestamp] = []
        if let remembered, remembered.size == size { moments.append(remembered.takenAt) }
        if let shared = newestShared { moments.append(shared) }
        if size == 1, let last = sorted.last { moments.append(Timestamp(milliseconds: last)) }
        return moments.filter(isWhole).max()
    }
}

extension Roster {
    /// The sorted moments of its entries, 0 for an entry without one; empty if no entry has one.
    fileprivate var stamps: [Int64] {
        // Usually there are none, or all are the same.
        guard members.contains(where: { $0.lastSeenAt != nil }) else { return [] }
        let stamps = members.map { $0.lastSeenAt?.milliseconds ?? 0 } + foreignSeenAt.map(\.milliseconds)
        return stamps.allSatisfy { $0 == stamps[0] } ? stamps : stamps.sorted()
    }
}

extension RosterMember {
    /// The entry with an uncertain role if a message of an admin may have written its row.
    fileprivate var withUncertainRole: RosterMember {
        guard role == .member, roleStatus == .plain else { return self }
        var member = self
        member.roleStatus = .perhapsAdmin
        return member
    }

    /// Returns the entry of a member seen after a snapshot, with the role from the snapshot.
    ///
    /// The member's message made the row say "ordinary member", whatever they are.
    fileprivate func seenAfter(_ moment: Timestamp, _ known: GroupSnapshot?) -> RosterMember {
        guard role == .member, roleStatus == .plain else { return self }
        var member = self
        if let known {
            if known.admins.contains(account) {
                member.role = .admin
                member.roleStatus = known.creator == account ? .creator : .plain
            } else if known.uncertain.contains(account) {
                member.roleStatus = .perhapsAdmin
            }
            return member
        }
        // A member first seen after the snapshot has joined since, as an ordinary member.
        if let firstSeenAt, firstSeenAt > moment { return self }
        return withUncertainRole
    }
}

extension GroupSnapshot {
    /// What to remember of a snapshot's members, as a later message overwrites the role in their row.
    fileprivate init(of members: [RosterMember], takenAt: Timestamp, size: Int) {
        self.init(
            takenAt: takenAt, size: size, admins: Set(members.filter { $0.role == .admin }.map(\.account)),
            creator: members.first { $0.roleStatus == .creator }?.account,
            uncertain: Set(members.filter { $0.roleStatus == .perhapsAdmin }.map(\.account)))
    }
}

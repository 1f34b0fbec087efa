package import GatewayAPI
package import Membership
package import RunLedger

/// What the rows that a gateway stores of a group prove: who of those listed was there when the whole group was last read, or
/// later, and who is gone.
///
/// A gateway's store may be a list to which rows are only added (see docs/safety.md, "How a roster is read"): a row then proves
/// that somebody was in the group at its `lastSeenAt`, no more.
package struct StoredRoster: Hashable, Sendable {
    /// How it is known who is in the group.
    package enum Basis: Hashable, Sendable {
        /// The list is the group as it is: its rows carry no moments, or the store was seen to follow changes by itself.
        case list
        /// The gateway read the whole group from WhatsApp at this moment of its clock.
        case snapshot(at: Timestamp)
        /// There is no such moment: the rows are people who were seen one by one.
        case sightings
    }

    /// How it is known.
    package let basis: Basis
    /// Those who are in the group as far as the rows tell, with the roles that are known.
    package let roster: Roster
    /// Rows older than the snapshot: people who had gone by then.
    package let gone: [RosterMember]
    /// The snapshot, where it is another than the one remembered.
    package let news: GroupSnapshot?
    /// How many rows there are at or after the newest moment that several share, where that is no snapshot; nil where none do.
    package let listedTogether: Int?
    /// When a run first saw the snapshot; nil where that is now, or there is none.
    private let snapshotSeenAt: Timestamp?

    /// The moment of the snapshot, by a clock that may be ahead: no later than it was first seen.
    ///
    /// What was done after that it does not tell. Nil where there is none.
    package var provenAt: Timestamp? {
        guard case .snapshot(let moment) = basis else { return nil }
        return min(moment, snapshotSeenAt ?? moment)
    }

    /// Whether the moment of a row is after one of the clock here: the gateway's is ahead by at least as much as a snapshot was later
    /// than it was first seen.
    func isLater(_ seenAt: Timestamp?, than moment: Timestamp) -> Bool {
        guard let seenAt else { return false }
        guard case .snapshot(let takenAt) = basis, let provenAt else { return seenAt > moment }
        return seenAt.advanced(byMilliseconds: provenAt.milliseconds - takenAt.milliseconds) > moment
    }

    /// Reads the rows.
    ///
    /// `remembered` is the snapshot that earlier runs have seen, and `follows` whether the session's store was seen to follow
    /// changes by itself.
    package init(_ roster: Roster, record: GroupRecord, remembered: GroupSnapshot?, follows: Bool) {
        let stamps = follows ? [] : roster.stamps
        guard let newest = stamps.last, newest > 0 else {
            self.init(basis: .list, roster: roster)
            return
        }
        let moments = Moments(stamps)
        guard let moment = moments.snapshot(of: record, remembered) else {
            let shared = moments.newestShared
            // A role that came with others at one moment was read from WhatsApp; any other `member` may be an admin who has written.
            let members = roster.members.map { member in
                moments.count(at: member.lastSeenAt) > 1 ? member : member.withUncertainRole
            }
            self.init(
                basis: .sightings,
                roster: Roster(
                    members: members, foreignEntries: roster.foreignEntries, foreignSeenAt: roster.foreignSeenAt),
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

    /// Tells those who were there at a snapshot, or later, from those who had gone by then.
    private init(
        _ roster: Roster, at moment: Timestamp, size: Int, _ remembered: GroupSnapshot?, _ moments: Moments
    ) {
        let known = remembered?.takenAt == moment ? remembered : nil
        var (members, gone): ([RosterMember], [RosterMember]) = ([], [])
        if moments.count(at: moment) == roster.members.count + roster.foreignSeenAt.count {
            // The rule after a fresh read: every row is of that moment.
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
        let unstamped = roster.foreignEntries - roster.foreignSeenAt.count
        let foreign = roster.foreignSeenAt.filter { $0 >= moment }
        self.init(
            basis: .snapshot(at: moment),
            roster: gone.isEmpty && members == roster.members
                ? roster
                : Roster(members: members, foreignEntries: foreign.count + unstamped, foreignSeenAt: foreign),
            gone: gone, news: known == nil ? GroupSnapshot(of: members, takenAt: moment, size: size) : nil,
            seenAt: known?.seenAt)
    }
}

/// The moments at which the rows of a roster were last seen, in order.
private struct Moments {
    private let sorted: [Int64]

    init(_ sorted: [Int64]) { self.sorted = sorted }

    /// How many rows were last seen at a moment.
    func count(at moment: Timestamp?) -> Int {
        guard let moment = moment?.milliseconds else { return 0 }
        return lowerBound(sorted.count) { sorted[$0] <= moment } - lowerBound(sorted.count) { sorted[$0] < moment }
    }

    /// How many rows were last seen at a moment or later.
    func count(since moment: Timestamp) -> Int {
        sorted.count - lowerBound(sorted.count) { sorted[$0] < moment.milliseconds }
    }

    /// The newest moment that several rows share.
    var newestShared: Timestamp? {
        let place = sorted.indices.dropFirst().last { sorted[$0] == sorted[$0 - 1] && sorted[$0] > 0 }
        return place.map { Timestamp(milliseconds: sorted[$0]) }
    }

    /// When the whole group was last read: the moment of the group's own record, the one remembered, or the newest that several
    /// rows share, where as many rows as the group has participants are of that moment or later.
    func snapshot(of record: GroupRecord, _ remembered: GroupSnapshot?) -> Timestamp? {
        guard let size = record.participantCount, size > 0 else { return nil }
        func isWhole(_ moment: Timestamp) -> Bool { count(at: moment) <= size && size <= count(since: moment) }
        // The record is written by the same read as the rows: two people who write in one moment cannot be mistaken for it.
        if let moment = record.updatedAt, count(at: moment) > 0, isWhole(moment) { return moment }
        var moments: [Timestamp] = []
        if let remembered, remembered.size == size { moments.append(remembered.takenAt) }
        if let shared = newestShared { moments.append(shared) }
        if size == 1, let last = sorted.last { moments.append(Timestamp(milliseconds: last)) }
        return moments.filter(isWhole).max()
    }
}

extension Roster {
    /// The moments at which its entries were last seen, in order, 0 where the gateway does not tell; empty where it tells none.
    fileprivate var stamps: [Int64] {
        // As a rule there are none, or all are the same.
        guard members.contains(where: { $0.lastSeenAt != nil }) else { return [] }
        let stamps = members.map { $0.lastSeenAt?.milliseconds ?? 0 } + foreignSeenAt.map(\.milliseconds)
        return stamps.allSatisfy { $0 == stamps[0] } ? stamps : stamps.sorted()
    }
}

extension RosterMember {
    /// The entry as far as it holds where its row may have been written by a message of an admin.
    fileprivate var withUncertainRole: RosterMember {
        guard role == .member, standing == .plain else { return self }
        var member = self
        member.standing = .perhapsAdmin
        return member
    }

    /// The entry of somebody who was seen after a snapshot, which their row no longer tells of: the message has made them an ordinary
    /// member there, whatever they are.
    fileprivate func seenAfter(_ moment: Timestamp, _ known: GroupSnapshot?) -> RosterMember {
        guard role == .member, standing == .plain else { return self }
        var member = self
        if let known {
            if known.admins.contains(account) {
                member.role = .admin
                member.standing = known.creator == account ? .creator : .plain
            } else if known.uncertain.contains(account) {
                member.standing = .perhapsAdmin
            }
            return member
        }
        // Who was first seen after the snapshot has come since, and comes as an ordinary member.
        if let firstSeenAt, firstSeenAt > moment { return self }
        return withUncertainRole
    }
}

extension GroupSnapshot {
    /// What is to be remembered of the members that a snapshot shows: their roles are gone from the rows once they write.
    fileprivate init(of members: [RosterMember], takenAt: Timestamp, size: Int) {
        self.init(
            takenAt: takenAt, size: size, admins: Set(members.filter { $0.role == .admin }.map(\.account)),
            creator: members.first { $0.standing == .creator }?.account,
            uncertain: Set(members.filter { $0.standing == .perhapsAdmin }.map(\.account)))
    }
}

import Core
import GatewayAPI
import RunLedger
import Testing

@testable import Reconciliation

/// A member list row in short: person 7 has the LID 9000007; moments count in seconds.
private struct Row {
    var person: UInt64
    var role: Role = .member
    var roleStatus: RoleStatus = .plain
    var first: Int64?
    var last: Int64?

    func member() throws -> RosterMember {
        RosterMember(
            account: .lid(try lid(person)), role: role, roleStatus: roleStatus, firstSeenAt: first.map(moment),
            lastSeenAt: last.map(moment))
    }
}

private func moment(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_790_000_000_000 + seconds * 1_000) }

private func stored(
    _ rows: [Row], count: Int?, updated: Int64? = nil, remembered: GroupSnapshot? = nil, followsChanges: Bool = false
) throws -> StoredRoster {
    guard let id = Scene.groupID else { throw SceneError() }
    return StoredRoster(
        Roster(members: try rows.map { try $0.member() }),
        record: GroupRecord(
            id: id, subject: nil, owner: nil, participantCount: count, updatedAt: updated.map(moment)),
        remembered: remembered, followsChanges: followsChanges)
}

extension StoredRoster {
    /// The members: admins with a star, possible admins with a question mark, the creator with an exclamation mark.
    fileprivate var people: [String] { roster.members.map(Self.word) }

    fileprivate static func word(_ member: RosterMember) -> String {
        let person = member.account.lid.map { $0.digits - 9_000_000 } ?? 0
        let mark =
            switch member.roleStatus {
            case .creator: "!"
            case .perhapsAdmin: "?"
            case .roleUnknown: "#"
            case .plain: member.role == .admin ? "*" : ""
            }
        return "\(person)\(mark)"
    }
}

@Suite("Snapshots in a store's rows") struct StoredRosterTests {
    @Test("Rows without times, or a store known to follow changes, are the list as it is") func list()
        throws
    {
        let plain = try stored([Row(person: 1, role: .admin), Row(person: 2)], count: 7)
        #expect(plain.basis == .list)
        #expect(plain.people == ["1*", "2"])
        let following = try stored(
            [Row(person: 1, role: .admin, last: 5), Row(person: 2, last: 1)], count: 2, followsChanges: true)
        #expect(following.basis == .list)
        #expect(following.people == ["1*", "2"])
    }

    @Test(
        "A snapshot has one row per participant, at or after the newest shared time")
    func snapshot() throws {
        let rows = [
            Row(person: 1, role: .admin, last: 10), Row(person: 2, last: 10), Row(person: 3, last: 4),
            Row(person: 4, last: 10), Row(person: 5, first: 15, last: 15),
        ]
        let seen = try stored(rows, count: 3)
        #expect(seen.basis == .snapshot(at: moment(10)))
        #expect(seen.people == ["1*", "2", "4", "5"])
        #expect(seen.gone.map(StoredRoster.word) == ["3"])
        #expect(seen.news == GroupSnapshot(takenAt: moment(10), size: 3, admins: [.lid(try lid(1))]))
    }

    @Test("A missing or different count, or no shared time, means no snapshot")
    func noSnapshot() throws {
        let rows = [Row(person: 1, role: .admin, last: 10), Row(person: 2, last: 10)]
        for (rows, count, together) in [
            (rows, 3, 2), (rows, 1, 2), (rows, nil, 2), (rows, 0, 2),
            ([Row(person: 1, last: 1), Row(person: 2, last: 2)], 2, nil),
            ([Row(person: 1, last: 1), Row(person: 2)], 2, nil),
        ] as [([Row], Int?, Int?)] {
            let seen = try stored(rows, count: count)
            #expect(seen.basis == .sightings)
            #expect(seen.roster.members.count == 2)
            #expect(seen.listedTogether == together)
            #expect(seen.news == nil)
        }
    }

    @Test("The group's own record time takes priority over a time that two people share by chance")
    func chance() throws {
        // Two people came after the backfill and wrote at the same time; the group had two members when it was read.
        let rows = [
            Row(person: 1, role: .admin, last: 10), Row(person: 2, last: 10), Row(person: 3, first: 20, last: 20),
            Row(person: 4, first: 20, last: 20),
        ]
        let seen = try stored(rows, count: 2, updated: 10)
        #expect(seen.basis == .snapshot(at: moment(10)))
        #expect(seen.people == ["1*", "2", "3", "4"])
    }

    @Test("A snapshot stays valid after all but one of its members have written")
    func remembered() throws {
        let known = GroupSnapshot(takenAt: moment(10), size: 3, admins: [.lid(try lid(1))])
        let rows = [
            Row(person: 1, last: 12), Row(person: 2, last: 13), Row(person: 3, last: 11), Row(person: 4, last: 2),
        ]
        let seen = try stored(rows, count: 3, remembered: known)
        #expect(seen.basis == .snapshot(at: moment(10)))
        #expect(seen.people == ["1*", "2", "3"])
        #expect(seen.news == nil)
        #expect(try stored(rows, count: 3).basis == .sightings)
    }

    @Test("A group of one member has a snapshot of one") func alone() throws {
        let seen = try stored([Row(person: 1, role: .admin, last: 10), Row(person: 2, last: 3)], count: 1)
        #expect(seen.basis == .snapshot(at: moment(10)))
        #expect(seen.people == ["1*"])
    }

    @Test("A later message does not make an admin of the snapshot a member") func adminWrites() throws {
        let known = GroupSnapshot(
            takenAt: moment(10), size: 4, admins: [.lid(try lid(1)), .lid(try lid(2))], creator: .lid(try lid(2)),
            uncertain: [.lid(try lid(3))])
        let rows = [
            Row(person: 1, first: 1, last: 12), Row(person: 2, first: 1, last: 13), Row(person: 3, first: 1, last: 14),
            Row(person: 4, first: 1, last: 10), Row(person: 5, first: 15, last: 15),
        ]
        #expect(try stored(rows, count: 4, updated: 10, remembered: known).people == ["1*", "2!", "3?", "4", "5"])
        // A person who wrote before the snapshot was first seen may be an admin; one who came after it is not.
        let new = try stored(rows, count: 4, updated: 10)
        #expect(new.people == ["1?", "2?", "3?", "4", "5"])
        #expect(new.news?.uncertain == [.lid(try lid(1)), .lid(try lid(2)), .lid(try lid(3))])
    }

    @Test("An admin role counts whenever the row was written") func adminRows() throws {
        let known = GroupSnapshot(takenAt: moment(10), size: 2, admins: [])
        let rows = [
            Row(person: 1, role: .admin, last: 12), Row(person: 2, role: .admin, roleStatus: .creator, last: 13),
            Row(person: 3, last: 10),
        ]
        #expect(try stored(rows, count: 3, updated: 10, remembered: known).people == ["1*", "2!", "3"])
    }

    @Test("The order of the rows does not change the snapshot") func order() throws {
        let rows = (1...9).map { Row(person: $0, role: $0 == 1 ? .admin : .member, last: $0 < 4 ? 3 : 10) }
        let expected = try stored(rows, count: 6)
        #expect(expected.basis == .snapshot(at: moment(10)))
        for _ in 0..<20 { #expect(try stored(rows.shuffled(), count: 6) == expected) }
    }
}

import Core
import GatewayAPI
import Testing

@testable import Reconciliation
@testable import RunLedger

/// A group on an append-only store with its last snapshot at second 100; calls are answered at other seconds.
private struct StoredScene {
    var rows: [(person: UInt64, role: Role, last: Int64)] = [(1, .admin, 100), (2, .member, 100), (3, .admin, 100)]
    var count: Int? = 3
    var calls: [OpenCall] = []
    var phones: [UInt64] = [1, 2, 3, 4, 5]

    static func moment(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_790_000_000_000 + seconds * 1_000) }

    mutating func call(
        _ operation: Core.Operation, _ person: UInt64, at seconds: Int64, accepted: Bool = true
    ) throws {
        guard let group = Scene.groupID else { throw SceneError() }
        calls.append(
            OpenCall(
                id: Int64(calls.count + 1), group: group, operation: operation, phone: try phone(person),
                account: .phone(try phone(person)), lid: operation == .add ? nil : try lid(person),
                sentAt: Self.moment(seconds), answeredAt: Self.moment(seconds), uncertainAttempts: 0, runLived: true,
                wasAccepted: accepted))
    }

    func evidence() throws -> Evidence {
        guard let group = Scene.groupID else { throw SceneError() }
        return Evidence(
            GroupObservation(
                record: GroupRecord(
                    id: group, subject: nil, owner: nil, participantCount: count, updatedAt: Self.moment(100)),
                roster: Roster(
                    members: try rows.map { person, role, last in
                        RosterMember(account: .lid(try lid(person)), role: role, lastSeenAt: Self.moment(last))
                    }),
                phones: IdentityTable(try phones.map { (key: try lid($0), value: try phone($0)) }), own: nil,
                store: StoreMemory(calls: calls)))
    }
}

extension Evidence {
    /// The members, admins with a star; those known only from our calls are in brackets.
    fileprivate var people: [String] {
        members.map { member in
            let person = member.phone.map { $0.digits - 62_000_000_000 } ?? 0
            let text = "\(person)\(member.role == .admin ? "*" : "")"
            return member.knownBy == nil ? text : "(\(text))"
        }.sorted()
    }
}

@Suite("Evidence from an append-only store") struct EvidenceTests {
    @Test("A change accepted after the snapshot counts as done, until it shows")
    func accepted() throws {
        var scene = StoredScene()
        try scene.call(.add, 4, at: 110)
        try scene.call(.remove, 2, at: 111)
        try scene.call(.demote, 3, at: 112)
        let evidence = try scene.evidence()
        #expect(evidence.people == ["(3)", "(4)", "1*"])
        #expect(evidence.awaited.map(\.id) == [1, 2, 3])
        #expect(evidence.adminCount == 1)
        #expect(scene.calls.allSatisfy { evidence.verdict(on: $0) == .cannotTell })
    }

    @Test("An accepted promotion makes nobody count as an admin") func promotion() throws {
        var scene = StoredScene()
        try scene.call(.promote, 2, at: 110)
        let evidence = try scene.evidence()
        #expect(evidence.people == ["(2*)", "1*", "3*"])
        #expect(evidence.adminCount == 2)
    }

    @Test("A call with a lost answer does not count as done") func lost() throws {
        var scene = StoredScene()
        try scene.call(.add, 4, at: 110, accepted: false)
        try scene.call(.remove, 2, at: 111, accepted: false)
        #expect(try scene.evidence().people == ["1*", "2", "3*"])
        #expect(try scene.evidence().awaited.isEmpty)
    }

    @Test("A later snapshot shows what happened to each change") func settled() throws {
        var scene = StoredScene()
        try scene.call(.add, 4, at: 90)
        try scene.call(.add, 2, at: 90)
        try scene.call(.remove, 5, at: 90)
        try scene.call(.remove, 3, at: 90)
        try scene.call(.promote, 3, at: 90)
        try scene.call(.promote, 2, at: 90)
        try scene.call(.demote, 2, at: 90)
        try scene.call(.demote, 3, at: 90)
        let evidence = try scene.evidence()
        #expect(
            scene.calls.map { evidence.verdict(on: $0) }
                == [.notShown, .shown, .shown, .notShown, .shown, .notShown, .shown, .notShown])
        #expect(evidence.people == ["1*", "2", "3*"])
        #expect(evidence.awaited.isEmpty)
    }

    @Test("A person's message confirms an add, and shows that a removal was undone") func messages() throws {
        var scene = StoredScene()
        scene.rows += [(4, .member, 120)]
        try scene.call(.add, 4, at: 110)
        try scene.call(.remove, 2, at: 111)
        scene.rows[1].last = 130
        let evidence = try scene.evidence()
        #expect(evidence.verdict(on: scene.calls[0]) == .shown)
        #expect(evidence.verdict(on: scene.calls[1]) == .notShown)
        #expect(evidence.people == ["1*", "2", "3*", "4"])
    }

    @Test("An add is confirmed by a person who came and left before the snapshot") func cameAndWent() throws {
        var scene = StoredScene()
        scene.rows += [(4, .member, 95)]
        try scene.call(.add, 4, at: 90)
        let evidence = try scene.evidence()
        #expect(evidence.verdict(on: scene.calls[0]) == .shown)
        #expect(evidence.people == ["1*", "2", "3*"])
    }

    @Test("The last of several changes counts") func order() throws {
        var scene = StoredScene()
        try scene.call(.add, 4, at: 110)
        try scene.call(.remove, 4, at: 111)
        #expect(try scene.evidence().people == ["1*", "2", "3*"])
        try scene.call(.add, 4, at: 112)
        #expect(try scene.evidence().people == ["(4)", "1*", "2", "3*"])
        #expect(try scene.evidence().awaited.map(\.id) == [3])
    }

    @Test("A store without a snapshot confirms nothing") func sightings() throws {
        var scene = StoredScene()
        scene.count = nil
        try scene.call(.add, 4, at: 110)
        let evidence = try scene.evidence()
        #expect(evidence.stored.basis == .sightings)
        #expect(evidence.verdict(on: scene.calls[0]) == .cannotTell)
        #expect(evidence.people == ["(4)", "1*", "2", "3*"])
    }

    @Test("A store follows changes if it dropped a person we removed, or shows a promotion")
    func follows() throws {
        var scene = StoredScene()
        try scene.call(.remove, 4, at: 110)
        func finds(_ scene: StoredScene, followsChanges: Bool = false, hours: Int64 = 0) throws -> Bool? {
            let rows = Roster(
                members: try scene.rows.map { person, role, last in
                    RosterMember(
                        account: .lid(try lid(person)), role: role, lastSeenAt: StoredScene.moment(last))
                })
            let now = StoredScene.moment(200 + hours * 3_600)
            let known = GroupSnapshot(
                takenAt: StoredScene.moment(100), size: scene.count ?? 0, admins: [.lid(try lid(1))])
            return StoreMemory(snapshot: known, followsChanges: followsChanges, calls: scene.calls)
                .findsToFollow(
                    rows,
                    GroupRecord(
                        id: try #require(Scene.groupID), subject: nil, owner: nil, participantCount: scene.count,
                        updatedAt: StoredScene.moment(100)), at: now)
        }
        #expect(try finds(scene) == true)
        scene.rows += [(4, .member, 100)]
        scene.count = 4
        #expect(try finds(scene) == nil)
        #expect(try finds(scene, followsChanges: true) == nil)
        #expect(try finds(scene, followsChanges: true, hours: 2) == false)
        scene.calls = []
        try scene.call(.promote, 3, at: 110)
        #expect(try finds(scene) == true)
        scene.calls = []
        try scene.call(.promote, 2, at: 110)
        #expect(try finds(scene) == nil)
    }
}

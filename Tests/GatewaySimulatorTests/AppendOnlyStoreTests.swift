import Core
import Foundation
import GatewaySimulator
import Testing

@Suite("Append-only store")
struct AppendOnlyStoreTests {
    private static let minute: Int64 = 60_000

    private func sample(
        isBackfilled: Bool = true, adjust: (inout WorldSeed) throws -> Void = { _ in }
    ) throws -> SampleWorld {
        try SampleWorld(adjust: { seed in
            seed.behaviour.store = .appendOnly
            seed.behaviour.beginsBackfilled = isBackfilled
            try adjust(&seed)
        })
    }

    private func contacts(_ sample: SampleWorld) throws -> [String?] {
        try sample.ask("GET", "/contacts?group=120363041234567890%40g.us").decoded(Page<Contact>.self).data
            .map(\.phoneJid)
    }

    @Test("An append-only store starts as after a backfill at the start of the world")
    func start() throws {
        let sample = try sample()
        let rows = try sample.rows()
        #expect(rows.map(\.role) == ["admin", "superadmin", "admin", "member"])
        #expect(Set(rows.map(\.lastSeenAt)) == [sample.clock.now.milliseconds])
        #expect(try sample.ask("GET", sample.groupPath).decoded(Record.self) == Record(sample, count: 4))
        #expect(try contacts(sample).count == 4)
    }

    @Test("Adds, removals, promotions and demotions through the API change neither rows nor record")
    func deafToCalls() throws {
        let sample = try sample()
        let before = [sample.ask("GET", "\(sample.groupPath)/members").body, sample.ask("GET", sample.groupPath).body]
        sample.clock.advance(byMilliseconds: Self.minute)
        #expect(sample.add([sample.outsider]).status == 204)
        #expect(sample.promote(sample.member).status == 204)
        #expect(sample.demote(sample.admin).status == 204)
        #expect(sample.remove(sample.admin).status == 204)
        #expect(try sample.roles().count == 4)
        let after = [sample.ask("GET", "\(sample.groupPath)/members").body, sample.ask("GET", sample.groupPath).body]
        #expect(after == before)
        #expect(try !contacts(sample).contains(sample.outsider.jid))
    }

    @Test("People who leave or join by themselves change neither rows nor record")
    func deafToPeople() throws {
        let sample = try sample()
        let before = [sample.ask("GET", "\(sample.groupPath)/members").body, sample.ask("GET", sample.groupPath).body]
        sample.clock.advance(byMilliseconds: Self.minute)
        sample.world.join(sample.outsider, sample.groupID)
        sample.world.leave(sample.member, sample.groupID)
        sample.world.setRole(.member, of: sample.admin, in: sample.groupID)
        let after = [sample.ask("GET", "\(sample.groupPath)/members").body, sample.ask("GET", sample.groupPath).body]
        #expect(after == before)
    }

    @Test("A message writes its sender as a member seen now, in any role")
    func message() throws {
        let sample = try sample()
        let start = sample.clock.now.milliseconds
        sample.clock.advance(byMilliseconds: Self.minute)
        sample.world.write(sample.admin, in: sample.groupID)
        sample.world.write(sample.creator, in: sample.groupID)
        for phone in [sample.admin, sample.creator] {
            let row = try #require(try sample.row(of: phone))
            #expect(row.role == "member")
            #expect(row.firstSeenAt == start)
            #expect(row.lastSeenAt == start + Self.minute)
        }
        #expect(try sample.row(of: sample.member)?.lastSeenAt == start)
        #expect(try sample.roles()[sample.admin] == .admin)
        #expect(try sample.ask("GET", sample.groupPath).decoded(Record.self).updatedAt == start)
    }

    @Test("An add shows when the person writes, and so does the contact")
    func addThenMessage() throws {
        let sample = try sample()
        #expect(sample.add([sample.outsider]).status == 204)
        #expect(try !sample.isListed(sample.outsider))
        sample.clock.advance(byMilliseconds: Self.minute)
        sample.world.write(sample.outsider, in: sample.groupID)
        let row = try #require(try sample.row(of: sample.outsider))
        #expect(row.firstSeenAt == sample.clock.now.milliseconds)
        #expect(row.lastSeenAt == sample.clock.now.milliseconds)
        #expect(try contacts(sample).contains(sample.outsider.jid))
        #expect(try sample.ask("GET", sample.groupPath).decoded(Record.self).participantCount == 4)
    }

    @Test("A non-member cannot write a message")
    func messageOfNobody() throws {
        let sample = try sample()
        sample.world.write(sample.outsider, in: sample.groupID)
        #expect(try sample.listedMembers().count == 4)
        #expect(sample.remove(sample.member).status == 204)
        sample.clock.advance(byMilliseconds: Self.minute)
        sample.world.write(sample.member, in: sample.groupID)
        #expect(try sample.row(of: sample.member)?.lastSeenAt == sample.clock.now.milliseconds - Self.minute)
    }

    @Test("A backfill writes everyone with their true role at one time, and keeps the rows of people who left")
    func backfill() throws {
        let sample = try sample()
        let start = sample.clock.now.milliseconds
        sample.world.write(sample.admin, in: sample.groupID)
        #expect(sample.add([sample.outsider]).status == 204)
        #expect(sample.remove(sample.member).status == 204)
        sample.clock.advance(byMilliseconds: Self.minute)
        sample.world.backfill(sample.sessionID)
        let now = sample.clock.now.milliseconds
        let rows = try sample.rows()
        #expect(rows.map(\.role) == ["admin", "superadmin", "admin", "member", "member"])
        #expect(rows.map(\.lastSeenAt) == [now, now, now, start, now])
        #expect(rows.map(\.firstSeenAt) == [start, start, start, start, now])
        #expect(try sample.row(of: sample.member)?.lastSeenAt == start)
        #expect(try sample.ask("GET", sample.groupPath).decoded(Record.self) == Record(sample, count: 4))
    }

    @Test("One backfill gives all groups the same time")
    func oneInstant() throws {
        let sample = try sample(adjust: { seed in
            let other = try #require(GroupID("120363041234567891@g.us"))
            seed.groups.append(
                GroupSeed(
                    id: other, sessions: seed.groups[0].sessions, subject: "Other",
                    members: [try SampleWorld.phone(100), try SampleWorld.phone(150)]))
        })
        sample.clock.advance(byMilliseconds: Self.minute)
        sample.world.backfill(sample.sessionID)
        let other = try sample.ask("GET", "/groups/120363041234567891%40g.us/members").decoded(Page<Member>.self).data
        #expect(other.count == 2)
        #expect(Set((other + (try sample.rows())).map(\.lastSeenAt)) == [sample.clock.now.milliseconds])
    }

    @Test("A backfill skips a group that the account has left, and its messages are not seen")
    func leftGroup() throws {
        let sample = try sample()
        let before = sample.ask("GET", "\(sample.groupPath)/members").body
        sample.world.leave(sample.own, sample.groupID)
        sample.clock.advance(byMilliseconds: Self.minute)
        sample.world.write(sample.admin, in: sample.groupID)
        sample.world.backfill(sample.sessionID)
        #expect(sample.ask("GET", "\(sample.groupPath)/members").body == before)
    }

    @Test("Without a backfill, an append-only store lists only people who wrote, and the record is empty")
    func neverBackfilled() throws {
        let sample = try sample(isBackfilled: false)
        #expect(try sample.rows().isEmpty)
        #expect(try contacts(sample).isEmpty)
        let record = try sample.ask("GET", sample.groupPath).decoded(Record.self)
        #expect(record.participantCount == nil && record.ownerJid == nil && record.subject == nil)
        #expect(try sample.ask("GET", "/groups").decoded(Page<Record>.self).data == [record])
        sample.world.write(sample.admin, in: sample.groupID)
        #expect(try sample.rows().map(\.role) == ["member"])
        #expect(try contacts(sample) == [sample.admin.jid])
        #expect(try sample.ask("GET", sample.groupPath).decoded(Record.self).participantCount == nil)
        sample.world.backfill(sample.sessionID)
        #expect(try sample.rows().count == 4)
        #expect(try contacts(sample).count == 4)
        #expect(try sample.ask("GET", sample.groupPath).decoded(Record.self) == Record(sample, count: 4))
    }

    @Test("Lag does not affect an append-only store, and each session has its own rows")
    func eachSession() throws {
        let second = try #require(SessionID("01J9SESSION000000000000003"))
        let sample = try sample(adjust: { seed in
            seed.behaviour.lag = Lag(milliseconds: Self.minute, reads: 5)
            seed.sessions.append(
                SessionSeed(id: second, organisation: "school", account: try SampleWorld.phone(102)))
            seed.groups[0].sessions.append(second)
        })
        func othersRows() throws -> [Member] {
            try sample.ask("GET", "\(sample.groupPath)/members", session: second.text).decoded(Page<Member>.self).data
        }
        sample.world.join(sample.outsider, sample.groupID)
        sample.world.backfill(sample.sessionID)
        #expect(try sample.isListed(sample.outsider))
        #expect(try othersRows().count == 4)
        sample.world.write(sample.outsider, in: sample.groupID)
        #expect(try othersRows().count == 5)
    }

    @Test("Configured errors also apply to an append-only member list")
    func distorted() throws {
        let sample = try sample()
        #expect(sample.remove(sample.member).status == 204)
        sample.world.distort(
            sample.groupID, RosterDistortion(missing: 1, listsForeignEntries: true, countOffset: -1))
        #expect(
            try sample.rows().map(\.role) == ["admin", "superadmin", "admin", "member", "member"])
        #expect(try sample.rows().suffix(2).map(\.lid) == ["867051314767696@bot", "status@broadcast"])
        #expect(try sample.ask("GET", sample.groupPath).decoded(Record.self).participantCount == 3)
    }

    @Test("The pages of an append-only member list contain each row once")
    func pages() throws {
        let sample = try sample(adjust: { $0.behaviour.membersPerPage = 2 })
        sample.world.join(sample.outsider, sample.groupID)
        sample.world.write(sample.outsider, in: sample.groupID)
        let lids = try sample.listedMembers()
        #expect(lids.count == 5 && Set(lids).count == 5)
    }

    @Test("A contact shows the row's role and when it was last seen")
    func detail() throws {
        struct Detail: Decodable {
            struct Seen: Decodable {
                let role: String?
                let lastSeen: Int64?
            }
            let groups: [Seen]
        }
        let sample = try sample()
        sample.clock.advance(byMilliseconds: Self.minute)
        sample.world.write(sample.creator, in: sample.groupID)
        let detail = try sample.ask("GET", "/contacts/205227043110953%40lid").decoded(Detail.self)
        #expect(detail.groups.map(\.role) == ["member"])
        #expect(detail.groups.map(\.lastSeen) == [sample.clock.now.milliseconds])
    }
}

/// The contents of a group's own record.
private struct Record: Decodable, Equatable {
    let subject: String?
    let ownerJid: String?
    let participantCount: Int?
    let updatedAt: Int64
}

extension Record {
    /// The sample group's record after a backfill that ends now.
    fileprivate init(_ sample: SampleWorld, count: Int) {
        self.init(
            subject: "Volunteers", ownerJid: sample.creator.jid, participantCount: count,
            updatedAt: sample.clock.now.milliseconds)
    }
}

import Core
import Foundation
import GatewaySimulator
import Testing

@Suite("Stored data")
struct StoredDataTests {
    @Test("Without lag, a change shows at once in member list, count and contacts")
    func withoutLag() throws {
        let sample = try SampleWorld()
        #expect(sample.add([sample.outsider]).status == 204)
        #expect(try sample.isListed(sample.outsider))
        let group = try sample.ask("GET", sample.groupPath).decoded(Group.self)
        #expect(group.participantCount == 5)
        #expect(try contacts(sample).contains { $0.phoneJid == sample.outsider.jid })
    }

    @Test("A lag in time hides a change until the time has passed")
    func lagInTime() throws {
        let sample = try SampleWorld(adjust: { $0.behaviour.lag = Lag(milliseconds: 2_000) })
        #expect(sample.add([sample.outsider]).status == 204)
        #expect(try !sample.isListed(sample.outsider))
        sample.clock.advance(byMilliseconds: 1_999)
        #expect(try !sample.isListed(sample.outsider))
        #expect(try sample.ask("GET", sample.groupPath).decoded(Group.self).participantCount == 4)
        #expect(try !contacts(sample).contains { $0.phoneJid == sample.outsider.jid })
        sample.clock.advance(byMilliseconds: 1)
        #expect(try sample.ask("GET", sample.groupPath).decoded(Group.self).participantCount == 5)
        #expect(try contacts(sample).contains { $0.phoneJid == sample.outsider.jid })
        #expect(try sample.isListed(sample.outsider))
    }

    @Test("A lag in reads hides a change for that many reads of the member list")
    func lagInReads() throws {
        let sample = try SampleWorld(adjust: { $0.sessions[0].lag = Lag(reads: 2) })
        #expect(sample.remove(sample.member).status == 204)
        #expect(try sample.isListed(sample.member))
        #expect(try sample.isListed(sample.member))
        #expect(try !sample.isListed(sample.member))
    }

    @Test("Changes reach the copy in order, each after its own lag")
    func lagInOrder() throws {
        let sample = try SampleWorld(adjust: { $0.behaviour.lag = Lag(milliseconds: 1_000) })
        #expect(sample.add([sample.outsider]).status == 204)
        sample.clock.advance(byMilliseconds: 600)
        #expect(sample.remove(sample.outsider).status == 204)
        sample.clock.advance(byMilliseconds: 400)
        #expect(try sample.isListed(sample.outsider))
        sample.clock.advance(byMilliseconds: 600)
        #expect(try !sample.isListed(sample.outsider))
    }

    @Test("A change through one session shows in the other session that sees the group")
    func twoSessions() throws {
        let second = try #require(SessionID("01J9SESSION000000000000003"))
        let sample = try SampleWorld(adjust: { seed in
            seed.sessions.append(
                SessionSeed(
                    id: second, organisation: "school", account: try SampleWorld.phone(102),
                    lag: Lag(milliseconds: 500)))
            seed.groups[0].sessions.append(second)
        })
        func listed() throws -> Bool {
            let response = sample.ask("GET", "\(sample.groupPath)/members", session: second.text)
            let lid = try #require(sample.world.lid(of: sample.outsider)).description
            return try response.decoded(Page<Member>.self).data.contains { $0.lid == lid }
        }
        #expect(sample.add([sample.outsider]).status == 204)
        #expect(try !listed())
        sample.clock.advance(byMilliseconds: 500)
        #expect(try listed())
    }

    @Test("A list ends in the configured form", arguments: EndOfList.allCases)
    func endOfList(end: EndOfList) throws {
        let sample = try SampleWorld(adjust: { $0.behaviour.endOfList = end })
        for path in ["/groups", "\(sample.groupPath)/members", "/contacts"] {
            let text = String(decoding: sample.ask("GET", path).body, as: UTF8.self)
            switch end {
            case .null: #expect(text.hasSuffix(#","nextCursor":null}"#))
            case .empty: #expect(text.hasSuffix(#","nextCursor":""}"#))
            case .absent: #expect(!text.contains("nextCursor"))
            }
        }
    }

    @Test("A paged member list contains each member once")
    func memberPages() throws {
        let sample = try SampleWorld(adjust: { seed in
            seed.behaviour.membersPerPage = 3
            for last in 200..<210 as Range<UInt64> {
                seed.groups[0].members.append(GroupSeed.Member(phone: try SampleWorld.phone(last), role: .member))
            }
        })
        let first = try sample.ask("GET", "\(sample.groupPath)/members").decoded(Page<Member>.self)
        #expect(first.data.count == 3)
        let listed = try sample.listedMembers()
        #expect(listed.count == 14)
        #expect(Set(listed).count == 14)
    }

    @Test("A paged member list with rotating order contains each member once")
    func rotatingPages() throws {
        let sample = try SampleWorld(adjust: { seed in
            seed.behaviour.membersPerPage = 3
            seed.groups[0].distortion.rotates = true
        })
        let first = try sample.listedMembers()
        let second = try sample.listedMembers()
        #expect(first != second)
        #expect(first.count == 4 && second.count == 4)
        #expect(Set(first).count == 4 && Set(first) == Set(second))
    }

    @Test("Groups are paged if configured")
    func groupPages() throws {
        let sample = try SampleWorld(adjust: { seed in
            seed.behaviour.groupsPerPage = 2
            for last in 1...4 {
                let id = try #require(GroupID("12036305000000000\(last)@g.us"))
                seed.groups.append(GroupSeed(id: id, sessions: seed.groups[0].sessions, subject: "Group \(last)"))
            }
        })
        let groups = try Page<Group>.all { sample.ask("GET", "/groups" + ($0.map { "?cursor=\($0)" } ?? "")) }
        #expect(groups.map(\.subject) == ["Volunteers", "Group 1", "Group 2", "Group 3", "Group 4"])
    }

    @Test("A stored copy has only the configured errors")
    func distortions() throws {
        let sample = try SampleWorld()
        let truth = try sample.listedMembers()
        let own = try #require(sample.world.lid(of: sample.own)).description
        func listed(_ distortion: RosterDistortion) throws -> [String] {
            sample.world.distort(sample.groupID, distortion)
            return try sample.listedMembers()
        }
        #expect(try listed(RosterDistortion(isEmpty: true)).isEmpty)
        #expect(try listed(RosterDistortion(missing: 1)) == Array(truth.dropLast()))
        #expect(try listed(RosterDistortion(missing: 99)).isEmpty)
        #expect(try listed(RosterDistortion(lacksOwnAccount: true)) == truth.filter { $0 != own })
        #expect(try listed(RosterDistortion(duplicates: 2)) == truth + truth.prefix(2))
        #expect(try listed(RosterDistortion(listsForeignEntries: true)).suffix(1) == ["status@broadcast"])
        #expect(try listed(RosterDistortion(listedByNumber: 1)).first == sample.own.jid)
        let rotated = try listed(RosterDistortion(rotates: true))
        let again = try sample.listedMembers()
        #expect(rotated != again)
        #expect(Set(rotated) == Set(truth) && Set(again) == Set(truth))
        for (offset, count) in [(2, 6), (-3, 1), (-99, 0), (Int.max, 0)] {
            sample.world.distort(sample.groupID, RosterDistortion(countOffset: offset))
            #expect(try sample.ask("GET", sample.groupPath).decoded(Group.self).participantCount == count)
        }
    }

    @Test("An empty list is a list, or null if configured")
    func emptyData() throws {
        for isNull in [false, true] {
            let sample = try SampleWorld(adjust: { seed in
                seed.behaviour.emptyDataIsNull = isNull
                seed.groups[0].distortion.isEmpty = true
            })
            let empty = #"{"data":\#(isNull ? "null" : "[]"),"nextCursor":null}"#
            func text(_ path: String, key: String = "wa_full", session: String = SampleWorld.session) -> String {
                String(decoding: sample.ask("GET", path, key: key, session: session).body, as: UTF8.self)
            }
            #expect(text("\(sample.groupPath)/members") == empty)
            #expect(text("/contacts?q=nobody-is-called-so") == empty)
            #expect(text("/groups", key: "wa_club", session: SampleWorld.foreignSession) == empty)
            #expect(text("/groups").hasPrefix(#"{"data":[{"#))
            #expect(text("/contacts").hasPrefix(#"{"data":[{"#))
        }
    }

    @Test("A creator who is an admin is listed as superadmin, except by an older gateway")
    func superadmin() throws {
        let sample = try SampleWorld()
        #expect(try sample.rows().map(\.role) == ["admin", "superadmin", "admin", "member"])
        #expect(try sample.roles()[sample.creator] == .admin)
        sample.world.setRole(.member, of: sample.creator, in: sample.groupID)
        #expect(try sample.row(of: sample.creator)?.role == "member")
        let older = try SampleWorld(adjust: { $0.behaviour.listsSuperadmin = false })
        #expect(try older.rows().map(\.role) == ["admin", "admin", "admin", "member"])
    }

    @Test("Rows show when the copy last changed, or have no such field", arguments: LastSeenForm.allCases)
    func lastSeen(form: LastSeenForm) throws {
        let sample = try SampleWorld(adjust: { $0.behaviour.lastSeen = form })
        let start = sample.clock.now.milliseconds
        sample.clock.advance(byMilliseconds: 5_000)
        #expect(sample.add([sample.outsider]).status == 204)
        let rows = try sample.rows()
        #expect(Set(rows.map(\.lastSeenAt)) == [form == .copy ? start + 5_000 : nil])
        #expect(rows.map(\.firstSeenAt) == [start, start, start, start, start + 5_000])
        let text = String(decoding: sample.ask("GET", "\(sample.groupPath)/members").body, as: UTF8.self)
        #expect(text.contains("lastSeenAt") == (form == .copy))
    }

    @Test("A message does not affect a following store")
    func messageToFollowing() throws {
        let sample = try SampleWorld()
        let before = sample.ask("GET", "\(sample.groupPath)/members").body
        sample.clock.advance(byMilliseconds: 5_000)
        sample.world.write(sample.admin, in: sample.groupID)
        #expect(sample.ask("GET", "\(sample.groupPath)/members").body == before)
    }

    @Test("The creator is named by number, by LID or not at all", arguments: OwnerForm.allCases)
    func ownerForms(form: OwnerForm) throws {
        let sample = try SampleWorld(adjust: { $0.groups[0].ownerForm = form })
        let owner = try sample.ask("GET", sample.groupPath).decoded(Group.self).ownerJid
        switch form {
        case .phone: #expect(owner == "447700900101@s.whatsapp.net")
        case .lid: #expect(owner == "205227043110953@lid")
        case .hidden: #expect(owner == nil)
        }
    }

    @Test("Fields without a value are null, or omitted if configured")
    func nulls() throws {
        let written = try SampleWorld()
        let omitted = try SampleWorld(adjust: { $0.behaviour.omitsNulls = true })
        #expect(String(decoding: written.ask("GET", "/groups").body, as: UTF8.self).contains(#""description":null"#))
        #expect(!String(decoding: omitted.ask("GET", "/groups").body, as: UTF8.self).contains("description"))
    }

    @Test("A session without a label has no such field, because the API does not allow null")
    func missingLabel() throws {
        let labelled = try SampleWorld()
        let bare = try SampleWorld(adjust: { $0.sessions[0].label = nil })
        #expect(String(decoding: labelled.ask("GET", "").body, as: UTF8.self).contains(#""label":"Office""#))
        let answer = bare.ask("GET", "")
        #expect(answer.status == 200)
        #expect(!String(decoding: answer.body, as: UTF8.self).contains("label"))
    }

    @Test("Names and nicknames survive JSON")
    func names() throws {
        let sample = try SampleWorld()
        #expect(try contacts(sample).contains { $0.name == "Made \"M\"\n\u{1}" })
        let members = try sample.ask("GET", "\(sample.groupPath)/members").decoded(Page<Member>.self).data
        #expect(members.compactMap(\.tag) == ["boss"])
    }

    private func contacts(_ sample: SampleWorld) throws -> [Contact] {
        try sample.ask("GET", "/contacts?limit=200").decoded(Page<Contact>.self).data
    }
}

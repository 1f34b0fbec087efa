import Core
import Foundation
import GatewaySimulator
import Testing

@Suite("Contacts")
struct ContactTests {
    /// The four people of the group, and 120 more in a second one.
    private func crowd(adjust: (inout WorldSeed) throws -> Void = { _ in }) throws -> SampleWorld {
        try SampleWorld(adjust: { seed in
            let id = try #require(GroupID("120363041234567891@g.us"))
            let phones = try (300..<420 as Range<UInt64>).map { try SampleWorld.phone($0) }
            seed.groups.append(
                GroupSeed(id: id, sessions: seed.groups[0].sessions, subject: "Crowd", members: phones))
            try adjust(&seed)
        })
    }

    private func page(_ sample: SampleWorld, _ query: String) throws -> Page<Contact> {
        let response = sample.ask("GET", "/contacts\(query)")
        #expect(response.status == 200)
        return try response.decoded()
    }

    @Test(
        "A page holds 50 contacts unless a limit is given, and the pages hold each contact once",
        arguments: [1, 7, 50, 200])
    func pages(limit: Int) throws {
        let sample = try crowd()
        #expect(try page(sample, "").data.count == 50)
        #expect(try page(sample, "?limit=\(limit)").data.count == min(limit, 124))
        let all = try Page<Contact>.all { cursor in
            sample.ask("GET", "/contacts?limit=\(limit)" + (cursor.map { "&cursor=\($0)" } ?? ""))
        }
        #expect(all.count == 124)
        #expect(Set(all.map(\.lid)).count == 124)
    }

    @Test("A page that ends with the last contact has no next page")
    func exactEnd() throws {
        let sample = try crowd()
        #expect(try page(sample, "?limit=124").nextCursor == nil)
        #expect(try page(sample, "?limit=123").nextCursor != nil)
    }

    @Test("A cursor that is not escaped is rejected")
    func cursorMustBeEscaped() throws {
        let sample = try crowd()
        let cursor = try #require(try page(sample, "").nextCursor)
        #expect(sample.ask("GET", "/contacts?cursor=\(cursor)").status == 400)
    }

    @Test(
        "A malformed query is a validation error",
        arguments: [
            "limit=0", "limit=201", "limit=-1", "limit=", "limit=ten", "limit=99999999999999999999", "cursor=abc",
            "cursor=pg%2Bmembers%2F2%3D%3D", "cursor=pg%2Bcontacts%2F-2%3D%3D", "source=all", "source=", "group=",
            "group=120363041234567890", "q=%", "limit=%zz",
        ])
    func malformedQuery(query: String) throws {
        let response = try crowd().ask("GET", "/contacts?\(query)")
        #expect(response.status == 400)
        #expect(response.errorCode == "validation_error")
    }

    @Test("The filters narrow the list")
    func filters() throws {
        let sample = try crowd(adjust: { $0.sessions[0].directMessages = [try SampleWorld.phone(500)] })
        #expect(try page(sample, "?group=120363041234567890%40g.us&limit=200").data.count == 4)
        #expect(try page(sample, "?group=120363041234567890@g.us").data.count == 4)
        #expect(try page(sample, "?group=120363041234567899%40g.us").data.isEmpty)
        #expect(try page(sample, "?source=dm").data.map(\.phoneNumber) == ["+447700900500"])
        #expect(try page(sample, "?source=group&limit=200").data.count == 124)
        #expect(try page(sample, "?q=citRA").data.map(\.name) == ["Citra"])
        #expect(try page(sample, "?q=9003&limit=200").data.count == 100)
        #expect(try page(sample, "?q=%2B44770090031&limit=200").data.count == 10)
    }

    @Test("The group filter may have no effect")
    func filterWithoutEffect() throws {
        let sample = try crowd(adjust: { $0.behaviour.groupFilterWorks = false })
        #expect(try page(sample, "?group=120363041234567890%40g.us&limit=200").data.count == 124)
    }

    @Test("People who left stay among the group's contacts")
    func leaversStay() throws {
        let sample = try SampleWorld()
        #expect(sample.remove(sample.member).status == 204)
        let contacts = try page(sample, "?group=120363041234567890%40g.us").data
        #expect(contacts.contains { $0.phoneJid == sample.member.jid })
    }

    @Test("A number is shown, hidden or without a contact: by group, else by session, else by person")
    func visibility() throws {
        let sample = try SampleWorld(adjust: { seed in
            seed.people[0].number = .hidden
            seed.people[1].number = .absent
            seed.sessions[0].numbers = [try SampleWorld.phone(103): .hidden]
            seed.groups[0].numbers = [try SampleWorld.phone(101): .shown]
        })
        func phones(_ query: String) throws -> [String: String?] {
            Dictionary(
                uniqueKeysWithValues: try page(sample, query).data.map { ($0.lid, $0.phoneJid) })
        }
        let creator = try #require(sample.world.lid(of: sample.creator)).description
        let admin = try #require(sample.world.lid(of: sample.admin)).description
        let member = try #require(sample.world.lid(of: sample.member)).description
        let all = try phones("")
        #expect(all[creator] == .some(nil))
        #expect(all.keys.contains(admin) == false)
        #expect(all[member] == .some(nil))
        #expect(try phones("?group=120363041234567890%40g.us")[creator] == sample.creator.jid)
        #expect(sample.ask("GET", "/contacts/\(admin.replacing("@", with: "%40"))").status == 404)
        sample.world.setNumber(of: sample.admin, .shown)
        #expect(try phones("")[admin] == sample.admin.jid)
    }

    @Test("A contact shows the groups it was seen in, and its role there")
    func detail() throws {
        struct Detail: Decodable {
            struct Seen: Decodable {
                let jid: String
                let name: String?
                let role: String?
            }

            let identity: Contact
            let dm: Bool
            let groups: [Seen]
        }
        let sample = try SampleWorld()
        for path in ["/contacts/205227043110953%40lid", "/contacts/205227043110953@lid"] {
            let detail = try sample.ask("GET", path).decoded(Detail.self)
            #expect(detail.identity.phoneJid == sample.creator.jid)
            #expect(!detail.dm)
            #expect(detail.groups.map(\.role) == ["superadmin"])
            #expect(detail.groups.map(\.jid) == [SampleWorld.group])
            #expect(detail.groups.map(\.name) == ["Volunteers"])
        }
        for path in ["/contacts/1%40lid", "/contacts/nonsense", "/contacts/447700900101%40s.whatsapp.net"] {
            #expect(sample.ask("GET", path).status == 404)
        }
    }

    @Test("A check returns the account, which may have another spelling or be a LID")
    func check() throws {
        let canonical = try #require(PhoneNumber(digits: 551_199_990_001))
        let long = try #require(PhoneNumber(digits: 5_511_999_990_001))
        let nobody = try SampleWorld.phone(111)
        let shy = try SampleWorld.phone(112)
        let sample = try SampleWorld(adjust: { seed in
            seed.people += [
                PersonSeed(phone: canonical, otherNumbers: [long]), PersonSeed(phone: nobody, isOnWhatsApp: false),
                PersonSeed(phone: shy, lid: LID(digits: 77), checkAnswersLID: true),
            ]
        })
        func check(_ query: String) throws -> Check {
            try sample.ask("GET", "/contacts/check?phone=\(query)").decoded()
        }
        #expect(try check("5511999990001").jid == canonical.jid)
        #expect(try check("%2B551199990001").jid == canonical.jid)
        #expect(try check("+551199990001").query == " 551199990001")
        #expect(try check("447700900111").isOnWhatsApp == false)
        #expect(try check("447700900111").jid == nil)
        #expect(try check("447700900112").jid == "77@lid")
        #expect(try check("447700900999").isOnWhatsApp)
        sample.world.setBehaviour { $0.strangersAreOnWhatsApp = false }
        #expect(try check("447700900998").isOnWhatsApp == false)
    }

    @Test(
        "A check of an invalid number is a validation error",
        arguments: ["", "?phone=", "?phone=123", "?phone=0447700900", "?phone=1234567890123456", "?phone=abc", "?p=1"])
    func malformedCheck(query: String) throws {
        let response = try SampleWorld().ask("GET", "/contacts/check\(query)")
        #expect(response.status == 400)
        #expect(response.errorCode == "validation_error")
    }

    @Test("A person who changes numbers keeps the LID")
    func changedNumber() throws {
        let sample = try SampleWorld()
        let before = try #require(sample.world.lid(of: sample.member))
        let new = try SampleWorld.phone(777)
        sample.world.changeNumber(of: sample.member, to: new)
        #expect(sample.world.lid(of: new) == before)
        #expect(sample.world.lid(of: sample.member) == nil)
        #expect(try sample.roles()[new] == .member)
        #expect(try page(sample, "").data.contains { $0.lid == before.description && $0.phoneJid == new.jid })
    }
}

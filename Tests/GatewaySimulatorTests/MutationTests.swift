import Core
import Testing

@testable import GatewaySimulator

@Suite("Changing groups")
struct MutationTests {
    @Test("An add treats each person separately and always answers 204")
    func addOutcomes() throws {
        let declining = try SampleWorld.phone(110)
        let nobody = try SampleWorld.phone(111)
        let sample = try SampleWorld(adjust: { seed in
            seed.people.append(PersonSeed(phone: declining, adds: .declines))
            seed.people.append(PersonSeed(phone: nobody, isOnWhatsApp: false))
        })
        let response = sample.add([declining, nobody, sample.member, sample.outsider, sample.outsider])
        #expect(response.status == 204)
        #expect(response.body.isEmpty)
        #expect(try sample.lastOutcomes() == [.declined, .notOnWhatsApp, .already, .added, .already])
        #expect(try sample.roles().count == 5)
        #expect(try sample.roles()[sample.outsider] == .member)
        #expect(sample.world.addAttempts(of: sample.outsider, to: sample.groupID) == 2)
        #expect(sample.world.addAttempts(of: declining, to: sample.groupID) == 1)
    }

    @Test("A person may decline adds to one group only")
    func declinesInOneGroup() throws {
        let picky = try SampleWorld.phone(110)
        let other = try #require(GroupID("120363041234567891@g.us"))
        let sample = try SampleWorld(adjust: { seed in
            seed.people.append(PersonSeed(phone: picky, adds: .declinesIn([other])))
        })
        #expect(sample.add([picky]).status == 204)
        #expect(try sample.lastOutcomes() == [.added])
    }

    @Test("A full group silently rejects adds")
    func full() throws {
        let sample = try SampleWorld(adjust: { $0.groups[0].sizeLimit = 5 })
        let late = try SampleWorld.phone(105)
        #expect(sample.add([sample.outsider, late]).status == 204)
        #expect(try sample.lastOutcomes() == [.added, .full])
        #expect(sample.remove(sample.member).status == 204)
        #expect(sample.add([late]).status == 204)
        #expect(try sample.lastOutcomes() == [.added])
    }

    @Test("In a gateway that adds in one batch, an add gets 400 for all its people if one number is not on WhatsApp")
    func wholeBatch() throws {
        let nobody = try SampleWorld.phone(111)
        let sample = try SampleWorld(adjust: { seed in
            seed.behaviour.failsWholeBatch = true
            seed.people.append(PersonSeed(phone: nobody, isOnWhatsApp: false))
        })
        let response = sample.add([sample.outsider, nobody])
        #expect(response.status == 400)
        #expect(response.errorCode == "validation_error")
        #expect(try sample.roles()[sample.outsider] == nil)
        #expect(sample.add([sample.outsider]).status == 204)
    }

    @Test("An add by another spelling reaches the account, but a removal reaches nobody")
    func otherSpelling() throws {
        let canonical = try #require(PhoneNumber(digits: 551_199_990_001))
        let long = try #require(PhoneNumber(digits: 5_511_999_990_001))
        let sample = try SampleWorld(adjust: { seed in
            seed.people.append(PersonSeed(phone: canonical, otherNumbers: [long]))
        })
        #expect(sample.add([long]).status == 204)
        #expect(try sample.roles()[canonical] == .member)
        #expect(sample.add([canonical]).status == 204)
        #expect(try sample.lastOutcomes() == [.already])
        #expect(sample.remove(long).status == 204)
        #expect(try sample.lastOutcomes() == [.notAMember])
        #expect(try sample.roles()[canonical] == .member)
        #expect(sample.promote(long).status == 404)
    }

    @Test(
        "A body that is not a list of user JIDs is a validation error without effect",
        arguments: [
            "", "{}", "[]", "nonsense", #"{"participants":[]}"#, #"{"participants":null}"#, #"{"participants":"a"}"#,
            #"{"participants":[1]}"#, #"{"participants":["447700900104"]}"#,
            #"{"participants":["447700900104@c.us"]}"#, #"{"participants":["+447700900104@s.whatsapp.net"]}"#,
            #"{"participants":["447700900104@s.whatsapp.net","205227043110953@lid"]}"#,
            #"{"participants":["447700900104:3@s.whatsapp.net"]}"#, #"{"participants":["12@s.whatsapp.net"]}"#,
            #"{"participants":["0447700900104@s.whatsapp.net"]}"#,
        ])
    func malformedBody(body: String) throws {
        let sample = try SampleWorld()
        let response = sample.ask("POST", "\(sample.groupPath)/members", body: body)
        #expect(response.status == 400)
        #expect(response.errorCode == "validation_error")
        #expect(try sample.roles().count == 4)
    }

    @Test("Deeply nested lists in a body are a validation error, not a crash")
    func deepBody() throws {
        let sample = try SampleWorld()
        let body = "{\"participants\":" + String(repeating: "[", count: 100_000)
        #expect(sample.ask("POST", "\(sample.groupPath)/members", body: body).status == 400)
    }

    @Test("A malformed user JID in the path is a validation error")
    func malformedUser() throws {
        let sample = try SampleWorld()
        for jid in [
            "447700900103", "447700900103%40c.us", "%2B447700900103%40s.whatsapp.net", "205227043110953",
            "0205227043110953%40lid", "205227043110953:2%40lid", "0%40lid", "%40lid", "99999999999999999999%40lid",
        ] {
            #expect(sample.ask("DELETE", "\(sample.groupPath)/members/\(jid)").status == 400)
            #expect(sample.ask("POST", "\(sample.groupPath)/members/\(jid)/promote").status == 400)
            #expect(sample.ask("POST", "\(sample.groupPath)/members/\(jid)/demote").status == 400)
        }
    }

    @Test("Removals, promotions and demotions accept a LID, and the journal shows LID and number")
    func byLID() throws {
        let sample = try SampleWorld()
        let lid = try #require(sample.world.lid(of: sample.member))
        #expect(sample.change("POST", lid, "/promote").status == 204)
        #expect(try sample.roles()[sample.member] == .admin)
        #expect(sample.change("POST", lid, "/demote").status == 204)
        #expect(try sample.roles()[sample.member] == .member)
        #expect(sample.change("DELETE", lid).status == 204)
        #expect(try sample.roles()[sample.member] == nil)
        let outcomes: [ParticipantEffect.Outcome] = [.promoted, .demoted, .removed]
        #expect(
            sample.world.journal.flatMap(\.effects)
                == outcomes.map {
                    ParticipantEffect(group: sample.groupID, phone: sample.member, lid: lid, outcome: $0)
                })
    }

    @Test("A LID without an account is not a member")
    func unknownLID() throws {
        let sample = try SampleWorld()
        let lid = try #require(LID(digits: 999_999_999_999_999))
        #expect(sample.change("DELETE", lid).status == 204)
        let effect = ParticipantEffect(
            group: sample.groupID, phone: ParticipantEffect.nobody, lid: lid, outcome: .notAMember)
        #expect(sample.world.journal.last?.effects == [effect])
        #expect(sample.change("POST", lid, "/promote").status == 404)
        #expect(sample.change("POST", lid, "/demote").status == 404)
    }

    @Test("The creator cannot be removed or demoted by LID either")
    func creatorByLID() throws {
        let sample = try SampleWorld()
        let lid = try #require(sample.world.lid(of: sample.creator))
        #expect(sample.change("DELETE", lid).status == 204)
        #expect(try sample.lastOutcomes() == [.creator])
        #expect(try sample.roles()[sample.creator] == .admin)
    }

    @Test("An older gateway accepts no LIDs, and no gateway accepts one in an add")
    func withoutLIDs() throws {
        let older = try SampleWorld(adjust: { $0.behaviour.takesLIDs = false })
        let lid = try #require(older.world.lid(of: older.member))
        for (method, action) in [("DELETE", ""), ("POST", "/promote"), ("POST", "/demote")] {
            let response = older.change(method, lid, action)
            #expect(response.status == 400)
            #expect(response.errorCode == "validation_error")
        }
        #expect(try older.roles().count == 4)
    }

    @Test("A removal removes a member, and does nothing for a non-member")
    func removal() throws {
        let sample = try SampleWorld()
        #expect(sample.remove(sample.outsider).status == 204)
        #expect(try sample.lastOutcomes() == [.notAMember])
        #expect(sample.remove(sample.member).status == 204)
        #expect(try sample.lastOutcomes() == [.removed])
        #expect(sample.remove(sample.member).status == 204)
        #expect(try sample.lastOutcomes() == [.notAMember])
        #expect(try sample.roles()[sample.member] == nil)
    }

    @Test("A role changes once; a repetition does nothing, and a non-member is not found")
    func roleChanges() throws {
        let sample = try SampleWorld()
        #expect(sample.promote(sample.member).status == 204)
        #expect(try sample.roles()[sample.member] == .admin)
        #expect(sample.promote(sample.member).status == 204)
        #expect(try sample.lastOutcomes() == [.alreadyAdmin])
        #expect(sample.demote(sample.member).status == 204)
        #expect(try sample.roles()[sample.member] == .member)
        #expect(sample.demote(sample.member).status == 204)
        #expect(try sample.lastOutcomes() == [.alreadyMember])
        for response in [sample.promote(sample.outsider), sample.demote(sample.outsider)] {
            #expect(response.status == 404)
            #expect(response.errorCode == "not_found")
        }
    }

    @Test("The creator cannot be removed or demoted", arguments: CreatorProtection.allCases)
    func creatorStays(protection: CreatorProtection) throws {
        let sample = try SampleWorld(adjust: { $0.behaviour.creatorProtection = protection })
        let expected = protection == .silent ? 204 : 403
        #expect(sample.remove(sample.creator).status == expected)
        #expect(try sample.lastOutcomes() == [.creator])
        #expect(sample.demote(sample.creator).status == expected)
        #expect(try sample.roles()[sample.creator] == .admin)
    }

    @Test("A raw @ in a JID equals %40, and the journal keeps each as received")
    func rawAt() throws {
        let sample = try SampleWorld()
        let raw = "/groups/120363041234567890@g.us/members/447700900103@s.whatsapp.net"
        #expect(sample.ask("DELETE", raw).status == 204)
        #expect(try sample.lastOutcomes() == [.removed])
        #expect(try #require(sample.world.journal.last).path.hasSuffix(raw))
        #expect(sample.remove(sample.admin).status == 204)
        #expect(try #require(sample.world.journal.last).path.hasSuffix("447700900102%40s.whatsapp.net"))
    }

    @Test("The observer sees the true state after every change, and nothing else")
    func observer() throws {
        let changes = ChangeLog()
        let sample = try SampleWorld(observer: { changes.append($0) })
        #expect(sample.add([sample.outsider]).status == 204)
        #expect(sample.add([sample.outsider]).status == 204)
        #expect(sample.promote(sample.outsider).status == 204)
        sample.world.leave(sample.admin, sample.groupID)
        let admins = [
            [sample.own, sample.creator, sample.admin], [sample.own, sample.creator, sample.admin, sample.outsider],
            [sample.own, sample.creator, sample.outsider],
        ]
        #expect(changes.all.map(\.group.admins) == admins)
        #expect(changes.all.map(\.session) == [sample.sessionID, sample.sessionID, nil])
        #expect(changes.all.map(\.sequence) == [1, 3, 0])
        #expect(changes.all.map(\.group.ownAccounts) == [[sample.own], [sample.own], [sample.own]])
    }
}

/// The changes that an observer saw.
final class ChangeLog: Sendable {
    private let changes = Guarded<[WorldChange]>([])

    var all: [WorldChange] { changes.withLock { $0 } }

    func append(_ change: WorldChange) { changes.withLock { $0.append(change) } }
}

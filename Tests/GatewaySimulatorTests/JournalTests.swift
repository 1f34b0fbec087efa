import Core
import Foundation
import Testing

@testable import GatewaySimulator

@Suite("Journal, control paths and faults")
struct JournalTests {
    @Test("The journal shows caller, request, answer and effects, but never a token")
    func journal() throws {
        let sample = try SampleWorld()
        #expect(sample.ask("GET", "/groups?limit=5", key: "wa_reader").status == 200)
        #expect(sample.add([sample.outsider]).status == 204)
        #expect(sample.ask("GET", "/groups", key: "wa_secret_of_nobody").status == 401)
        let journal = sample.world.journal
        #expect(journal.map(\.sequence) == [1, 2, 3])
        #expect(journal.map(\.caller) == ["reader", "full", nil])
        #expect(journal.map(\.status) == [200, 204, 401])
        #expect(journal[0].path == "/api/v1/sessions/\(SampleWorld.session)/groups?limit=5")
        #expect(journal[1].body == #"{"participants":["447700900104@s.whatsapp.net"]}"#)
        #expect(
            journal[1].effects == [
                ParticipantEffect(group: sample.groupID, phone: sample.outsider, outcome: .added)
            ])
        #expect(sample.world.mutations.map(\.sequence) == [2])
        #expect(!String(describing: journal).contains("wa_"))
        sample.world.clearJournal()
        #expect(sample.world.journal.isEmpty)
    }

    @Test("The control paths show journal and true state, without a token and without journal entries")
    func control() throws {
        struct Journal: Decodable {
            struct Entry: Decodable {
                struct Effect: Decodable { let outcome: String }
                let sequence: Int
                let caller: String?
                let effects: [Effect]
            }
            let entries: [Entry]
        }
        struct State: Decodable {
            struct Truth: Decodable {
                struct Person: Decodable {
                    let phone: String
                    let role: String
                }
                let group: String
                let members: [Person]
            }
            let groups: [Truth]
        }
        let sample = try SampleWorld(
            adjust: { $0.behaviour.lag = Lag(milliseconds: 60_000) }, servesControlPaths: true)
        func control(_ method: String, _ path: String, _ body: String = "") -> SimulatedResponse {
            sample.world.respond(
                to: SimulatedRequest(method: method, path: "/_simulator/\(path)", body: Array(body.utf8)))
        }
        #expect(sample.add([sample.outsider]).status == 204)
        let journal = try control("GET", "journal").decoded(Journal.self)
        #expect(journal.entries.map(\.caller) == ["full"])
        #expect(journal.entries.first?.effects.map(\.outcome) == ["added"])
        let state = try control("GET", "state").decoded(State.self)
        #expect(state.groups.map(\.group) == [SampleWorld.group])
        #expect(
            state.groups.first?.members.map(\.phone) == [
                "+447700900100", "+447700900101", "+447700900102", "+447700900103", "+447700900104",
            ])
        #expect(state.groups.first?.members.map(\.role) == ["admin", "admin", "admin", "member", "member"])
        #expect(control("DELETE", "journal").status == 204)
        #expect(try control("GET", "journal").decoded(Journal.self).entries.isEmpty)
        let rules = #"[{path: "*", status: 503}, {"path": "*/groups", "delay": 5}]"#
        #expect(control("POST", "faults", rules).status == 204)
        #expect(sample.ask("GET", "/contacts").status == 503)
        #expect(sample.ask("GET", "/groups").delayMilliseconds == 5)
        #expect(control("POST", "faults", "- { path: a, status: 503 }\n- { path: a }").status == 400)
        #expect(sample.ask("GET", "/contacts").status == 200)
        #expect(control("POST", "faults", "- { path: '*', count: all, status: 503 }").status == 204)
        #expect(control("DELETE", "faults").status == 204)
        #expect(sample.ask("GET", "/contacts").status == 200)
        #expect(control("GET", "faults").status == 405)
        #expect(control("POST", "state").status == 405)
        #expect(control("GET", "nothing").status == 404)
    }

    @Test("A fault affects a number of matching requests after others, before or after their effect")
    func faults() throws {
        let sample = try SampleWorld()
        sample.world.inject(
            FaultRule(
                method: "POST", path: "/api/v1/sessions/*/members", skip: 1, count: 2,
                fault: .status(503, code: "unavailable", retryAfter: 7)))
        #expect(sample.add([sample.outsider]).status == 204)
        #expect(sample.ask("GET", "\(sample.groupPath)/members").status == 200)
        let late = try SampleWorld.phone(105)
        let refused = sample.add([late])
        #expect(refused.status == 503)
        #expect(refused.errorCode == "unavailable")
        #expect(refused.header("retry-after") == "7")
        #expect(sample.add([late]).status == 503)
        #expect(try sample.roles()[late] == nil)
        #expect(sample.add([late]).status == 204)
        #expect(sample.world.journal.map(\.isFaulty) == [false, false, true, true, false])
    }

    @Test("An answer may be lost after the effect, delayed, garbage or a redirect")
    func kindsOfFaults() throws {
        let sample = try SampleWorld()
        func inject(_ fault: Fault) { sample.world.inject(FaultRule(path: "*", fault: fault)) }
        inject(.statusAfterEffect(500, code: "internal_error"))
        #expect(sample.add([sample.outsider]).status == 500)
        #expect(try sample.roles()[sample.outsider] == .member)
        inject(.delay(milliseconds: 1_500))
        let delayed = sample.remove(sample.outsider)
        #expect(delayed.status == 204)
        #expect(delayed.delayMilliseconds == 1_500)
        inject(.garbage("<html>"))
        let garbage = sample.ask("GET", "/groups")
        #expect(garbage.status == 200)
        #expect(String(decoding: garbage.body, as: UTF8.self) == "<html>")
        inject(.redirect(to: "https://elsewhere.example/"))
        let redirect = sample.add([sample.outsider])
        #expect(redirect.status == 307)
        #expect(redirect.header("location") == "https://elsewhere.example/")
        #expect(try sample.roles()[sample.outsider] == nil)
        inject(.status(500, code: "internal_error"))
        sample.world.clearFaults()
        #expect(sample.ask("GET", "/groups").status == 200)
    }

    @Test("A rule does not count what another rule affects")
    func rulesCountAlone() throws {
        let sample = try SampleWorld()
        sample.world.inject(FaultRule(path: "*", fault: .status(500, code: "first")))
        sample.world.inject(FaultRule(path: "*", count: 2, fault: .status(502, code: "second")))
        #expect(sample.ask("GET", "/groups").errorCode == "first")
        #expect(sample.ask("GET", "/groups").errorCode == "second")
        #expect(sample.ask("GET", "/groups").status == 200)
    }

    @Test(
        "A star in a pattern matches anything, including slashes",
        arguments: [
            ("*", true), ("/api/v1/*", true), ("*/groups", true), ("/api/*/groups", true), ("/api/v1", false),
            ("*/members", false), ("", false), ("**groups**", true), ("/*/*/*/*/*/*", false),
        ])
    func patterns(pattern: String, matches: Bool) throws {
        let sample = try SampleWorld()
        sample.world.inject(FaultRule(path: pattern, fault: .status(500, code: "met")))
        #expect((sample.ask("GET", "/groups?x=/members").status == 500) == matches)
    }
}

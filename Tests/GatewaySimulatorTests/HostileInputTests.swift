import Core
import GatewaySimulator
import Testing

@Suite("Hostile input")
struct HostileInputTests {
    /// A small generator of reproducible numbers.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ (state >> 29)) &* 0xbf58_476d_1ce4_e5b9
        }
    }

    @Test("No path, query or body crashes the world, or gets an error without an envelope", arguments: 0..<20)
    func randomRequests(start: Int) throws {
        let sample = try SampleWorld(servesControlPaths: true)
        var dice = Dice(state: UInt64(start) &+ 1)
        let pieces = [
            "/api/v1", "/sessions", "/", SampleWorld.session, "/groups", SampleWorld.group, "/members", "%40", "@", "%",
            "%00", "%ff", "447700900103@s.whatsapp.net", "/promote", "/demote", "/contacts", "/check", "?", "phone=",
            "limit=", "cursor=pg%2Bcontacts%2Fzzzzzzzzzzzz%3D%3D", "&", "=", "9223372036854775807", "-1",
            "members:approve",
            "/invite", "/me", "\u{1F600}", "+", "#", "cursor=pg%2Bmembers%2F1y2p0ij32e8e7%3D%3D",
        ]
        let bodies = [
            "", "{}", #"{"participants":["447700900104@s.whatsapp.net"]}"#, "\u{0}", #"{"participants":[null]}"#,
            #"{"participants":["@s.whatsapp.net"]}"#, #"{"participants":["99999999999999999999@s.whatsapp.net"]}"#,
        ]
        for _ in 0..<500 {
            let prefix = Bool.random(using: &dice) ? "/api/v1/sessions/\(SampleWorld.session)" : ""
            let path =
                prefix
                + (0..<Int.random(in: 0...8, using: &dice)).compactMap { _ in pieces.randomElement(using: &dice) }
                .joined()
            let method = try #require(["GET", "POST", "DELETE", "", "get"].randomElement(using: &dice))
            let body = try #require(bodies.randomElement(using: &dice))
            let response = sample.world.respond(
                to: SimulatedRequest(
                    method: method, path: path, headers: [("x-api-key", "wa_full")], body: Array(body.utf8)))
            if response.status >= 400 { #expect(response.errorCode != nil, "\(method) \(path)") }
            if response.status == 204 { #expect(response.body.isEmpty) }
        }
        #expect(try #require(sample.world.trueGroup(sample.groupID)).role(of: sample.creator) == .admin)
    }

    @Test("Concurrent requests are served one at a time")
    func concurrency() async throws {
        let sample = try SampleWorld()
        let phones = try (200..<300 as Range<UInt64>).map { try SampleWorld.phone($0) }
        await withTaskGroup(of: Void.self) { tasks in
            for phone in phones {
                tasks.addTask {
                    _ = sample.add([phone])
                    _ = sample.promote(phone)
                    _ = sample.ask("GET", "\(sample.groupPath)/members")
                }
            }
        }
        let group = try #require(sample.world.trueGroup(sample.groupID))
        #expect(group.members.count == 104)
        #expect(group.admins.count == 103)
        #expect(sample.world.journal.map(\.sequence) == Array(1...300))
    }

    @Test("A truncated seed file is read or refused, and never crashes")
    func truncatedSeeds() {
        let text = Array(
            """
            behaviour: { lag: { milliseconds: 5 }, end_of_list: null }
            organisations: { school: { keys: { k: { token: wa_k, permissions: [read] } } } }
            people: { ana: { phone: +44 7700 900101, lid: 77@lid, adds: [1@g.us] } }
            sessions: { s1: { organisation: school, account: ana, numbers: { ana: hidden } } }
            groups: { 1@g.us: { session: s1, admins: [ana], wrong: { count_offset: -1 } } }
            faults: [{ path: "*", status: 500 }]
            """.utf8)
        var accepted = 0
        for length in 0...text.count {
            if let seed = try? WorldSeed.read(Array(text[..<length]), file: "s"), (try? SimulatedWorld(seed)) != nil {
                accepted += 1
            }
        }
        #expect(accepted > 0)
    }
}

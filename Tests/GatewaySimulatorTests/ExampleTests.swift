import Core
import Foundation
import GatewaySimulator
import Testing

@Suite("Example worlds")
struct ExampleTests {
    private func seed(_ example: String) throws -> WorldSeed {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "examples/\(example)/gateway.yaml")
        return try WorldSeed.read(Array(try Data(contentsOf: url)), file: "gateway.yaml")
    }

    @Test("The session's account is an admin of each of its groups", arguments: ["school", "organisation"])
    func accountsAreAdmins(example: String) throws {
        let world = try SimulatedWorld(try seed(example))
        #expect(world.trueGroups.count >= 4)
        for group in world.trueGroups {
            #expect(group.ownAccounts.count == 1)
            for own in group.ownAccounts { #expect(group.role(of: own) == .admin, "\(group.id)") }
        }
    }

    @Test("Each group's count is the length of its member list", arguments: ["school", "organisation"])
    func countsAgree(example: String) throws {
        let seed = try seed(example)
        let world = try SimulatedWorld(seed)
        for session in seed.sessions {
            let tokens = seed.organisations.filter { $0.id == session.organisation }.flatMap(\.keys).map(\.token)
            let token = try #require(tokens.first)
            func ask(_ path: String) -> SimulatedResponse {
                world.respond(
                    to: SimulatedRequest(
                        method: "GET", path: "/api/v1/sessions/\(session.id)\(path)", headers: [("x-api-key", token)]))
            }
            for group in try ask("/groups").decoded(Page<Group>.self).data {
                let members = try Page<Member>.all { cursor in
                    ask("/groups/\(group.groupJid)/members" + (cursor.map { "?cursor=\($0)" } ?? ""))
                }
                #expect(members.count == group.participantCount)
                #expect(Set(members.map(\.lid)).count == members.count)
            }
        }
    }

    private func documentation() throws -> String {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/simulator.md")
        return try String(contentsOf: url, encoding: .utf8)
    }

    @Test("The seed file in the documentation is valid, and shows the default behaviour")
    func documentedSeed() throws {
        let parts = try documentation().components(separatedBy: "```yaml\n")
        let text = try #require(parts.last?.components(separatedBy: "\n```").first)
        #expect(parts.count == 2)
        let seed = try WorldSeed.read(Array(text.utf8), file: "docs/simulator.md")
        #expect(seed.behaviour == Behaviour())
        #expect(seed.groups.map(\.distortion) == [RosterDistortion()])
        #expect(seed.faults.count == 15)
        #expect(seed.schedule.count == 4)
        _ = try SimulatedWorld(seed)
    }

    @Test("Each fault in the documentation is valid, and changes an answer")
    func documentedLies() throws {
        var seen: [String: Int] = [:]
        for row in try documentation().split(separator: "\n") {
            guard row.hasPrefix("| "), let cell = row.components(separatedBy: " | ").last, cell.contains("change:"),
                let rule = cell.split(separator: "`").first
            else { continue }
            let sample = try SampleWorld()
            let path = cell.contains("participantCount") ? sample.groupPath : "\(sample.groupPath)/members"
            let usual = String(decoding: sample.ask("GET", path).body, as: UTF8.self)
            let rules = try FaultRule.readList(Array("[{ path: '*', \(rule) }]".utf8), file: "docs/simulator.md")
            for rule in rules { sample.world.inject(rule) }
            let changed = String(decoding: sample.ask("GET", path).body, as: UTF8.self)
            #expect(changed != usual, "\(row)")
            guard case .change(let changes, _)? = rules.first?.fault, let field = changes.first?.field else {
                Issue.record("\(row)")
                continue
            }
            seen[field, default: 0] += 1
        }
        #expect(seen == ["role": 2, "groupJid": 1, "participantCount": 1, "lid": 1, "nextCursor": 1])
    }

    @Test("The organisation example has four sessions, and one of another organisation")
    func organisationSessions() throws {
        let seed = try seed("organisation")
        #expect(seed.sessions.filter { $0.organisation == "harbour" }.count == 4)
        #expect(seed.sessions.filter { $0.organisation != "harbour" }.count == 1)
        #expect(seed.groups.count == 12)
    }
}

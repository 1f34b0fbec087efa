import Foundation
import GatewaySimulator
import Membership
import Testing

@Suite("Example worlds")
struct ExampleTests {
    private func seed(_ example: String) throws -> WorldSeed {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "examples/\(example)/gateway.yaml")
        return try WorldSeed.read(Array(try Data(contentsOf: url)), file: "gateway.yaml")
    }

    @Test("the session's account is an admin of each of its groups", arguments: ["school", "organisation"])
    func accountsAreAdmins(example: String) throws {
        let world = try SimulatedWorld(try seed(example))
        #expect(world.trueGroups.count >= 4)
        for group in world.trueGroups {
            #expect(group.ownAccounts.count == 1)
            for own in group.ownAccounts { #expect(group.role(of: own) == .admin, "\(group.id)") }
        }
    }

    @Test("the count of every group is the length of its roster", arguments: ["school", "organisation"])
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

    @Test("the seed in the documentation is read, and shows the defaults of the behaviour")
    func documentedSeed() throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/simulator.md")
        let parts = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "```yaml\n")
        let text = try #require(parts.last?.components(separatedBy: "\n```").first)
        #expect(parts.count == 2)
        let seed = try WorldSeed.read(Array(text.utf8), file: "docs/simulator.md")
        #expect(seed.behaviour == Behaviour())
        #expect(seed.groups.map(\.distortion) == [RosterDistortion()])
        #expect(seed.faults.count == 9)
        _ = try SimulatedWorld(seed)
    }

    @Test("the organisation has four sessions of its own and one that is not")
    func organisationSessions() throws {
        let seed = try seed("organisation")
        #expect(seed.sessions.filter { $0.organisation == "harbour" }.count == 4)
        #expect(seed.sessions.filter { $0.organisation != "harbour" }.count == 1)
        #expect(seed.groups.count == 12)
    }
}

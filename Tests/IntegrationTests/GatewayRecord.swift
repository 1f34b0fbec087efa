import Foundation

/// All change requests to the simulator, and the true groups.
struct GatewayRecord {
    /// The change requests, in the order of their effects.
    let calls: [Call]
    /// Each group's roles by number.
    let groups: [String: [String: String]]

    /// One call.
    struct Call {
        /// When it arrived.
        let time: String
        /// One step for each person it named.
        let steps: [Step]
        /// The effects on them.
        let effects: [Effect]
    }

    /// What one call requests for one person.
    struct Step: Hashable {
        /// The session.
        let session: String
        /// The group's JID.
        let group: String
        /// `add`, `promote`, `demote` or `remove`.
        let operation: String
        /// The person's JID.
        let jid: String
    }

    /// The effect on one person.
    struct Effect: Decodable, Hashable {
        /// The group's JID.
        let group: String
        /// The number.
        let phone: String
        /// The effect's name.
        let outcome: String
    }

    private struct Journal: Decodable {
        struct Entry: Decodable {
            let time: String
            let method: String
            let path: String
            let body: String
            let effects: [Effect]
        }
        let entries: [Entry]
    }

    private struct State: Decodable {
        struct Group: Decodable {
            struct Member: Decodable {
                let phone: String
                let role: String
            }
            let group: String
            let members: [Member]
        }
        let groups: [Group]
    }

    /// Data that cannot be parsed.
    struct Unreadable: Error {
        let what: String
    }

    /// Reads a simulator's journal and state.
    init(of simulator: RunningSimulator) async throws {
        calls = try await simulator.control("journal", as: Journal.self).entries.filter { $0.method != "GET" }.map {
            Call(time: $0.time, steps: try Self.steps(of: $0), effects: $0.effects)
        }
        let state = try await simulator.control("state", as: State.self)
        groups = Dictionary(
            uniqueKeysWithValues: state.groups.map { group in
                (group.group, Dictionary(uniqueKeysWithValues: group.members.map { ($0.phone, $0.role) }))
            })
    }

    private static func steps(of entry: Journal.Entry) throws -> [Step] {
        let parts = entry.path.split(separator: "/").compactMap { String($0).removingPercentEncoding }
        // The parts are api, v1, sessions, the session, groups, the group, members, and the rest.
        guard parts.count >= 7, parts[6] == "members" else { throw Unreadable(what: entry.path) }
        let (session, group) = (parts[3], parts[5])
        func step(_ operation: String, _ jid: String) -> Step {
            Step(session: session, group: group, operation: operation, jid: jid)
        }
        switch (entry.method, parts.count) {
        case ("POST", 7):
            let body = try JSONDecoder().decode([String: [String]].self, from: Data(entry.body.utf8))
            return (body["participants"] ?? []).map { step("add", $0) }
        case ("DELETE", 8): return [step("remove", parts[7])]
        case ("POST", 9): return [step(parts[8], parts[7])]
        default: throw Unreadable(what: "\(entry.method) \(entry.path)")
        }
    }
}

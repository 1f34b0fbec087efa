import Glibc
import Testing

@Suite("Many sessions with hanging calls") struct ManySessionsTests {
    /// Returns a town of sessions with one group each, and one person to add to each.
    private func town(sessions: Int) throws -> Town {
        var seed = "organisations: { org: { keys: { key: { token: \(Town.token) } } } }\npeople:\n"
        for number in 0..<sessions {
            seed += "  own\(number): { phone: \"+447700\(900_000 + number)\" }\n"
            seed += "  new\(number): { phone: \"+447700\(910_000 + number)\" }\n"
        }
        seed += "sessions:\n"
        for number in 0..<sessions { seed += "  S\(number): { organisation: org, account: own\(number) }\n" }
        seed += "groups:\n"
        var policy = "groups:\n"
        for number in 0..<sessions {
            let group = "120363\(100_000_000 + number)@g.us"
            seed += "  \(group): { session: S\(number), creator: own\(number), admins: [own\(number)] }\n"
            policy += "  \(group): { session: S\(number), admins: [\"+447700\(900_000 + number)\"], "
            policy += "members: [\"+447700\(910_000 + number)\"] }\n"
        }
        seed += "faults:\n  - { method: POST, path: \"*/members\", count: all, hang: before }\n"
        return try Town([
            "gateway.yaml": seed, "policies/town.yaml": policy,
            "rollcall.yaml": """
            gateway: { url: "http://127.0.0.1:1" }
            policies: [policies]
            pace: { calls_per_minute: 0, settle: 300ms }
            read: { concurrency: 1 }
            """,
        ])
    }

    @Test("Hanging sessions do not hold up others, however few groups are read at a time") func all() async throws {
        let town = try town(sessions: 12)
        try await town.served { simulator in
            let running = try town.rollcall(simulator.url).start(["apply", "--yes"])
            try await waitUntil("a call of each session") { try await simulator.mutations().count == 12 }
            running.send(SIGTERM)
            running.send(SIGTERM)
            _ = await running.ending()
            let copy = try await LedgerCopy(of: town.path("rollcall.sqlite"))
            #expect(copy.actions.map(\.count) == Array(repeating: 1, count: 12))
        }
    }

    @Test("More sessions than may call at a time record no unsent call") func bound()
        async throws
    {
        let town = try town(sessions: 70)
        try await town.served { simulator in
            let running = try town.rollcall(simulator.url).start(["apply", "--yes"])
            try await waitUntil("as many calls as there may be") { try await simulator.mutations().count == 64 }
            let copy = try await LedgerCopy(of: town.path("rollcall.sqlite"))
            #expect(copy.actions.count { $0.status == "sending" } == 64)
            running.send(SIGTERM)
            running.send(SIGTERM)
            _ = await running.ending()
            #expect(try await simulator.mutations().count == 64)
            let after = try await LedgerCopy(of: town.path("rollcall.sqlite"))
            #expect(after.actions.reduce(0) { $0 + $1.count } == 64)
        }
    }
}

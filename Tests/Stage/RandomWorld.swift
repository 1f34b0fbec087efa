package import Core
package import GatewaySimulator

/// Random numbers, reproducible by a seed.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the sequence of a seed.
    package init(seed: UInt64) { state = seed }

    /// Returns the next number, by SplitMix64.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A policy, its world, and each group's expected result, computed without the program.
package struct RandomWorld: Sendable {
    /// The gateway's initial state.
    package var seed: WorldSeed
    /// The policy file.
    package var policy: String
    /// The roles that each group must end with.
    package var expected: [GroupID: [PhoneNumber: Role]] = [:]
    /// People that no change may name, by group: the own account, the creator, kept people.
    package var untouchable: [GroupID: Set<PhoneNumber>] = [:]

    /// Creates the world of a number.
    ///
    /// Exact and additive groups, kept people, current and other terms, nested teams, creators known by number, by LID
    /// or not at all, one or two sessions.
    package init(_ number: UInt64) throws {
        var generator = SeededGenerator(seed: number)
        let people = try (1...24).map { try Self.phone(100 + $0) }
        let sessionCount = Int.random(in: 1...2, using: &generator)
        var sessions: [SessionSeed] = []
        var groups: [GroupSeed] = []
        var lines = ["people:"]
        for (index, person) in people.enumerated().prefix(8) { lines.append("  p\(index): \(person.e164)") }
        lines.append("teams:")
        lines.append("  core: [p0, p1, p2]")
        lines.append("  wide: [core, p3, \(people[9].e164)]")
        let teams: [String: [PhoneNumber]] = [
            "core": Array(people[0...2]), "wide": Array(people[0...3]) + [people[9]],
        ]
        lines.append("groups:")
        for session in 1...sessionCount {
            let own = try Self.phone(UInt64(session))
            let id = try Self.required(SessionID("SESSION\(session)"))
            sessions.append(SessionSeed(id: id, organisation: "org", account: own))
            for group in 1...Int.random(in: 1...3, using: &generator) {
                let jid = try Self.required(GroupID("12036300000000\(session)00\(group)@g.us"))
                var draft = GroupSketch(own: own, people: people, teams: teams, using: &generator)
                draft.decide(using: &generator)
                groups.append(draft.seed(jid, session: id))
                lines += draft.policyLines(jid, session: id)
                expected[jid] = draft.outcome
                untouchable[jid] = draft.untouchable
            }
        }
        policy = lines.joined(separator: "\n") + "\n"
        var seed = WorldSeed()
        seed.organisations = [OrganisationSeed(id: "org", keys: [APIKeySeed(name: "stage", token: Stage.token)])]
        seed.people = ([1, 2].map { UInt64($0) } + Array(101...124)).map { number in
            PersonSeed(phone: PhoneNumber(digits: 62_800_000_000 + number) ?? people[0])
        }
        seed.sessions = sessions
        seed.groups = groups
        self.seed = seed
    }

    private static func phone(_ number: UInt64) throws -> PhoneNumber {
        try required(PhoneNumber(digits: 62_800_000_000 + number))
    }

    private static func required<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Impossible() }
        return value
    }

    private struct Impossible: Error {}
}

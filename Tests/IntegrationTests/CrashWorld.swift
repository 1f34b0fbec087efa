import Stage

/// Two sessions with three busy groups each, reproducible by a number, and the expected result.
struct CrashWorld {
    /// The number that reproduces the world.
    let number: UInt64
    /// The project's files and the simulator's seed file.
    private(set) var files: [String: String] = [:]
    /// The roles that each group must end with, by group JID and member number.
    private(set) var expected: [String: [String: String]] = [:]
    /// People who decline adds, by group.
    private(set) var decliners: [String: Set<String>] = [:]
    /// The number of actions that the policy calls for at first.
    private(set) var actions = 0
    private var generator: SeededGenerator

    /// Milliseconds until a change shows; the settle time is several times as long.
    private static let lag = 60

    /// Creates the world of a number.
    init(_ number: UInt64) {
        self.number = number
        generator = SeededGenerator(seed: number &* 0x2545_F491_4F6C_DD1D)
        let people = (10..<32).map { "+4477009010\($0)" }
        let shy = Set(people.shuffled(using: &generator).prefix(2))
        let owns = (1...2).map { "+44770090100\($0)" }
        var policy = "groups:\n"
        var seed = "behaviour: { lag: { milliseconds: \(Self.lag) } }\n"
        seed += "organisations: { org: { keys: { key: { token: \(Town.token) } } } }\npeople:\n"
        for phone in owns { seed += "  \(Self.name(phone)): { phone: \(phone) }\n" }
        for phone in people {
            let rule = shy.contains(phone) ? "declines" : "accepts"
            seed += "  \(Self.name(phone)): { phone: \(phone), adds: \(rule) }\n"
        }
        seed += "sessions:\n"
        for (position, own) in owns.enumerated() {
            seed += "  S\(position + 1): { organisation: org, account: \(Self.name(own)) }\n"
        }
        seed += "groups:\n"
        for (position, own) in owns.enumerated() {
            for group in 1...3 {
                let jid = "12036300000000\(position + 1)00\(group)@g.us"
                let (actual, desired) = (roles(of: people, own), roles(of: people, own))
                seed += "  \(jid):\n    session: S\(position + 1)\n    subject: Group\n    creator: \(Self.name(own))\n"
                seed += Self.lists(actual, Self.name)
                policy += "  \(jid):\n    session: S\(position + 1)\n" + Self.lists(desired) { $0 }
                decide(jid, actual, desired, shy)
            }
        }
        seed += "faults:\n" + delays()
        files = [
            "policies/town.yaml": policy, "gateway.yaml": seed,
            "rollcall.yaml": """
            gateway: { url: "http://127.0.0.1:1" }
            policies: [policies]
            pace: { calls_per_minute: 0, settle: 400ms, adds_per_day: 0, adds_per_call: \(number % 4 == 0 ? 3 : 1) }
            limits: { removals: 100%, removals_per_run: 10000, min_other_admins: 0 }
            """,
        ]
    }

    /// Returns roles for some of the people; the own account is always an admin.
    private mutating func roles(of people: [String], _ own: String) -> [String: String] {
        var roles = [own: "admin"]
        for phone in people {
            switch Int.random(in: 0..<20, using: &generator) {
            case 0..<8: break
            case 8..<17: roles[phone] = "member"
            default: roles[phone] = "admin"
            }
        }
        return roles
    }

    private mutating func decide(
        _ group: String, _ actual: [String: String], _ desired: [String: String], _ shy: Set<String>
    ) {
        let declining = shy.filter { actual[$0] == nil && desired[$0] != nil }
        decliners[group] = declining
        expected[group] = desired.filter { !declining.contains($0.key) }
        for (phone, role) in desired where actual[phone] != role {
            actions += actual[phone] == nil && role == "admin" ? 2 : 1
        }
        actions += actual.keys.count { desired[$0] == nil }
    }

    /// Returns short answer delays, so that kills reach every phase; in some worlds they are tiny, so that more of the
    /// time goes into commits.
    private mutating func delays() -> String {
        let longest = number % 3 == 0 ? 2 : 40
        return [("GET", "*/members"), ("POST", "*"), ("DELETE", "*")].map { method, path in
            let delay = Int.random(in: 0..<longest, using: &generator)
            return "  - { method: \(method), path: \"\(path)\", count: all, delay: \(delay) }\n"
        }.joined()
    }

    private static func lists(_ roles: [String: String], _ spelling: (String) -> String) -> String {
        ["admin", "member"].map { role in
            let people = roles.filter { $0.value == role }.keys.sorted().map(spelling)
            return "    \(role)s: [\(people.joined(separator: ", "))]\n"
        }.joined()
    }

    private static func name(_ phone: String) -> String { "p\(phone.dropFirst())" }
}

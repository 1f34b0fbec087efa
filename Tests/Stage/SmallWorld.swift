package import Core
package import GatewaySimulator

/// One session and its groups, in small numbers: person 7 has the number +62800000007.
///
/// Person 1 is the own account and an admin of every group.
package struct SmallWorld {
    /// The seed so far.
    package var seed: WorldSeed

    /// The session.
    package let session: SessionID

    /// A world that cannot be built.
    package struct Impossible: Error {}

    /// Creates a world with this many people.
    package init(people count: UInt64 = 30, session name: String = "S1", permissions: Set<Permission>? = nil) throws {
        guard let session = SessionID(name) else { throw Impossible() }
        self.session = session
        seed = WorldSeed()
        let permissions = permissions ?? Set(Permission.allCases)
        seed.organisations = [
            OrganisationSeed(id: "org", keys: [APIKeySeed(name: "stage", token: Stage.token, permissions: permissions)])
        ]
        seed.people = try (1...count).map { PersonSeed(phone: try Self.phone($0)) }
        seed.sessions = [SessionSeed(id: session, organisation: "org", account: try Self.phone(1))]
    }

    /// Returns a person's number.
    package static func phone(_ person: UInt64) throws -> PhoneNumber {
        guard let phone = PhoneNumber(digits: 62_800_000_000 + person) else { throw Impossible() }
        return phone
    }

    /// Returns a group's id.
    package static func group(_ number: UInt64) throws -> GroupID {
        guard let group = GroupID("\(120_363_000_000_000_000 + number)@g.us") else { throw Impossible() }
        return group
    }

    /// Adds a group with person 1 among its admins.
    package mutating func addGroup(
        _ number: UInt64, admins: [UInt64] = [], members: [UInt64] = [], actsAsAdmin: Bool = true,
        session other: SessionID? = nil, change: (inout GroupSeed) -> Void = { _ in }
    ) throws {
        var group = GroupSeed(
            id: try Self.group(number), sessions: [other ?? session], subject: "Group \(number)",
            admins: try (actsAsAdmin ? [1] : []).map(Self.phone) + admins.map(Self.phone),
            members: try (actsAsAdmin ? [] : [1]).map(Self.phone) + members.map(Self.phone))
        change(&group)
        seed.groups.append(group)
    }

    /// Returns a group's policy entry, for below `groups:`.
    package static func policy(
        _ number: UInt64, admins: [UInt64] = [1], members: [UInt64] = [], session: String = "S1", more: String = ""
    ) throws -> String {
        func list(_ people: [UInt64]) throws -> String {
            try people.map { "\"\(try phone($0).e164)\"" }.joined(separator: ", ")
        }
        var text = "  \(try group(number)):\n    session: \(session)\n"
        text += "    admins: [\(try list(admins))]\n    members: [\(try list(members))]\n"
        if !more.isEmpty { text += "    \(more)\n" }
        return text
    }
}

extension SimulatedWorld {
    /// Returns a group's members by small number, admins with a star.
    package func members(_ number: UInt64) throws -> [String] {
        let roles = trueGroup(try SmallWorld.group(number))?.roles ?? [:]
        return roles.sorted { $0.key < $1.key }.map { phone, role in
            "\(phone.digits - 62_800_000_000)\(role == .admin ? "*" : "")"
        }
    }

    /// The changes so far, as method and path.
    package var calls: [String] { mutations.map { "\($0.method) \($0.path)" } }
}

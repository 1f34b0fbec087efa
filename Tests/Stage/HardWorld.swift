package import Core
package import GatewaySimulator

/// A world with many difficulties, reproducible by its number.
///
/// People are hidden, spelt differently, decline, or have no account; groups are full; creators are known only by LID;
/// stores lag and lists are false.
package struct HardWorld: Sendable {
    /// The number that reproduces the world.
    package let number: UInt64
    /// The gateway's initial state.
    package private(set) var seed = WorldSeed()
    /// The groups, as the policy means them.
    package private(set) var groups: [HardGroup] = []
    /// The adds that a session may send in 24 hours.
    package private(set) var addsPerDay = 4
    /// Whether the gateway or the configuration gives the own account.
    package private(set) var tellsOwnAccount = true
    /// People whose numbers no contact shows.
    package private(set) var hidden: Set<PhoneNumber> = []
    /// People whose LID WhatsApp returns when asked about the number.
    package private(set) var checkedByLID: Set<PhoneNumber> = []
    /// People without an account.
    package private(set) var withoutAccount: Set<PhoneNumber> = []
    /// Groups whose stored copy is wrong during the first two nights.
    package private(set) var distorted: Set<GroupID> = []
    private var adds: [PhoneNumber: AddRule] = [:]
    private var addsPerCall = 1
    private var configuresOwnAccount = false
    private var policyLines: [String] = ["groups:"]

    /// A world that cannot be built.
    private struct Impossible: Error {}

    /// Creates the world of a number.
    package init(_ number: UInt64) throws {
        self.number = number
        var generator = SeededGenerator(seed: number &* 0x5851_F42D_4C95_7F2D)
        let people = try (101...124).map { try Self.phone($0) }
        decidePeople(people, using: &generator)
        decideGateway(using: &generator)
        for session in 1...Int.random(in: 1...2, using: &generator) {
            let (own, id) = (try Self.phone(UInt64(session)), try Self.required(SessionID("SESSION\(session)")))
            seed.people.append(PersonSeed(phone: own))
            seed.sessions.append(
                SessionSeed(
                    id: id, organisation: "org", account: own,
                    device: Bool.random(using: &generator) ? 3 : nil,
                    ratePerMinute: [nil, 20, 200].randomElement(using: &generator) ?? nil))
            for position in 1...Int.random(in: 1...3, using: &generator) {
                let jid = try Self.required(GroupID("12036300000000\(session)00\(position)@g.us"))
                addGroup(HardGroup(id: jid, session: id, own: own), people, using: &generator)
            }
        }
    }

    /// Returns the other number that reaches a person's account.
    package static func other(_ person: PhoneNumber) -> PhoneNumber {
        PhoneNumber(digits: person.digits + 400) ?? person
    }

    /// Returns the account that a number reaches, in any spelling.
    package func account(_ phone: PhoneNumber) -> PhoneNumber {
        let digits = phone.digits
        return (62_800_000_501...62_800_000_599).contains(digits) ? PhoneNumber(digits: digits - 400) ?? phone : phone
    }

    /// Returns whether a person declines adds to a group.
    package func declines(_ person: PhoneNumber, in group: GroupID) -> Bool {
        switch adds[person] {
        case .declines: true
        case .declinesIn(let groups): groups.contains(group)
        case .accepts, nil: false
        }
    }

    /// The policy file.
    package var policy: String { policyLines.joined(separator: "\n") + "\n" }

    /// Returns the configuration with the given limits.
    package func configuration(limits: String = "{ removals: 50%, removals_floor: 2 }") -> String {
        let own =
            configuresOwnAccount
            ? ", self: { " + seed.sessions.map { "\($0.id): \"\($0.account?.e164 ?? "")\"" }.joined(separator: ", ")
                + " }"
            : ""
        return """
            gateway: { url: "http://127.0.0.1:1"\(own) }
            policies: [policies]
            pace: { calls_per_minute: 60, settle: 1s, adds_per_day: \(addsPerDay), adds_per_call: \(addsPerCall) }
            limits: \(limits)
            """
    }

    private mutating func decidePeople(_ people: [PhoneNumber], using generator: inout SeededGenerator) {
        for person in people {
            var seed = PersonSeed(phone: person, otherNumbers: [Self.other(person)])
            seed.checkAnswersLID = Int.random(in: 0..<3, using: &generator) == 0
            if seed.checkAnswersLID { checkedByLID.insert(person) }
            if Int.random(in: 0..<6, using: &generator) == 0 {
                seed.number = Bool.random(using: &generator) ? .hidden : .absent
                hidden.insert(person)
            }
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: seed.adds = .declines
            case 1: if let group = GroupID("120363000000001001@g.us") { seed.adds = .declinesIn([group]) }
            case 2:
                seed.isOnWhatsApp = false
                withoutAccount.insert(person)
            default: break
            }
            adds[person] = seed.adds
            self.seed.people.append(seed)
        }
    }

    private mutating func decideGateway(using generator: inout SeededGenerator) {
        var permissions = Set(Permission.allCases)
        if Int.random(in: 0..<6, using: &generator) == 0 {
            permissions.remove(.manage)
            configuresOwnAccount = Bool.random(using: &generator)
            tellsOwnAccount = configuresOwnAccount
        }
        seed.organisations = [
            OrganisationSeed(id: "org", keys: [APIKeySeed(name: "stage", token: Stage.token, permissions: permissions)])
        ]
        seed.behaviour.lag = Lag(
            milliseconds: [0, 300, 900, 5_000].randomElement(using: &generator) ?? 0,
            reads: Int.random(in: 0...2, using: &generator))
        seed.behaviour.endOfList = EndOfList.allCases.randomElement(using: &generator) ?? .null
        seed.behaviour.membersPerPage = [nil, 3].randomElement(using: &generator) ?? nil
        seed.behaviour.groupsPerPage = [nil, 2].randomElement(using: &generator) ?? nil
        seed.behaviour.omitsNulls = Bool.random(using: &generator)
        seed.behaviour.creatorProtection = Bool.random(using: &generator) ? .silent : .forbidden
        seed.behaviour.failsWholeBatch = Int.random(in: 0..<4, using: &generator) == 0
        seed.behaviour.groupFilterWorks = Int.random(in: 0..<4, using: &generator) > 0
        addsPerDay = Int.random(in: 3...6, using: &generator)
        addsPerCall = Bool.random(using: &generator) ? 1 : 3
    }

    private mutating func addGroup(
        _ group: HardGroup, _ people: [PhoneNumber], using generator: inout SeededGenerator
    ) {
        var group = group
        let reachable = people.filter { !withoutAccount.contains($0) }
        group.decideMembers(reachable, using: &generator)
        let ownerForm = OwnerForm.allCases.randomElement(using: &generator) ?? .phone
        if let creator = reachable.randomElement(using: &generator), Int.random(in: 0..<3, using: &generator) > 0 {
            // If the gateway hides the creator, nobody can know who to protect, so there is none.
            if ownerForm != .hidden {
                group.creator = creator
                group.actual[creator] = Int.random(in: 0..<5, using: &generator) == 0 ? nil : .admin
            }
        }
        group.decidePolicy(people, using: &generator)
        var distortion = RosterDistortion()
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: distortion.lacksOwnAccount = true
        case 1: distortion.countOffset = 2
        case 2: distortion.isEmpty = true
        case 3: distortion.missing = 3
        default: break
        }
        if distortion != RosterDistortion() { distorted.insert(group.id) }
        seed.groups.append(group.seed(ownerForm: ownerForm, distortion: distortion))
        policyLines += group.policyLines(using: &generator)
        groups.append(group)
    }

    private static func phone(_ number: UInt64) throws -> PhoneNumber {
        try required(PhoneNumber(digits: 62_800_000_000 + number))
    }

    private static func required<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Impossible() }
        return value
    }
}

extension HardGroup {
    fileprivate mutating func decideMembers(_ people: [PhoneNumber], using generator: inout SeededGenerator) {
        actual[own] = .admin
        for person in people where Bool.random(using: &generator) {
            actual[person] = Int.random(in: 0..<4, using: &generator) == 0 ? .admin : .member
            if Int.random(in: 0..<8, using: &generator) == 0 { hiddenHere.insert(person) }
        }
    }

    fileprivate mutating func decidePolicy(_ people: [PhoneNumber], using generator: inout SeededGenerator) {
        mode = Int.random(in: 0..<3, using: &generator) > 0 ? .exact : .additive
        rejoin = Int.random(in: 0..<5, using: &generator) == 0 ? .never : .always
        minAdmins = Int.random(in: 1...3, using: &generator)
        for person in people {
            if Int.random(in: 0..<4, using: &generator) == 0 { otherSpelling.insert(person) }
            switch Int.random(in: 0..<20, using: &generator) {
            case 0..<9:
                named.insert(person)
                desired[person] = Int.random(in: 0..<4, using: &generator) == 0 ? .admin : .member
            case 9: named.insert(person)
            case 10:
                named.insert(person)
                kept.insert(person)
                if Bool.random(using: &generator) { desired[person] = .member }
            default: break
            }
        }
        if desired.isEmpty, let person = people.first {
            named.insert(person)
            desired[person] = .admin
        }
        if Int.random(in: 0..<3, using: &generator) == 0 {
            sizeLimit = actual.count + Int.random(in: 0...2, using: &generator)
            if Int.random(in: 0..<3, using: &generator) > 0 { groupSize = max(2, sizeLimit) }
        }
    }
}

extension HardWorld: CustomStringConvertible {
    /// A description of the world, to reproduce a failure.
    package var description: String {
        let people = seed.people.map { person in
            "\(person.phone) \(person.number), \(person.adds)\(person.isOnWhatsApp ? "" : ", no account")"
                + (person.checkAnswersLID ? ", checked by LID" : "")
        }
        let groups = zip(groups, seed.groups).map { group, seed in
            let members = group.actual.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value == .admin ? "*" : "")" }
            return "\(group.id) creator \(group.creator?.e164 ?? "nobody") by \(seed.ownerForm), \(seed.distortion)\n"
                + "  at most \(group.sizeLimit): \(members.joined(separator: " "))\n"
                + "  hidden here: \(group.hiddenHere.sorted().map(\.e164).joined(separator: " "))"
        }
        return (["world \(number)", policy, configuration(), "\(seed.behaviour)"] + people + groups)
            .joined(separator: "\n")
    }
}

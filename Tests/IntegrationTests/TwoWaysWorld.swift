import Core
import Stage
import Testing

@testable import GatewaySimulator

/// How a policy names a person in one group.
enum Naming: CaseIterable {
    case number
    case other
    case lid
    case pin
}

/// A group's policy entry for a person.
struct Wish {
    var role: Role?
    var isKept = false
    var naming = Naming.number
}

/// A person: 7 has the numbers +62800000007 and +62800000407, and +62800000707 after a change.
struct Person {
    let index: UInt64
    var seed: PersonSeed
    var hasChanged = false
    var pinsOther = false

    var isHidden: Bool { seed.number != .shown }
}

struct WishedGroup {
    let number: UInt64
    let id: GroupID
    let session: String
    let own: UInt64
    var mode = GroupMode.exact
    var rejoin = RejoinRule.always
    var minAdmins = 1
    var wishes: [UInt64: Wish] = [:]
}

enum DayEvent {
    case changed(UInt64)
    case left(UInt64, GroupID)
    case hidden(UInt64, Bool)
}

/// Two sessions of one gateway, their groups, and a policy that names people in every way.
struct TwoWaysWorld {
    let number: UInt64
    private(set) var seed: WorldSeed
    private(set) var people: [UInt64: Person] = [:]
    private(set) var groups: [WishedGroup] = []
    private var generator: SeededGenerator
    private var isRenewed = false

    static let configuration =
        Stage.configuration().replacing(
            "settle: 1s", with: "settle: 1s, adds_per_day: 1000"
        ) + "\nlimits: { removals: 100%, removals_floor: 100, removals_per_run: 10000 }\n"

    init(_ number: UInt64) throws {
        self.number = number
        generator = SeededGenerator(seed: number &* 0x2545_F491_4F6C_DD1D)
        seed = try SmallWorld(people: 1).seed
        seed.people = []
        seed.sessions.append(
            SessionSeed(id: try #require(SessionID("S2")), organisation: "org", account: try SmallWorld.phone(2)))
        seed.behaviour.groupFilterWorks = !flip(4)
        seed.behaviour.membersPerPage = flip(3) ? 4 : nil
        for index in UInt64(1)...20 {
            var person = PersonSeed(
                phone: try SmallWorld.phone(index), otherNumbers: [try SmallWorld.phone(400 + index)])
            person.lid = LID(digits: 150_000_000_000_000 + index)
            person.checkAnswersLID = flip(2)
            if index > 2, flip(8) { person.number = flip(2) ? .hidden : .absent }
            people[index] = Person(index: index, seed: person, pinsOther: flip(3))
            seed.people.append(person)
        }
        for session in UInt64(1)...2 {
            for position in 1...UInt64.random(in: 2...4, using: &generator) {
                try addGroup(session * 10 + position, session)
            }
        }
    }

    mutating func flip(_ sides: Int) -> Bool { Int.random(in: 0..<sides, using: &generator) == 0 }

    private mutating func addGroup(_ number: UInt64, _ own: UInt64) throws {
        var group = WishedGroup(
            number: number, id: try SmallWorld.group(number), session: "S\(own)", own: own)
        group.mode = flip(4) ? .additive : .exact
        group.rejoin = flip(3) ? .never : .always
        group.minAdmins = flip(2) ? 2 : 1
        let others = people.keys.filter { $0 != own }.sorted().shuffled(using: &generator)
        let actual = others.prefix(Int.random(in: 7...15, using: &generator))
        let admins = actual.filter { _ in flip(4) }
        group.wishes[own] = Wish(role: .admin)
        for index in others {
            var wish = Wish(naming: Naming.allCases.randomElement(using: &generator) ?? .number)
            switch Int.random(in: 0..<20, using: &generator) {
            case 0..<9: wish.role = .member
            case 9..<13: wish.role = .admin
            case 13, 14:
                wish.isKept = true
                if flip(3) { wish.role = .member }
            default: continue
            }
            group.wishes[index] = wish
        }
        seed.groups.append(
            GroupSeed(
                id: group.id, sessions: [try #require(SessionID("S\(own)"))], subject: "Group \(number)",
                admins: try ([own] + admins).map(SmallWorld.phone),
                members: try actual.filter { !admins.contains($0) }.map(SmallWorld.phone)))
        groups.append(group)
    }

    mutating func noteChange(of index: UInt64) { people[index]?.hasChanged = true }

    /// Writes people's current numbers into the policy.
    mutating func renew() { isRenewed = true }

    /// Returns whether a policy entry of this form has a number that the person gave up.
    func isStale(_ index: UInt64, _ naming: Naming) -> Bool {
        guard let person = people[index], person.hasChanged, !isRenewed else { return false }
        return naming == .number || (naming == .pin && !person.pinsOther)
    }

    var policy: String {
        var pins: [String] = []
        for person in people.values.sorted(by: { $0.index < $1.index })
        where groups.contains(where: { $0.wishes[person.index]?.naming == .pin }) {
            let phone = text(person.index, person.pinsOther ? .other : .number)
            pins.append("  p\(person.index): { phone: \(phone), lid: \(150_000_000_000_000 + person.index)@lid }")
        }
        var lines = pins.isEmpty ? [] : ["people:"] + pins
        lines.append("groups:")
        for group in groups {
            func list(_ isListed: (Wish) -> Bool) -> String {
                let listed = group.wishes.filter { isListed($0.value) }.sorted { $0.key < $1.key }
                return listed.map { text($0.key, $0.value.naming) }.joined(separator: ", ")
            }
            lines += [
                "  \(group.id):", "    session: \(group.session)", "    mode: \(group.mode.rawValue)",
                "    rejoin: \(group.rejoin.rawValue)", "    limits: { min_admins: \(group.minAdmins) }",
                "    admins: [\(list { $0.role == .admin })]", "    members: [\(list { $0.role == .member })]",
                "    keep: [\(list(\.isKept))]",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func text(_ index: UInt64, _ naming: Naming) -> String {
        let isNew = isRenewed && people[index]?.hasChanged == true
        return switch naming {
        case .number: "\"+\(62_800_000_000 + index + (isNew ? 700 : 0))\""
        case .other: "\"+\(62_800_000_400 + index)\""
        case .lid: "\"\(150_000_000_000_000 + index)@lid\""
        case .pin: "p\(index)"
        }
    }

    mutating func sessionsTonight(_ night: Int) -> [String] {
        if night == 0 { return flip(3) ? ["S1", "S2"] : ["S1"] }
        return flip(4) ? ["S\(Int.random(in: 1...2, using: &generator))"] : ["S1", "S2"]
    }

    /// Returns tonight's faults: some answers are lost, and look-ups may fail.
    mutating func faults() -> [FaultRule] {
        var rules: [FaultRule] = []
        for (method, path) in [("POST", "*/members"), ("DELETE", "*"), ("POST", "*/promote"), ("POST", "*/demote")]
        where flip(3) {
            rules.append(
                FaultRule(
                    method: method, path: path, skip: Int.random(in: 0...3, using: &generator),
                    count: Int.random(in: 1...3, using: &generator), fault: .reset(afterEffect: flip(2))))
        }
        if flip(4) {
            rules.append(FaultRule(path: "*/contacts/check", count: nil, fault: .status(500, code: "internal")))
        }
        return rules
    }

    /// Simulates a day: people change numbers, leave, and show or hide their numbers.
    mutating func day(_ stage: Stage) -> [DayEvent] {
        var events: [DayEvent] = []
        for index in people.keys.sorted() where index > 2 {
            guard let person = people[index], let new = PhoneNumber(digits: person.seed.phone.digits + 700) else {
                continue
            }
            if !person.hasChanged, flip(6) {
                stage.world.changeNumber(of: person.seed.phone, to: new)
                noteChange(of: index)
                events.append(.changed(index))
            }
            if flip(20) {
                let isHidden = !person.isHidden
                people[index]?.seed.number = isHidden ? .hidden : .shown
                stage.world.setNumber(of: person.seed.otherNumbers[0], isHidden ? .hidden : .shown)
                events.append(.hidden(index, isHidden))
            }
            for group in groups where flip(15) {
                guard let member = stage.world.trueGroup(group.id)?.members.first(where: { $0.lid == person.seed.lid })
                else { continue }
                stage.world.leave(member.phone, group.id)
                events.append(.left(index, group.id))
            }
        }
        return events
    }
}

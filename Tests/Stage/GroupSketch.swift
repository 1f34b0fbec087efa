import Core
import GatewaySimulator

/// One random group: its members, its policy, and the expected result.
struct GroupSketch {
    private let own: PhoneNumber
    private let people: [PhoneNumber]
    private let teams: [String: [PhoneNumber]]
    private var actual: [PhoneNumber: Role] = [:]
    private var creator: PhoneNumber?
    private var ownerForm = OwnerForm.phone
    private var mode = GroupMode.exact
    private var admins: [Entry] = []
    private var members: [Entry] = []
    private var keep: [PhoneNumber] = []

    /// A person or a team: always, only today, or not today.
    private struct Entry {
        let text: String
        let people: [PhoneNumber]
        let counts: Bool
    }

    init(
        own: PhoneNumber, people: [PhoneNumber], teams: [String: [PhoneNumber]], using generator: inout SeededGenerator
    ) {
        self.own = own
        self.people = people
        self.teams = teams
    }

    mutating func decide(using generator: inout SeededGenerator) {
        mode = Bool.random(using: &generator) ? .exact : .additive
        ownerForm = OwnerForm.allCases.randomElement(using: &generator) ?? .phone
        actual[own] = .admin
        for person in people where Int.random(in: 0..<2, using: &generator) == 0 {
            actual[person] = Int.random(in: 0..<4, using: &generator) == 0 ? .admin : .member
        }
        // If the gateway hides the creator, nobody can know who to protect, so there is none.
        if ownerForm != .hidden, let person = people.randomElement(using: &generator) {
            creator = person
            actual[person] = .admin
        }
        for _ in 0..<Int.random(in: 1...3, using: &generator) { admins.append(entry(using: &generator)) }
        for _ in 0..<Int.random(in: 0...9, using: &generator) { members.append(entry(using: &generator)) }
        admins.append(Entry(text: "p0", people: [people[0]], counts: true))
        for person in people where Int.random(in: 0..<10, using: &generator) == 0 { keep.append(person) }
    }

    private func entry(using generator: inout SeededGenerator) -> Entry {
        let who: (text: String, people: [PhoneNumber])
        switch Int.random(in: 0..<5, using: &generator) {
        case 0:
            let name = teams.keys.sorted().randomElement(using: &generator) ?? "core"
            who = (name, teams[name] ?? [])
        case 1:
            let index = Int.random(in: 0..<8, using: &generator)
            who = ("p\(index)", [people[index]])
        default:
            let person = people.randomElement(using: &generator) ?? own
            who = (person.e164, [person])
        }
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: return Entry(text: "{ who: \(who.text), until: 2026-11-22 }", people: who.people, counts: false)
        case 1: return Entry(text: "{ who: \(who.text), from: 2026-11-24 }", people: who.people, counts: false)
        case 2: return Entry(text: "{ who: \(who.text), until: 2026-11-23 }", people: who.people, counts: true)
        default: return Entry(text: who.text, people: who.people, counts: true)
        }
    }

    func seed(_ id: GroupID, session: SessionID) -> GroupSeed {
        GroupSeed(
            id: id, sessions: [session], subject: "group \(id.jid.prefix(18))", creator: creator, ownerForm: ownerForm,
            admins: actual.filter { $0.value == .admin }.map(\.key).sorted(),
            members: actual.filter { $0.value == .member }.map(\.key).sorted())
    }

    func policyLines(_ id: GroupID, session: SessionID) -> [String] {
        [
            "  \(id):", "    session: \(session)", "    mode: \(mode.rawValue)",
            "    admins: [\(admins.map(\.text).joined(separator: ", "))]",
            "    members: [\(members.map(\.text).joined(separator: ", "))]",
            "    keep: [\(keep.map(\.e164).joined(separator: ", "))]",
        ]
    }

    var untouchable: Set<PhoneNumber> { Set(keep + [own] + [creator].compactMap { $0 }) }

    /// The final roles by the policy reference alone.
    var outcome: [PhoneNumber: Role] {
        var desired: [PhoneNumber: Role] = [:]
        for entry in members where entry.counts { for person in entry.people { desired[person] = .member } }
        for entry in admins where entry.counts { for person in entry.people { desired[person] = .admin } }
        var result: [PhoneNumber: Role] = [:]
        for (person, role) in actual {
            if untouchable.contains(person) {
                result[person] = role
            } else if mode == .additive {
                result[person] = max(role, desired[person] ?? role)
            } else {
                result[person] = desired[person]
            }
        }
        for (person, role) in desired where actual[person] == nil && !keep.contains(person) { result[person] = role }
        return result
    }
}

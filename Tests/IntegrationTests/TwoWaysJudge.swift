import Core
import GatewaySimulator
import Stage

/// Compares what was done with the world's true state.
final class TwoWaysJudge: Sendable {
    private struct State {
        var world: TwoWaysWorld
        var changed: Set<UInt64> = []
        var hidden: Set<UInt64> = []
        /// People whose first number some session of the gateway has seen with their LID.
        var known: Set<UInt64> = []
        /// People that a run saw in a group, and who left it afterwards.
        var seen: [GroupID: Set<UInt64>] = [:]
        var departed: [GroupID: Set<UInt64>] = [:]
        /// People that our calls added.
        var added: [GroupID: Set<UInt64>] = [:]
        /// People who left without it being certain that a run could know they were there.
        var unsure: [GroupID: Set<UInt64>] = [:]
        var admins: [GroupID: Int] = [:]
        /// The roles that judge the end if nothing may be changed.
        var last: [GroupID: [UInt64: Role]] = [:]
        /// Whether WhatsApp cannot be asked tonight who has which number.
        var cannotAsk = false
        var wrongs: [String] = []
    }

    let number: UInt64
    private let state: Guarded<State>

    init(_ world: TwoWaysWorld) {
        number = world.number
        var state = State(world: world)
        state.hidden = Set(world.people.values.filter(\.isHidden).map(\.index))
        for group in world.seed.groups { state.admins[group.id] = group.members.count { $0.role == .admin } }
        self.state = Guarded(state)
    }

    var wrongs: [String] { state.withLock { $0.wrongs } }

    static func person(_ phone: PhoneNumber) -> UInt64 { phone.digits % 100 }

    func take(_ event: DayEvent, _ world: SimulatedWorld) {
        if ChosenWorlds.only != nil { print("by hand:", event) }
        state.withLock { state in
            switch event {
            case .changed(let index):
                state.changed.insert(index)
                state.world.noteChange(of: index)
            case .hidden(let index, let isHidden):
                if isHidden { state.hidden.insert(index) } else { state.hidden.remove(index) }
            case .left(let index, let group):
                let isSeen = state.seen[group, default: []].contains(index)
                if isSeen {
                    state.departed[group, default: []].insert(index)
                } else {
                    state.unsure[group, default: []].insert(index)
                }
                state.admins[group] = world.trueGroup(group)?.admins.count
            }
        }
    }

    func renew(_ world: TwoWaysWorld) { state.withLock { $0.world = world } }

    /// Records whether WhatsApp can be asked tonight who has which number.
    func noteFailingChecks(_ fail: Bool) { state.withLock { $0.cannotAsk = fail } }

    /// Records that sessions read their groups: everyone who was there throughout has been seen.
    func noteLook(of sessions: [String], before: [TrueGroup], after: [TrueGroup]) {
        state.withLock { state in
            for group in state.world.groups where sessions.contains(group.session) {
                let there = [before, after].map { groups in
                    Set(groups.first { $0.id == group.id }?.members.map { Self.person($0.phone) } ?? [])
                }
                for index in there[0].intersection(there[1]) where !state.hidden.contains(index) {
                    state.seen[group.id, default: []].insert(index)
                    if !state.changed.contains(index) { state.known.insert(index) }
                }
            }
        }
    }

    /// Counts the admins after each call.
    func see(_ change: WorldChange) {
        state.withLock { state in
            let (id, count) = (change.group.id, change.group.admins.count)
            let before = state.admins.updateValue(count, forKey: id) ?? 0
            let least = state.world.groups.first { $0.id == id }?.minAdmins ?? 1
            if change.session != nil, count < before, count < least {
                state.wrongs.append("\(id) has \(count) admins after call \(change.sequence)")
            }
        }
    }

    func judge(_ call: GatewaySimulator.JournalEntry, _ when: String) {
        state.withLock { state in
            for effect in call.effects {
                guard let group = state.world.groups.first(where: { $0.id == effect.group }) else { continue }
                if effect.outcome == .added {
                    state.added[effect.group, default: []].insert(Self.person(effect.phone))
                }
                if let wrong = Self.wrong(effect, in: group, state) {
                    let person = Self.person(effect.phone)
                    let who = Self.describe(person, group, state)
                    state.wrongs.append("\(when), call \(call.sequence): \(who) \(wrong)")
                }
            }
        }
    }

    private static func describe(_ person: UInt64, _ group: WishedGroup, _ state: State) -> String {
        let naming = group.wishes[person].map { " by \($0.naming)" } ?? ""
        let isPinned = state.world.groups.contains { $0.wishes[person]?.naming == .pin }
        return "\(person) in \(group.number)\(naming)" + (state.hidden.contains(person) ? ", hidden," : "")
            + (state.changed.contains(person) ? ", changed," : "") + (isPinned ? ", pinned," : "")
    }

    private static func wrong(_ effect: ParticipantEffect, in group: WishedGroup, _ state: State) -> String? {
        let person = person(effect.phone)
        let wish = group.wishes[person] ?? Wish()
        // Somebody with a given-up number is known only to those who have seen it with their LID.
        let canBeKnown = !state.world.isStale(person, wish.naming) || state.known.contains(person)
        switch effect.outcome {
        case .removed, .demoted:
            if person == group.own { return "is the own account and is removed or demoted" }
            if group.mode == .additive { return "is removed or demoted in an additive group" }
            if wish.isKept, canBeKnown { return "is kept and \(effect.outcome)" }
            if effect.outcome == .removed, wish.role != nil, canBeKnown { return "is wanted and removed" }
            if effect.outcome == .demoted, wish.role == .admin, canBeKnown { return "is wanted and demoted" }
        case .promoted where wish.isKept || wish.role != .admin: return "is promoted, although no policy asks for it"
        case .added:
            if wish.isKept || wish.role == nil { return "is added, although no policy asks for it" }
            if group.rejoin == .never, state.departed[group.id, default: []].contains(person) {
                return "left and is added again"
            }
        case .already where !state.hidden.contains(person) && !state.cannotAsk: return "is there and is added"
        default: break
        }
        return nil
    }

    /// Returns what differs from the policy although nothing about the person is ambiguous.
    func shortcomings(in world: SimulatedWorld) -> [String] {
        state.withLock { state in
            state.world.groups.flatMap { group -> [String] in
                let members = world.trueGroup(group.id)?.members ?? []
                let roles = Dictionary(uniqueKeysWithValues: members.map { (Self.person($0.phone), $0.role) })
                return state.world.people.keys.sorted().compactMap { person in
                    Self.shortcoming(of: person, roles, group, state).map {
                        "\(Self.describe(person, group, state)) \($0)"
                    }
                }
            }
        }
    }

    private static func shortcoming(
        of person: UInt64, _ roles: [UInt64: Role], _ group: WishedGroup, _ state: State
    ) -> String? {
        let wish = group.wishes[person] ?? Wish()
        let role = roles[person]
        // In some group the policy has a number that they gave up: nobody can tell what it means.
        let isStale = state.world.groups.contains { group in
            group.wishes[person].map { state.world.isStale(person, $0.naming) } ?? false
        }
        if person == group.own || wish.isKept || state.hidden.contains(person) || isStale { return nil }
        // If no admin besides the own account is to stay, all of them do.
        let staysAnother = roles.contains { other, role in
            role == .admin && other != group.own && other != person
                && (group.wishes[other].map { $0.role == .admin || $0.isKept } ?? false)
        }
        let isSpare = roles.values.count { $0 == .admin } > group.minAdmins && staysAnother
        switch (wish.role, role) {
        case (.some, nil):
            let hasLeft = [state.departed, state.unsure].contains { $0[group.id, default: []].contains(person) }
            if group.rejoin == .never, hasLeft { return nil }
            // An add needs a number.
            return wish.naming == .lid ? nil : "is missing"
        case (.admin?, .member?): return "is no admin"
        case (.member?, .admin?) where group.mode == .exact && isSpare: return "is still an admin"
        case (nil, .member?) where group.mode == .exact: return "is still there"
        case (nil, .admin?) where group.mode == .exact && isSpare: return "is still there as an admin"
        default: return nil
        }
    }
}

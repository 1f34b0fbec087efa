import Core
import GatewaySimulator
import Stage

/// A person's place in a group.
struct Place: Hashable {
    let group: GroupID
    let person: PhoneNumber
}

/// Everything that happens without us in a hard world with an append-only store.
///
/// People write, join, leave and get roles from other admins, and somebody backfills the store, each at its own time.
struct OtherHands {
    /// How often somebody backfills a session's store.
    private enum Habit: CaseIterable { case nightly, often, seldom, never }

    /// When each session's store was backfilled.
    private(set) var backfills: [SessionID: [Timestamp]] = [:]
    /// When people wrote.
    private(set) var messages: [Place: [Timestamp]] = [:]
    /// When somebody else changed people's roles.
    private(set) var roleChanges: [Place: [Timestamp]] = [:]
    /// When people left.
    private(set) var departures: [Place: [Timestamp]] = [:]
    /// People who joined or left, by group.
    private(set) var moved: [GroupID: Set<PhoneNumber>] = [:]

    private let hard: HardWorld
    private let stage: Stage
    private let admins: AdminWatch
    private let habit: Habit
    private let liveliness: Int
    private var generator: SeededGenerator

    init(_ hard: HardWorld, _ stage: Stage, _ admins: AdminWatch, isBackfilled: Bool) {
        (self.hard, self.stage, self.admins) = (hard, stage, admins)
        generator = SeededGenerator(seed: hard.number)
        habit = Habit.allCases.randomElement(using: &generator) ?? .never
        liveliness = Int.random(in: 0...12, using: &generator)
        if isBackfilled { for session in hard.seed.sessions { backfills[session.id] = [stage.clock.now()] } }
    }

    /// Returns the hard world with an append-only store, without the errors of a following store.
    static func seed(of hard: HardWorld) -> WorldSeed {
        var generator = SeededGenerator(seed: hard.number &+ 1_000_003)
        var seed = hard.seed
        seed.behaviour.store = .appendOnly
        seed.behaviour.beginsBackfilled = Int.random(in: 0..<3, using: &generator) > 0
        seed.behaviour.emptyDataIsNull = Bool.random(using: &generator)
        seed.behaviour.masksFailures = Int.random(in: 0..<3, using: &generator) == 0
        seed.behaviour.listsSuperadmin = Int.random(in: 0..<6, using: &generator) > 0
        for position in seed.groups.indices { seed.groups[position].distortion = RosterDistortion() }
        return seed
    }

    /// Simulates a day: people act, and the store may be backfilled in between.
    mutating func day() {
        var backfilled = hard.seed.sessions.map(\.id).filter { _ in isToBackfill() }
        for _ in 0..<Int.random(in: 0...liveliness, using: &generator) {
            if Int.random(in: 0..<4, using: &generator) == 0, let session = backfilled.popLast() { backfill(session) }
            moveOn()
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: leave()
            case 1: join()
            case 2: giveRole()
            default: write()
            }
        }
        for session in backfilled { backfill(session) }
    }

    /// Backfills the stores of all sessions.
    mutating func backfillAll() {
        for session in hard.seed.sessions { backfill(session.id) }
    }

    /// Makes a person write, admins more often than others.
    mutating func write() {
        moveOn()
        guard let group = hard.groups.randomElement(using: &generator) else { return }
        let members = stage.world.trueGroup(group.id)?.roles ?? [:]
        let own = Int.random(in: 0..<6, using: &generator) == 0
        let isAdminWanted = Bool.random(using: &generator)
        let people = members.keys.filter { own ? $0 == group.own : !isAdminWanted || members[$0] == .admin }.sorted()
        guard let person = people.randomElement(using: &generator) else { return }
        stage.world.write(person, in: group.id)
        tell("\(person) writes in \(group.id)")
        messages[Place(group: group.id, person: person), default: []].append(stage.clock.now())
        moveOn()
    }

    /// Returns whether a person's role may have changed before a moment without the session's store showing it.
    func hasUntoldRole(_ position: Place, of session: SessionID, before moment: Timestamp) -> Bool {
        let told = backfills[session, default: []].last { $0 < moment } ?? Timestamp(milliseconds: 0)
        return roleChanges[position, default: []].contains { told < $0 && $0 < moment }
    }

    private mutating func isToBackfill() -> Bool {
        switch habit {
        case .nightly: true
        case .often: Int.random(in: 0..<3, using: &generator) == 0
        case .seldom: Int.random(in: 0..<9, using: &generator) == 0
        case .never: false
        }
    }

    private mutating func backfill(_ session: SessionID) {
        moveOn()
        stage.world.backfill(session)
        tell("backfill of \(session)")
        backfills[session, default: []].append(stage.clock.now())
        for group in hard.groups where group.session == session { admins.endExcuse(of: group.id) }
        moveOn()
    }

    private mutating func leave() {
        guard let (group, person, _) = somebody(), person != group.creator else { return }
        stage.world.leave(person, group.id)
        tell("\(person) leaves \(group.id)")
        departures[Place(group: group.id, person: person), default: []].append(stage.clock.now())
        moved[group.id, default: []].insert(person)
        admins.excuse(group.id)
        moveOn()
    }

    private mutating func join() {
        guard let group = hard.groups.randomElement(using: &generator) else { return }
        let members = stage.world.trueGroup(group.id)?.roles ?? [:]
        let people = hard.seed.people.filter { $0.isOnWhatsApp && members[$0.phone] == nil }
        guard members.count < min(group.sizeLimit, group.groupSize),
            let person = people.randomElement(using: &generator)?.phone
        else { return }
        stage.world.join(person, group.id)
        tell("\(person) joins \(group.id)")
        moved[group.id, default: []].insert(person)
        moveOn()
    }

    private mutating func giveRole() {
        guard let (group, person, role) = somebody(), person != group.creator else { return }
        stage.world.setRole(role == .admin ? .member : .admin, of: person, in: group.id)
        tell("\(person), \(role), is given the other role in \(group.id)")
        roleChanges[Place(group: group.id, person: person), default: []].append(stage.clock.now())
        if role == .admin { admins.excuse(group.id) } else { admins.excuse(person, in: group.id) }
        moveOn()
    }

    /// Returns a random member of a random group, except the own account, with their role.
    private mutating func somebody() -> (HardGroup, PhoneNumber, Role)? {
        guard let group = hard.groups.randomElement(using: &generator) else { return nil }
        let members = stage.world.trueGroup(group.id)?.roles ?? [:]
        guard let person = members.keys.filter({ $0 != group.own }).sorted().randomElement(using: &generator),
            let role = members[person]
        else { return nil }
        return (group, person, role)
    }

    private func tell(_ what: String) {
        if ChosenWorlds.only != nil { print("by hand at \(stage.clock.now()):", what) }
    }

    private mutating func moveOn() {
        stage.clock.advance(by: .milliseconds(Int.random(in: 1...600_000, using: &generator)))
    }
}

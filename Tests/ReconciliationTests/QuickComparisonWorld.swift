import Core
import Stage

@testable import GatewayAPI
@testable import Reconciliation
@testable import RunLedger

/// Groups of one session that mostly match their policies, with a gateway that always answers the same.
struct QuickComparisonWorld: GatewayReading {
    private var desired: [DesiredGroup] = []
    private var records: [GroupRecord] = []
    private var rosters: [GroupID: Roster] = [:]
    private var contacts: [GroupID: [ContactRecord]] = [:]
    private var checked: [PhoneNumber: NumberCheck] = [:]
    private var own: (phone: PhoneNumber?, lid: LID?)
    private var memory = SessionMemory()
    private let session: SessionKey

    private static let now = Timestamp(milliseconds: 1_795_435_200_000)
    private static let people: UInt64 = 14

    init(_ dice: inout SeededGenerator) throws {
        guard let session = SessionID("S1") else { throw SceneError() }
        self.session = SessionKey(gateway: .default, session: session)
        own = (dice.rarely() ? nil : try phone(1), dice.rarely() ? nil : try lid(1))
        for person in 1...Self.people where !dice.rarely() { memory.phones[try lid(person)] = try phone(person) }
        if dice.rarely() { memory.phones[try lid(dice.person())] = try phone(dice.person()) }
        for person in 1...Self.people where dice.rarely() {
            let account: AccountID = dice.rarely() ? .phone(try phone(dice.person())) : .lid(try lid(person))
            checked[try phone(person)] = NumberCheck(isOnWhatsApp: !dice.rarely(), account: account)
            memory.checks[try phone(person)] = CheckedNumber(
                isOnWhatsApp: !dice.rarely(), account: account, checkedAt: Self.now)
        }
        for number in 0..<40 { try addGroup(number, &dice) }
    }

    private mutating func addGroup(_ number: Int, _ dice: inout SeededGenerator) throws {
        let creator =
            dice.rarely()
            ? "\(try phone(dice.person()).digits)-16\(10_000_000 + number)" : "1203630000000000\(10 + number)"
        guard let id = GroupID("\(creator)@g.us") else { throw SceneError() }
        let key = GroupKey(gateway: session.gateway, session: session.session, group: id)
        var group = DesiredGroup(
            key: key, name: dice.rarely() ? "Choir" : nil, source: Scene.source,
            mode: dice.rarely() ? .additive : .exact,
            rejoin: dice.rarely() ? .never : .always)
        var roster: [RosterMember] = []
        for person in 1...Self.people where person == 1 || Bool.random(using: &dice) {
            let role: Role = person == 1 || dice.rarely() ? .admin : .member
            group.members.append(
                DesiredMember(
                    person: PersonReference(
                        phone: try phone(person), lid: dice.rarely(of: 60) ? try lid(person) : nil, name: "p\(person)"),
                    role: role, source: Scene.source, reason: nil))
            if dice.rarely(of: 60) { continue }
            let seenRole: Role = dice.rarely(of: 60) ? .admin : role
            roster.append(
                RosterMember(account: dice.rarely() ? .phone(try phone(person)) : .lid(try lid(person)), role: seenRole)
            )
        }
        if dice.rarely() {
            let stranger = AccountID.lid(try lid(dice.person()))
            if !roster.contains(where: { $0.account == stranger }) {
                roster.append(RosterMember(account: stranger, role: .member))
            }
        }
        if dice.rarely(of: 40) { group.kept = [PersonReference(phone: try phone(dice.person()), lid: nil, name: nil)] }
        desired.append(group)
        rosters[id] = Roster(members: roster.shuffled(using: &dice), foreignEntryCount: dice.rarely(of: 40) ? 1 : 0)
        contacts[id] = try (1...Self.people).compactMap { person in
            dice.rarely() ? nil : ContactRecord(lid: try lid(person), phone: try phone(person), name: nil)
        }
        let owners: [AccountID?] = [nil, .lid(try lid(dice.person())), .phone(try phone(dice.person()))]
        records.append(
            GroupRecord(
                id: id, subject: dice.rarely() ? nil : dice.rarely() ? "Chor" : "Choir",
                owner: owners.randomElement(using: &dice) ?? nil,
                participantCount: roster.count + (dice.rarely(of: 40) ? 1 : 0)))
        try remember(id, &dice)
    }

    private mutating func remember(_ id: GroupID, _ dice: inout SeededGenerator) throws {
        let before = Self.now.advanced(byMilliseconds: dice.rarely() ? -86_400_000 * 8 : -60_000)
        if dice.rarely() { memory.observations[id] = TrustedRoster(size: Int(dice.person()) * 2, observedAt: before) }
        if dice.rarely(of: 40) { memory.asked[id] = [try lid(dice.person()): before] }
        if dice.rarely(of: 40) {
            memory.declined[id] = [
                try phone(dice.person()): DeclinedAdd(tries: 1, lastTriedAt: before, fingerprint: "")
            ]
        }
        if dice.rarely(of: 40) {
            let person = try phone(dice.person())
            memory.openCalls[id] = [
                OpenCall(
                    id: 1, group: id, operation: [.add, .remove, .demote].randomElement(using: &dice) ?? .add,
                    phone: person, account: .phone(person), lid: nil, sentAt: before, answeredAt: before,
                    uncertainAttempts: 1,
                    runLived: dice.rarely(), wasAccepted: !dice.rarely())
            ]
        }
    }

    /// What a survey finds with and without the fast path, and how many groups the fast path settled: for these, nobody asks
    /// for the whole desired state.
    func read(glancing: Bool) async throws -> (readResult: ReadResult, settled: Int) {
        let policy = Policy(desired: desired, isQuick: glancing)
        let reader = GroupReader(
            gateways: [session.gateway: ReadableGateway(reading: self, ownAccounts: [:])], concurrency: 3,
            time: HeldClock(at: Self.now), progress: Silence())
        let readResult = try await reader.read(
            ReadRequest(
                of: policy, at: Array(desired.indices), memory: [session: memory],
                rules: PlanningRules(now: Self.now), budgets: [:], looksUpNumbers: true, callsPerMinute: 0))
        return (readResult, desired.count - policy.compared.withLock(\.count))
    }

    func sessions() async throws(GatewayError) -> [SessionRecord] { [try await session(session.session)] }

    func session(_ session: SessionID) async throws(GatewayError) -> SessionRecord {
        SessionRecord(id: session, status: "working", ownPhone: own.phone, ownLID: own.lid, ratePerMinute: 30)
    }

    func groups(of session: SessionID) async throws(GatewayError) -> [GroupRecord] { records }

    func group(_ group: GroupID, of session: SessionID) async throws(GatewayError) -> GroupRecord {
        guard let record = records.first(where: { $0.id == group }) else { throw .cancelled(.group(session, group)) }
        return record
    }

    func members(of group: GroupID, of session: SessionID) async throws(GatewayError) -> Roster {
        rosters[group] ?? Roster(members: [])
    }

    func contacts(of session: SessionID, in group: GroupID?) async throws(GatewayError) -> [ContactRecord] {
        group.flatMap { contacts[$0] } ?? []
    }

    func contact(_ lid: LID, of session: SessionID) async throws(GatewayError) -> ContactRecord {
        ContactRecord(lid: lid, phone: nil, name: nil)
    }

    func check(_ phone: PhoneNumber, of session: SessionID) async throws(GatewayError) -> NumberCheck {
        checked[phone] ?? NumberCheck(isOnWhatsApp: true, account: nil)
    }

    func inviteLink(of group: GroupID, of session: SessionID) async throws(GatewayError) -> String {
        throw .cancelled(.group(session, group))
    }
}

extension SeededGenerator {
    fileprivate mutating func rarely(of chances: Int = 12) -> Bool { Int.random(in: 0..<chances, using: &self) == 0 }

    fileprivate mutating func person() -> UInt64 { UInt64.random(in: 1...14, using: &self) }
}

private struct Silence: ProgressReporting {
    func report(_ progress: Progress) {}
}

/// The groups of the world, and which of them the full comparison asked for.
private struct Policy: DesiredState {
    let desired: [DesiredGroup]
    let isQuick: Bool
    let compared = Guarded<Set<Int>>([])

    var groups: [GroupKey] { desired.map(\.key) }

    func desiredGroup(at position: Int, on day: CalendarDate) -> DesiredGroup {
        compared.withLock { _ = $0.insert(position) }
        return desired[position]
    }

    func desiredRoles(at position: Int, on day: CalendarDate) -> DesiredRoles? {
        isQuick ? DesiredRoles(desired[position]) : nil
    }
}

import Core

/// Everything that the simulated gateway and its WhatsApp know.
struct WorldState: Sendable {
    /// How they behave.
    var behaviour: Behaviour
    /// The active faults.
    var faults: FaultRegistry
    /// All accounts.
    var accounts: AccountDirectory
    /// The sessions.
    var sessions: [SessionID: SessionState] = [:]
    /// The sessions in the gateway's order.
    private(set) var sessionOrder: [SessionID] = []
    /// The groups' true states.
    var groups: [GroupID: GroupState] = [:]
    /// The requests and their results.
    var journal = Journal()
    /// The latest requested backfill of each session.
    var backfills: [SessionID: BackfillJob] = [:]
    /// The number of requested backfills.
    var backfillCount = 0
    /// The events that will happen without a request, the next one last.
    var schedule: [(time: Timestamp, event: WorldEvent)]
    /// How often requests tried to add each number to each group, with any result.
    var addAttempts: [PhoneNumber: [GroupID: Int]] = [:]
    /// The empty text of the next answer, which the behaviour and the fault of the request shape.
    var writer = JSONWriter()
    /// The pages that the fault of the current request adds, and the cursor of the next one; nil adds none.
    var endless: (pages: EndlessPages, next: PageCursor)?
    private(set) var organisations: Set<String> = []
    private var keys: [String: Caller] = [:]

    /// Builds the world that a seed describes.
    init(_ seed: WorldSeed, now: Timestamp) throws(SeedError) {
        behaviour = seed.behaviour
        faults = FaultRegistry(seed.faults)
        // Events of one time happen in the given order.
        let ordered = seed.schedule.enumerated().sorted {
            ($0.element.afterMilliseconds, $0.offset) < ($1.element.afterMilliseconds, $1.offset)
        }
        schedule = ordered.reversed().map { _, event in
            (now.later(byMilliseconds: event.afterMilliseconds), event.event)
        }
        accounts = try AccountDirectory(seed.people, strangersAreOnWhatsApp: true)
        try addOrganisations(seed.organisations)
        for session in seed.sessions { try addSession(session, now: now) }
        for group in seed.groups { try addGroup(group, now: now) }
        for event in seed.schedule { try check(event.event) }
        accounts.strangersAreOnWhatsApp = seed.behaviour.strangersAreOnWhatsApp
    }

    /// Returns the caller of an api-key.
    func caller(key token: String) -> Caller? { keys[token] }

    /// Returns a group's true state.
    func trueGroup(_ id: GroupID) -> TrueGroup? {
        guard let group = groups[id] else { return nil }
        let members = group.members.compactMap { member in
            accounts[member.lid].map { TrueGroup.Member(phone: $0.phone, lid: member.lid, role: member.role) }
        }
        let own = group.seed.sessions.compactMap { sessions[$0]?.account }.compactMap { accounts[$0]?.phone }
        return TrueGroup(
            id: id, members: members.sorted { $0.phone < $1.phone },
            creator: group.creator.flatMap { accounts[$0]?.phone }, ownAccounts: own)
    }

    private mutating func addOrganisations(_ seeds: [OrganisationSeed]) throws(SeedError) {
        for organisation in seeds {
            guard organisations.insert(organisation.id).inserted else { throw .duplicateOrganisation(organisation.id) }
            for key in organisation.keys {
                guard key.token.hasPrefix("wa_") else { throw .tokenWithoutPrefix(name: key.name) }
                guard keys[key.token] == nil else { throw .duplicateToken(name: key.name) }
                keys[key.token] = Caller(organisation: organisation.id, permissions: key.permissions, name: key.name)
            }
        }
    }

    private mutating func addSession(_ seed: SessionSeed, now: Timestamp) throws(SeedError) {
        guard organisations.contains(seed.organisation) else { throw .unknownOrganisation(seed.organisation) }
        guard sessions[seed.id] == nil else { throw .duplicateSession(seed.id) }
        var account: LID?
        if let phone = seed.account {
            account = accounts.lid(reachedBy: phone)
            guard account != nil else { throw .accountNotOnWhatsApp(seed.id, phone) }
        }
        var session = SessionState(
            seed, account: account, lag: seed.lag ?? behaviour.lag, numbers: visibilities(seed.numbers), now: now)
        for phone in seed.directMessages {
            if let lid = accounts.lid(reachedBy: phone) { session.meet(lid, direct: true, now: now) }
        }
        sessions[seed.id] = session
        sessionOrder.append(seed.id)
    }

    private mutating func addGroup(_ seed: GroupSeed, now: Timestamp) throws(SeedError) {
        guard groups[seed.id] == nil else { throw .duplicateGroup(seed.id) }
        let creator = seed.creator.flatMap { accounts.lid(reachedBy: $0) }
        var group = GroupState(
            seed, creator: creator, sizeLimit: seed.sizeLimit ?? behaviour.groupSize, createdAt: seed.createdAt ?? now)
        group.numbers = visibilities(seed.numbers)
        for member in seed.members {
            guard let lid = accounts.lid(reachedBy: member.phone) else {
                throw .memberNotOnWhatsApp(seed.id, member.phone)
            }
            guard group.role(of: lid) == nil else { throw .duplicateMember(seed.id, member.phone) }
            group.join(lid, role: member.role, at: now)
        }
        for session in seed.sessions {
            guard let known = sessions[session] else { throw .unknownSession(session) }
            guard known.groups[seed.id] == nil else { throw .duplicateSession(session) }
            sessions[session]?.learn(group, store: behaviour.store, isBackfilled: behaviour.beginsBackfilled, now: now)
        }
        groups[seed.id] = group
    }

    /// Refuses an event with an unknown person, group or session.
    private mutating func check(_ event: WorldEvent) throws(SeedError) {
        switch event {
        case .message(let phone, let group), .join(let phone, let group), .leave(let phone, let group):
            guard groups[group] != nil else { throw .unknownGroup(group) }
            guard accounts.lid(reachedBy: phone) != nil else { throw .memberNotOnWhatsApp(group, phone) }
        case .backfill(let session):
            guard sessions[session] != nil else { throw .unknownSession(session) }
        }
    }

    private mutating func visibilities(_ numbers: [PhoneNumber: NumberVisibility]) -> [LID: NumberVisibility] {
        var visibilities: [LID: NumberVisibility] = [:]
        // Sorted by number, so that strangers get the same LIDs in every run.
        for (phone, visibility) in numbers.sorted(by: { $0.key < $1.key }) {
            if let lid = accounts.lid(reachedBy: phone) { visibilities[lid] = visibility }
        }
        return visibilities
    }
}

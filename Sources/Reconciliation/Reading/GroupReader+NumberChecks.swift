import Core
import GatewayAPI
import RunLedger

extension GroupReader {
    /// Asks WhatsApp about the numbers of people who were not found, and compares their groups again.
    ///
    /// If WhatsApp cannot be asked, nobody is removed or demoted, as a stranger may be one of these people under
    /// another spelling.
    func lookUpNumbers(
        for groupReadings: inout [GroupReading], of request: ReadRequest, in sessions: [SessionKey: SessionReading]
    ) async throws -> [SessionKey: [PhoneNumber: CheckedNumber]] {
        let keys = Set(request.groups.map(\.sessionKey)).sorted()
            .filter { request.looksUpNumbers && sessions[$0]?.mayBeConnected == true }
        var inquiries = keys.compactMap { key in
            gateways[key.gateway].map { gateway in
                NumberLookup(
                    key, of: request, atMost: sessions[key]?.ratePerMinute, through: gateway.reading, reader: self)
            }
        }
        // The first answers may lead to more removals, which need further lookups.
        for isFollowUp in [false, true] {
            let state = groupReadings
            inquiries = try await concurrentMap(inquiries, limit: concurrency) { inquiry in
                var inquiry = inquiry
                if isFollowUp {
                    try await inquiry.askBeforeActing(in: state)
                } else {
                    try await inquiry.ask(about: state, own: sessions[inquiry.key]?.own)
                }
                return inquiry
            }
            for index in groupReadings.indices {
                let key = groupReadings[index].key.sessionKey
                guard let answers = inquiries.first(where: { $0.key == key })?.answers, !answers.isEmpty,
                    var seen = groupReadings[index].observation
                else { continue }
                seen.checks.merge(answers) { $1 }
                lookAgain(at: &groupReadings[index], seen, of: request)
            }
        }
        let answers = Dictionary(uniqueKeysWithValues: inquiries.map { ($0.key, $0.answers) })
        for index in groupReadings.indices where groupReadings[index].draft.removalCount > 0 {
            let key = groupReadings[index].key
            let known = request.memory(of: key).checks
            func answer(_ phone: PhoneNumber) -> CheckedNumber? { answers[key.sessionKey]?[phone] ?? known[phone] }
            let open =
                groupReadings[index].unseen.count { !request.rules.stands(answer($0), for: $0) }
                + groupReadings[index].removedByPolicyNumber.count { !request.rules.isRecent(answer($0)) }
            if open > 0 { groupReadings[index].draft.withholdAll(.numbersUnchecked(open)) }
            if groupReadings[index].unseenOutOfTerm.contains(where: { !request.rules.stands(answer($0), for: $0) }) {
                groupReadings[index].draft.allowForTerms()
            }
        }
        for inquiry in inquiries where inquiry.brokeOff {
            for index in groupReadings.indices where groupReadings[index].key.sessionKey == inquiry.key {
                withholdPerhapsLeft(&groupReadings[index], answers[inquiry.key] ?? [:], of: request)
            }
        }
        let errors = inquiries.compactMap { inquiry in inquiry.disconnection.map { (inquiry.key, $0) } }
        skip(&groupReadings, of: request, whose: Dictionary(uniqueKeysWithValues: errors))
        return answers
    }
}

extension GroupReader {
    /// Defers the adds of a group with `rejoin: never` that somebody has left, if they may be that person under another
    /// spelling.
    private func withholdPerhapsLeft(
        _ groupReading: inout GroupReading, _ answers: [PhoneNumber: CheckedNumber], of request: ReadRequest
    ) {
        let (key, memory) = (groupReading.key, request.memory(of: groupReading.key))
        let desired = request.desired(groupReading.index)
        guard !groupReading.draft.adds.isEmpty, let seen = groupReading.observation, desired.rejoin == .never
        else { return }
        let evidence = Evidence(seen)
        let present = evidence.everyone(wantedBy: desired)
        let identities = request.identities(of: key)
        let hasLeft =
            (memory.sightings[key.group] ?? [:]).contains { phone, sighting in
                !sighting.wasRemovedByUs && !present.contains(phone)
                    && !identities.lids(of: phone).contains { evidence.shows(.lid($0)) }
            }
            || (memory.lidSightings[key.group] ?? [:]).contains { !$1.wasRemovedByUs && !evidence.shows(.lid($0)) }
        guard hasLeft else { return }
        let unknown = groupReading.draft.adds.compactMap(\.phone)
            .filter { !request.rules.stands(answers[$0] ?? memory.checks[$0], for: $0) }
        groupReading.draft.putOff(Set(unknown), .perhapsLeft)
    }
}

/// The lookups of numbers through one session, at four times the pace of changes.
private struct NumberLookup: Sendable {
    let key: SessionKey
    private(set) var answers: [PhoneNumber: CheckedNumber] = [:]
    private let request: ReadRequest
    /// The changes a minute that set the pace, or the session's own rate if that is lower; 0 for no pauses.
    private let callsPerMinute: Int
    private let reading: any GatewayReading
    private let reader: GroupReader
    private let known: [PhoneNumber: CheckedNumber]
    private var tried: Set<PhoneNumber> = []
    /// Whether a lookup failed; then no more numbers are looked up.
    private(set) var brokeOff = false
    /// The error that says that the session is not connected; nil if there is none.
    private(set) var disconnection: GatewayError?

    init(
        _ key: SessionKey, of request: ReadRequest, atMost rate: Int?, through reading: any GatewayReading,
        reader: GroupReader
    ) {
        self.key = key
        self.request = request
        callsPerMinute = request.callsPerMinute.boundedPace(by: rate)
        self.reading = reading
        self.reader = reader
        known = request.memory[key]?.checks ?? [:]
    }

    /// Looks up all that the plans depend on, and a few expired answers.
    ///
    /// First the own number if a roster does not show it, then people to be added within the budget, then everyone who
    /// must be known before a removal or demotion.
    mutating func ask(about groupReadings: [GroupReading], own: OwnAccount?) async throws {
        let mine = groupReadings.enumerated().filter { $0.element.key.sessionKey == key }
        let lacksOwn = mine.contains { $0.element.draft.doubt == .ownAccountMissing }
        if lacksOwn, own?.lid == nil, let phone = own?.phone { try await ask(about: phone) }
        try await askAboutAdds(of: mine)
        // A person who seems to have declined while WhatsApp could not be asked may be a member under another number.
        for groupReading in mine.map(\.element) {
            let held = groupReading.draft.plan.holds.filter { $0.isOfDeclined }.compactMap(\.phone)
            for phone in held where known[phone]?.namesAccount != true { try await ask(about: phone) }
        }
        try await askBeforeActing(in: groupReadings)
        try await askAgain(about: mine.map(\.element))
    }

    /// Looks up people to be added, in the order in which the day's budget is spent, until it is used up.
    private mutating func askAboutAdds(of groupReadings: [(offset: Int, element: GroupReading)]) async throws {
        let budget = request.budgets[key] ?? AddBudget(perDay: 0, used: 0)
        let queue = budget.queue(groupReadings.map { (offset: $0.offset, element: $0.element.draft) })
        let byPosition = Dictionary(uniqueKeysWithValues: groupReadings.map { ($0.offset, $0.element) })
        // Created at the first use, as most groups need none.
        var evidence: [Int: Evidence] = [:]
        var found = 0
        for (index, phone) in queue where !brokeOff {
            if let left = budget.left, found >= left { return }
            try await ask(about: phone)
            guard let check = answers[phone] else {
                found += 1
                continue
            }
            if evidence[index] == nil { evidence[index] = byPosition[index]?.observation.map { Evidence($0) } }
            let isThere = check.account.map { evidence[index]?.shows($0) == true } ?? false
            if check.isOnWhatsApp, !isThere { found += 1 }
        }
    }

    /// Looks up the people who may be a member under another spelling of their number.
    ///
    /// Before a removal or demotion, these are all unseen wanted and kept people and the creator; before any other
    /// change, the unseen kept people.
    mutating func askBeforeActing(in groupReadings: [GroupReading]) async throws {
        for groupReading in groupReadings where groupReading.key.sessionKey == key {
            // The policy and the gateway may know one person by two spellings of a number.
            let holds = groupReading.draft.plan.holds.filter { $0.reason.isOfTwoNumbers }
            for phone in holds.compactMap(\.phone).sorted() { try await ask(about: phone) }
            for phone in groupReading.uncheckedPolicyNumbers { try await ask(about: phone) }
            guard !groupReading.draft.isEmpty else { continue }
            let isRemoving = groupReading.draft.removalCount > 0
            let phones = isRemoving ? groupReading.unseen + groupReading.unseenOutOfTerm : groupReading.unseenKept
            for phone in phones { try await ask(about: phone) }
            for phone in groupReading.removedByPolicyNumber {
                try await ask(about: phone, again: !request.rules.isRecent(known[phone]))
            }
        }
    }

    private mutating func askAgain(about groupReadings: [GroupReading]) async throws {
        var old: [(phone: PhoneNumber, checkedAt: Timestamp)] = []
        for groupReading in groupReadings {
            let held = groupReading.draft.plan.holds.filter { $0.reason == .notOnWhatsApp }.compactMap(\.phone)
            for phone in groupReading.draft.adds.compactMap(\.phone) + held {
                guard answers[phone] == nil, let check = known[phone] else { continue }
                let lifetime = check.isOnWhatsApp ? ReadRequest.identityLifetime : ReadRequest.absenceLifetime
                if request.isPast(check.checkedAt, lifetime: lifetime) { old.append((phone, check.checkedAt)) }
            }
        }
        let left = max(0, ReadRequest.refreshesPerRun - request.lidsToRefresh(of: key).count)
        let oldest = old.sorted { ($0.checkedAt, $0.phone) < ($1.checkedAt, $1.phone) }
        for (phone, _) in oldest.prefix(left) { try await ask(about: phone, again: true) }
    }

    private mutating func ask(about phone: PhoneNumber, again: Bool = false) async throws {
        guard !brokeOff, again || !request.rules.stands(known[phone], for: phone), !tried.contains(phone) else {
            return
        }
        if !tried.isEmpty, callsPerMinute > 0 {
            try await reader.time.sleep(for: .milliseconds(15_000 / callsPerMinute))
        }
        tried.insert(phone)
        do {
            let check = try await reading.check(phone, of: key.session)
            answers[phone] = CheckedNumber(
                isOnWhatsApp: check.isOnWhatsApp, account: check.isOnWhatsApp ? check.account : nil,
                checkedAt: request.rules.now)
        } catch {
            try reader.rethrowIfFatal(error, from: key.gateway)
            // A number that the gateway calls invalid says nothing about the others. The plan goes on, and the add
            // itself will show.
            if error.httpStatus == 400 || error.kind == .notFound { return }
            brokeOff = true
            if error.kind.isDisconnected { disconnection = error }
        }
    }
}

extension CheckedNumber {
    /// Whether it says which account the number has, or that it has none.
    var namesAccount: Bool { !isOnWhatsApp || account != nil }
}

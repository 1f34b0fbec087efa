import GatewayAPI
import Membership
import RunLedger

extension Surveyor {
    /// Lets groups with unresolved members profit from what the contacts of others have told in the same run.
    ///
    /// It is done when all groups are read, and in their order, so that it does not matter which answer came first.
    func shareIdentities(among examinations: inout [Examination], of request: SurveyRequest) {
        var learned: [SessionKey: [LID: PhoneNumber]] = [:]
        for examination in examinations {
            learned[examination.key.sessionKey, default: [:]].merge(examination.learned) { first, _ in first }
        }
        for index in examinations.indices {
            let known = learned[examinations[index].key.sessionKey] ?? [:]
            let found = examinations[index].unresolved.filter { known[$0] != nil }
            guard !found.isEmpty, var seen = examinations[index].observation else { continue }
            for lid in found { seen.phones[lid] = known[lid] }
            examinations[index].asked.subtract(found)
            lookAgain(at: &examinations[index], seen, of: request)
        }
    }

    /// Asks WhatsApp about the numbers of people who were not found, and compares their groups again.
    ///
    /// Where it could not be asked, nobody is taken away: a stranger may be one of these people under another spelling.
    func lookUpNumbers(
        for examinations: inout [Examination], of request: SurveyRequest, in sessions: [SessionKey: SessionSurvey]
    ) async throws -> [SessionKey: [PhoneNumber: CheckedNumber]] {
        var told: [SessionKey: NumberAnswers] = [:]
        // Who was found by the first answers may turn out to be one too many, which calls for further questions.
        for isFollowUp in [false, true] {
            let answers = try await answers(
                to: examinations, beyond: told, isFollowUp: isFollowUp, of: request, in: sessions)
            for (key, answer) in answers { told[key, default: NumberAnswers()].merge(answer) }
            for index in examinations.indices {
                guard let answer = answers[examinations[index].key.sessionKey], !answer.checks.isEmpty,
                    var seen = examinations[index].observation
                else { continue }
                seen.checks.merge(answer.checks) { $1 }
                examinations[index].observation = seen
                lookAgain(at: &examinations[index], seen, of: request)
            }
        }
        for index in examinations.indices where examinations[index].draft.takenAway > 0 {
            let key = examinations[index].key
            let known = request.memory(of: key).checks
            let open = examinations[index].unseen.count { phone in
                known[phone] == nil && told[key.sessionKey]?.tells(of: phone) != true
            }
            if open > 0 { examinations[index].draft.withholdAll(.numbersUnchecked(open)) }
        }
        leaveAlone(&examinations, of: request, whose: told.compactMapValues(\.disconnection))
        return told.mapValues(\.checks)
    }

    private func answers(
        to examinations: [Examination], beyond told: [SessionKey: NumberAnswers], isFollowUp: Bool,
        of request: SurveyRequest, in sessions: [SessionKey: SessionSurvey]
    ) async throws -> [SessionKey: NumberAnswers] {
        guard request.looksUpNumbers else { return [:] }
        let keys = Set(request.groups.map(\.sessionKey)).sorted().filter { key in
            sessions[key]?.mayBeConnected == true && told[key]?.brokeOff != true
        }
        let answers = try await concurrentMap(keys, limit: concurrency) { key in
            let questions =
                isFollowUp
                ? request.questionsBeforeTakingAway(of: key, in: examinations).filter {
                    told[key]?.tells(of: $0) != true
                }
                : request.questions(of: key, sessions[key]?.own, in: examinations)
            return try await self.ask(about: questions, through: key, of: request)
        }
        return Dictionary(uniqueKeysWithValues: zip(keys, answers))
    }

    private func lookAgain(at examination: inout Examination, _ seen: GroupObservation, of request: SurveyRequest) {
        let desired = request.desired(examination.index)
        examination.draft = draft(desired, seen, of: request)
        examination.unresolved = []
        examination.note(desired, seen, request.memory(of: examination.key))
    }

    private func ask(
        about phones: [PhoneNumber], through key: SessionKey, of request: SurveyRequest
    ) async throws -> NumberAnswers {
        guard let gateway = gateways[key.gateway] else { return NumberAnswers() }
        var answers = NumberAnswers()
        for (place, phone) in phones.enumerated() {
            if place > 0, request.callsPerMinute > 0 {
                // A question weighs a quarter of a change.
                try await time.sleep(for: .milliseconds(15_000 / request.callsPerMinute))
            }
            do {
                let check = try await gateway.reading.check(phone, of: key.session)
                answers.checks[phone] = CheckedNumber(
                    isOnWhatsApp: check.isOnWhatsApp, account: check.isOnWhatsApp ? check.account : nil,
                    checkedAt: request.rules.now)
            } catch {
                try rethrowIfFatal(error, from: key.gateway)
                // A gateway that cannot tell is no reason not to plan; the add itself will show.
                guard case .refused(_, let refusal) = error, refusal.status == 400 || refusal.status == 404 else {
                    answers.brokeOff = true
                    if error.saysNotConnected { answers.disconnection = error }
                    return answers
                }
                if refusal.status == 400 { answers.refused.insert(phone) }
            }
        }
        return answers
    }

    /// What is worth remembering.
    func findings(
        of examinations: [Examination], checks: [SessionKey: [PhoneNumber: CheckedNumber]], _ request: SurveyRequest
    ) -> [SessionKey: SessionFindings] {
        var all: [SessionKey: SessionFindings] = [:]
        for (key, answers) in checks where !answers.isEmpty { all[key, default: SessionFindings()].checks = answers }
        for examination in examinations {
            let group = examination.key.group
            var findings = all[examination.key.sessionKey] ?? SessionFindings()
            findings.phones.merge(examination.learned) { first, _ in first }
            if !examination.asked.isEmpty { findings.asked[group] = examination.asked }
            if !examination.arrived.isEmpty { findings.arrived[group] = examination.arrived }
            findings.confirmed.formUnion(examination.confirmed)
            if !examination.neverShown.isEmpty { findings.neverShown[group] = examination.neverShown }
            if !examination.sighted.isEmpty { findings.sighted[group] = examination.sighted }
            switch examination.draft.distrust {
            case nil, .ownAccountUnknown: findings.sizes[group] = examination.draft.plan.size
            case .shrunk: findings.shrunk.insert(group)
            default: break
            }
            all[examination.key.sessionKey] = findings
        }
        let remembered = request.memory
        for (key, findings) in all {
            // What has not changed since need not be written again until it is old.
            let known = remembered[key]?.phones ?? [:]
            all[key]?.phones = findings.phones.filter { known[$0.key] != $0.value }
        }
        return all
    }
}

/// What came of asking WhatsApp about numbers.
private struct NumberAnswers: Sendable {
    /// What it said.
    var checks: [PhoneNumber: CheckedNumber] = [:]
    /// Numbers that the gateway takes for none.
    var refused: Set<PhoneNumber> = []
    /// Whether it stopped answering, after which it is asked no more.
    var brokeOff = false
    /// The error by which it said that the session is not connected; nil where it did not.
    var disconnection: GatewayError?

    /// Whether anything came of asking about a number.
    func tells(of phone: PhoneNumber) -> Bool { checks[phone] != nil || refused.contains(phone) }

    /// Takes in further answers.
    mutating func merge(_ others: NumberAnswers) {
        checks.merge(others.checks) { $1 }
        refused.formUnion(others.refused)
        brokeOff = brokeOff || others.brokeOff
        disconnection = disconnection ?? others.disconnection
    }
}

extension SurveyRequest {
    /// The numbers to ask WhatsApp about through a session, in the order of the plan: people to be added of whom it was
    /// never asked, people who are wanted or kept where someone is to be taken away, and a few whose answer is old.
    ///
    /// The own number is asked about first where a roster does not show it: it may be there under its LID.
    func questions(of key: SessionKey, _ own: OwnAccount?, in examinations: [Examination]) -> [PhoneNumber] {
        let known = memory[key]?.checks ?? [:]
        var asked: Set<PhoneNumber> = []
        var questions: [PhoneNumber] = []
        var old: [(PhoneNumber, Timestamp)] = []
        for examination in examinations where examination.key.sessionKey == key {
            for phone in examination.draft.adds.map(\.phone) where known[phone] == nil {
                if asked.insert(phone).inserted { questions.append(phone) }
            }
            let held = examination.draft.plan.holds.filter { $0.reason == .notOnWhatsApp }.compactMap(\.phone)
            for phone in examination.draft.adds.map(\.phone) + held {
                guard let check = known[phone] else { continue }
                let lifetime = check.isOnWhatsApp ? Self.identityLifetime : Self.absenceLifetime
                if isPast(check.checkedAt, lifetime: lifetime) { old.append((phone, check.checkedAt)) }
            }
        }
        if let left = budgets[key]?.left { questions = Array(questions.prefix(left)) }
        asked = Set(questions)
        for phone in questionsBeforeTakingAway(of: key, in: examinations) where asked.insert(phone).inserted {
            questions.append(phone)
        }
        if let phone = own?.phone, own?.lid == nil, known[phone] == nil, !asked.contains(phone),
            examinations.contains(where: { $0.key.sessionKey == key && $0.draft.distrust == .ownAccountMissing })
        {
            questions.insert(phone, at: 0)
        }
        let renewals = groupsToRefresh.count { $0.sessionKey == key }
        for (phone, _) in old.sorted(by: { ($0.1, $0.0) < ($1.1, $1.0) }).prefix(
            max(0, Self.refreshesPerRun - renewals))
        where asked.insert(phone).inserted { questions.append(phone) }
        return questions
    }

    /// Before anybody is taken away it is asked of everyone who is wanted or kept, and of the creator, where they are not
    /// seen: the one to be taken away may be one of them, under another spelling of the number.
    func questionsBeforeTakingAway(of key: SessionKey, in examinations: [Examination]) -> [PhoneNumber] {
        let known = memory[key]?.checks ?? [:]
        var questions: [PhoneNumber] = []
        var asked: Set<PhoneNumber> = []
        for examination in examinations where examination.key.sessionKey == key && examination.draft.takenAway > 0 {
            for phone in examination.unseen where known[phone] == nil && asked.insert(phone).inserted {
                questions.append(phone)
            }
        }
        return questions
    }
}

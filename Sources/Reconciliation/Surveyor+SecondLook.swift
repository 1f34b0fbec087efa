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

    /// Asks WhatsApp about the numbers of people who are to be added, and compares their groups again.
    func lookUpNumbers(
        for examinations: inout [Examination], of request: SurveyRequest, in sessions: [SessionKey: SessionSurvey]
    ) async throws -> [SessionKey: [PhoneNumber: CheckedNumber]] {
        guard request.looksUpNumbers else { return [:] }
        let keys = Set(request.groups.map(\.sessionKey)).sorted().filter { sessions[$0]?.mayBeConnected == true }
        let state = examinations
        let answers = try await concurrentMap(keys, limit: concurrency) { key in
            try await self.ask(
                about: request.questions(of: key, sessions[key]?.own, in: state), through: key, of: request)
        }
        let checks = Dictionary(uniqueKeysWithValues: zip(keys, answers))
        for index in examinations.indices {
            let answers = checks[examinations[index].key.sessionKey] ?? [:]
            guard !answers.isEmpty, var seen = examinations[index].observation else { continue }
            seen.checks.merge(answers) { $1 }
            for (phone, check) in answers {
                // The LID that WhatsApp gives a number says whose it is, unless the gateway's contacts know better.
                if case .lid(let lid) = check.account, seen.phones[lid] == nil {
                    seen.phones[lid] = phone
                    examinations[index].asked.remove(lid)
                }
            }
            lookAgain(at: &examinations[index], seen, of: request)
        }
        return checks
    }

    private func lookAgain(at examination: inout Examination, _ seen: GroupObservation, of request: SurveyRequest) {
        let desired = request.desired(examination.index)
        examination.draft = draft(desired, seen, of: request)
        examination.unresolved = []
        examination.note(desired, seen, request.memory(of: examination.key))
    }

    private func ask(
        about phones: [PhoneNumber], through key: SessionKey, of request: SurveyRequest
    ) async throws -> [PhoneNumber: CheckedNumber] {
        guard let gateway = gateways[key.gateway] else { return [:] }
        var answers: [PhoneNumber: CheckedNumber] = [:]
        for (place, phone) in phones.enumerated() {
            if place > 0, request.callsPerMinute > 0 {
                // A question weighs a quarter of a change.
                try await time.sleep(for: .milliseconds(15_000 / request.callsPerMinute))
            }
            do {
                let check = try await gateway.reading.check(phone, of: key.session)
                answers[phone] = CheckedNumber(
                    isOnWhatsApp: check.isOnWhatsApp, account: check.isOnWhatsApp ? check.account : nil,
                    checkedAt: request.rules.now)
            } catch {
                try rethrowIfFatal(error, from: key.gateway)
                // A gateway that cannot tell is no reason not to plan; the add itself will show.
                if case .refused(_, let refusal) = error, refusal.status == 400 || refusal.status == 404 { continue }
                return answers
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
            case nil: findings.sizes[group] = examination.draft.plan.size
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
        // Before anybody is taken away it is asked of everyone who is wanted or kept and not seen: the one to be taken
        // away may be one of them, under another spelling of the number.
        for examination in examinations where examination.key.sessionKey == key && examination.draft.takenAway > 0 {
            for phone in examination.unseen where known[phone] == nil && asked.insert(phone).inserted {
                questions.append(phone)
            }
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
}

import GatewayAPI
import Membership
import RunLedger

extension Surveyor {
    /// Shares numbers that contacts of one group gave with the other groups of the run, and drops numbers that two
    /// groups' contacts disagree on.
    ///
    /// It runs after all groups are read, and in their order, so that the order of answers does not matter.
    func shareIdentities(among examinations: inout [Examination], of request: SurveyRequest) {
        var learned: [SessionKey: [LID: PhoneNumber]] = [:]
        var disputed: [SessionKey: Set<LID>] = [:]
        for examination in examinations {
            let key = examination.key.sessionKey
            for (lid, phone) in examination.learned {
                if let other = learned[key, default: [:]].updateValue(phone, forKey: lid), other != phone {
                    disputed[key, default: []].insert(lid)
                }
            }
        }
        for (key, lids) in disputed { for lid in lids { learned[key]?[lid] = nil } }
        let everywhere = learnedByGateway(learned)
        let news = Dictionary(
            uniqueKeysWithValues: Set(request.groups.map(\.sessionKey)).map { key in
                (key, request.news(of: key, everywhere[key.gateway] ?? [:]))
            })
        for index in examinations.indices {
            let key = examinations[index].key.sessionKey
            let contested = (disputed[key] ?? []).filter { examinations[index].learned[$0] != nil }
            if !contested.isEmpty {
                // Only wanted numbers are remembered, so that a later run of one group does not trust the other's
                // answer.
                let wanted = Set(request.desired(examinations[index].index).members.compactMap(\.person.phone))
                for lid in contested where examinations[index].learned[lid].map(wanted.contains) != true {
                    examinations[index].learned[lid] = nil
                }
            }
            guard var seen = examinations[index].observation, var identities = examinations[index].identities else {
                continue
            }
            let hasNews = identities.take(
                ofOtherGroups: learned[key] ?? [:], ofOtherSessions: everywhere[key.gateway] ?? [:],
                contested: contested)
            seen.toldElsewhere = request.ofSighted(in: examinations[index].key, news[key] ?? [:])
            // What other sessions know may matter once WhatsApp has said more about wanted people.
            examinations[index].identities = identities
            guard hasNews || !seen.toldElsewhere.isEmpty else { continue }
            examinations[index].asked.subtract(identities.phones.map(\.key))
            lookAgain(at: &examinations[index], seen, of: request)
        }
    }

    /// All numbers of each LID that the sessions of each gateway learned in this run.
    private func learnedByGateway(
        _ learned: [SessionKey: [LID: PhoneNumber]]
    ) -> [GatewayName: [LID: [PhoneNumber]]] {
        var all: [GatewayName: [LID: [PhoneNumber]]] = [:]
        for (key, phones) in learned.sorted(by: { $0.key < $1.key }) {
            for (lid, phone) in phones where all[key.gateway]?[lid]?.contains(phone) != true {
                all[key.gateway, default: [:]][lid, default: []].append(phone)
            }
        }
        return all
    }

    /// Compares a group again with what is known now.
    func lookAgain(at examination: inout Examination, _ seen: GroupObservation, of request: SurveyRequest) {
        let desired = request.desired(examination.index)
        var seen = seen
        examination.identities?.take(seen.checks, desired)
        if let identities = examination.identities {
            seen.phones = identities.phones
            seen.recalled = identities.recalled
            seen.changed = identities.changed
        }
        examination.draft = draft(desired, seen, of: request)
        examination.unresolved = []
        examination.note(desired, seen, request.memory(of: examination.key))
    }

    /// What to remember.
    func findings(
        of examinations: [Examination], checks: [SessionKey: [PhoneNumber: CheckedNumber]], _ request: SurveyRequest
    ) -> [SessionKey: SessionFindings] {
        var all: [SessionKey: SessionFindings] = [:]
        var learned: [SessionKey: [LID: PhoneNumber]] = [:]
        for (key, answers) in checks where !answers.isEmpty { all[key, default: SessionFindings()].checks = answers }
        for examination in examinations {
            let key = examination.key
            let good = request.memory(of: key).observations[key.group]
            // In place: a copy for each group would make the work quadratic.
            all[key.sessionKey, default: SessionFindings()].take(examination, good, at: request.rules.now)
            // If several groups report the same LID, the first one wins.
            let told = examination.learned.lazy.map { ($0.key, $0.value) }
            if !told.isEmpty { learned[key.sessionKey, default: [:]].merge(told) { first, _ in first } }
        }
        for (key, phones) in learned {
            let known = request.memory[key]?.phones ?? IdentityTable()
            // Unchanged numbers need not be written again until they expire.
            all[key]?.phones = IdentityTable(phones.lazy.filter { known[$0.key] != $0.value })
        }
        return all
    }
}

extension SurveyRequest {
    /// The numbers behind LIDs that differ from what earlier runs knew.
    fileprivate func news(of session: SessionKey, _ told: [LID: [PhoneNumber]]) -> [LID: [PhoneNumber]] {
        let known = memory[session]?.phones ?? IdentityTable()
        return told.filter { lid, phones in phones.contains { $0 != known[lid] } }
    }

    /// The numbers that belong to somebody seen in a group with `rejoin: never`, by LID or by a former number.
    fileprivate func ofSighted(in key: GroupKey, _ told: [LID: [PhoneNumber]]) -> [LID: [PhoneNumber]] {
        let memory = memory(of: key)
        let (lids, phones) = (memory.lidSightings[key.group] ?? [:], memory.sightings[key.group] ?? [:])
        if told.isEmpty || (lids.isEmpty && phones.isEmpty) { return [:] }
        let known = identities(of: key)
        return told.filter { lid, _ in
            lids[lid] != nil || known.numbers(of: lid).contains { phones[$0] != nil }
        }
    }
}

extension SessionFindings {
    /// Adds what to remember of one group; `good` is its last trusted roster.
    fileprivate mutating func take(_ examination: Examination, _ good: GoodObservation?, at now: Timestamp) {
        let group = examination.key.group
        if !examination.asked.isEmpty { asked[group] = examination.asked }
        if !examination.arrived.isEmpty { arrived[group] = examination.arrived }
        confirmed.formUnion(examination.confirmed)
        withoutEffect.formUnion(examination.withoutEffect)
        if let snapshot = examination.snapshot { snapshots[group] = snapshot }
        // One change that showed by itself proves it for the whole store; one that did not disproves it.
        if let follows = examination.storeFollows { storeFollows = (storeFollows ?? true) && follows }
        if !examination.neverShown.isEmpty { neverShown[group] = examination.neverShown }
        if !examination.sighted.isEmpty { sighted[group] = examination.sighted }
        if !examination.sightedLIDs.isEmpty { sightedLIDs[group] = examination.sightedLIDs }
        switch examination.draft.distrust {
        case nil, .ownAccountUnknown:
            sizes[group] = examination.draft.plan.size
            if let lids = examination.members { members[group] = lids }
        case .shrunk(_, let listed, _, _): shrunk[group] = good?.shrinkage(to: listed, at: now)
        default: break
        }
    }
}

import GatewayAPI
import Membership
import RunLedger

extension Surveyor {
    /// Lets groups with unresolved members profit from what the contacts of others have told in the same run, and believes
    /// no number of a LID that two groups' contacts disagree on.
    ///
    /// It is done when all groups are read, and in their order, so that it does not matter which answer came first.
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
                // Only what somebody asks for is remembered: a later run of one group must not take the other's word.
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
            // What other sessions know may matter once WhatsApp has told more of who is wanted.
            examinations[index].identities = identities
            guard hasNews || !seen.toldElsewhere.isEmpty else { continue }
            examinations[index].asked.subtract(identities.phones.map(\.key))
            lookAgain(at: &examinations[index], seen, of: request)
        }
    }

    /// All numbers that the sessions of each gateway have learned of a LID in this run.
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

    /// Compares a group again by what has become known meanwhile.
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

    /// What is worth remembering.
    func findings(
        of examinations: [Examination], checks: [SessionKey: [PhoneNumber: CheckedNumber]], _ request: SurveyRequest
    ) -> [SessionKey: SessionFindings] {
        var all: [SessionKey: SessionFindings] = [:]
        var learned: [SessionKey: [LID: PhoneNumber]] = [:]
        for (key, answers) in checks where !answers.isEmpty { all[key, default: SessionFindings()].checks = answers }
        for examination in examinations {
            let key = examination.key
            let good = request.memory(of: key).observations[key.group]
            // In place: a copy for each group would make the work grow with the square of their number.
            all[key.sessionKey, default: SessionFindings()].take(examination, good, at: request.rules.now)
            // Of several groups that tell the same LID, the first one holds.
            let told = examination.learned.lazy.map { ($0.key, $0.value) }
            if !told.isEmpty { learned[key.sessionKey, default: [:]].merge(told) { first, _ in first } }
        }
        for (key, phones) in learned {
            let known = request.memory[key]?.phones ?? IdentityTable()
            // What has not changed since need not be written again until it is old.
            all[key]?.phones = IdentityTable(phones.lazy.filter { known[$0.key] != $0.value })
        }
        return all
    }
}

extension SurveyRequest {
    /// Those numbers behind LIDs that no earlier run knew as today's.
    fileprivate func news(of session: SessionKey, _ told: [LID: [PhoneNumber]]) -> [LID: [PhoneNumber]] {
        let known = memory[session]?.phones ?? IdentityTable()
        return told.filter { lid, phones in phones.contains { $0 != known[lid] } }
    }

    /// Those of some numbers that belong to somebody who was seen in a group that nobody is to rejoin: by LID alone, or by a number that
    /// they had before.
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
    /// Takes in what is worth remembering of one group, given the last roster of it that could be trusted.
    fileprivate mutating func take(_ examination: Examination, _ good: GoodObservation?, at now: Timestamp) {
        let group = examination.key.group
        if !examination.asked.isEmpty { asked[group] = examination.asked }
        if !examination.arrived.isEmpty { arrived[group] = examination.arrived }
        confirmed.formUnion(examination.confirmed)
        withoutEffect.formUnion(examination.withoutEffect)
        if let snapshot = examination.snapshot { snapshots[group] = snapshot }
        // One change that showed by itself proves it for the whole store; one that did not, against it.
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

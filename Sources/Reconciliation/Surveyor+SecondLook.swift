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
            let known = learned[key] ?? [:]
            let found = examinations[index].unresolved.filter { known[$0] != nil }
            // Who was seen in the group by LID alone, and has shown a number elsewhere meanwhile.
            let sighted =
                (request.memory(of: examinations[index].key).lidSightings[examinations[index].key.group] ?? [:])
                .keys.filter { known[$0] != nil }
            guard !found.isEmpty || !contested.isEmpty || !sighted.isEmpty,
                var seen = examinations[index].observation
            else { continue }
            for lid in sighted { seen.toldElsewhere[lid] = known[lid] }
            for lid in found { seen.phones[lid] = known[lid] }
            for lid in contested { seen.phones[lid] = nil }
            examinations[index].asked.subtract(found)
            examinations[index].observation = seen
            lookAgain(at: &examinations[index], seen, of: request)
        }
    }

    /// Compares a group again by what has become known meanwhile.
    func lookAgain(at examination: inout Examination, _ seen: GroupObservation, of request: SurveyRequest) {
        let desired = request.desired(examination.index)
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
            let news = phones.filter { known[$0.key] != $0.value }
            let contested = contested(news, of: key, request, checks: checks[key] ?? [:])
            all[key]?.phones = IdentityTable(news.lazy.filter { !contested.contains($0.key) })
        }
        return all
    }
}

extension Surveyor {
    /// LIDs that are remembered with a number for which some group asks, whoever reads it, and not for the one that the gateway gives
    /// them now.
    ///
    /// There it is the same person until the policy says otherwise, so the number by which they are recognised must not be
    /// forgotten because of what another group's contacts told.
    private func contested(
        _ news: [LID: PhoneNumber], of key: SessionKey, _ request: SurveyRequest,
        checks answers: [PhoneNumber: CheckedNumber]
    ) -> Set<LID> {
        guard let memory = request.memory[key] else { return [] }
        let changed = news.compactMap { lid, told in memory.phones[lid].map { (lid: lid, before: $0, told: told) } }
        guard !changed.isEmpty else { return [] }
        // A policy may spell the number of an account otherwise.
        var spellings: [PhoneNumber: Set<PhoneNumber>] = [:]
        for change in changed { for phone in [change.before, change.told] { spellings[phone] = [phone] } }
        for (phone, check) in memory.checks.merging(answers, uniquingKeysWith: { $1 }) {
            if case .phone(let account)? = check.account { spellings[account]?.insert(phone) }
        }
        let groups = request.mentions(spellings.values.reduce(into: []) { $0.formUnion($1) }, key)
        return Set(
            changed.filter { change in
                groups.contains { asked in
                    !asked.isDisjoint(with: spellings[change.before] ?? [])
                        && asked.isDisjoint(with: spellings[change.told] ?? [])
                }
            }.map(\.lid))
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
        case nil, .ownAccountUnknown: sizes[group] = examination.draft.plan.size
        case .shrunk(_, let listed, _, _): shrunk[group] = good?.shrinkage(to: listed, at: now)
        default: break
        }
    }
}

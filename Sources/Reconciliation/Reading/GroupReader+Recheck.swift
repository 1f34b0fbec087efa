import Core
import GatewayAPI
import RunLedger

extension GroupReader {
    /// Shares numbers that contacts of one group gave with the other groups of the run, and drops numbers that two
    /// groups' contacts disagree on.
    ///
    /// It runs after all groups are read, and in their order, so that the order of answers does not matter.
    func shareIdentities(among groupReadings: inout [GroupReading], of request: ReadRequest) {
        var learned: [SessionKey: [LID: PhoneNumber]] = [:]
        var disputed: [SessionKey: Set<LID>] = [:]
        for groupReading in groupReadings {
            let key = groupReading.key.sessionKey
            for (lid, phone) in groupReading.learned {
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
        for index in groupReadings.indices {
            let key = groupReadings[index].key.sessionKey
            let contested = (disputed[key] ?? []).filter { groupReadings[index].learned[$0] != nil }
            if !contested.isEmpty {
                // Only wanted numbers are remembered, so that a later run of one group does not trust the other's
                // answer.
                let wanted = Set(request.desired(groupReadings[index].index).members.compactMap(\.person.phone))
                for lid in contested where groupReadings[index].learned[lid].map(wanted.contains) != true {
                    groupReadings[index].learned[lid] = nil
                }
            }
            guard var seen = groupReadings[index].observation, var identities = groupReadings[index].identities else {
                continue
            }
            let hasNews = identities.take(
                ofOtherGroups: learned[key] ?? [:], ofOtherSessions: everywhere[key.gateway] ?? [:],
                contested: contested)
            seen.knownElsewhere = request.ofSighted(in: groupReadings[index].key, news[key] ?? [:])
            // What other sessions know may matter once WhatsApp has said more about wanted people.
            groupReadings[index].identities = identities
            guard hasNews || !seen.knownElsewhere.isEmpty else { continue }
            groupReadings[index].asked.subtract(identities.phones.map(\.key))
            lookAgain(at: &groupReadings[index], seen, of: request)
        }
    }

    /// Returns all numbers of each LID that the sessions of each gateway learned in this run.
    private func learnedByGateway(_ learned: [SessionKey: [LID: PhoneNumber]]) -> [GatewayName: [LID: [PhoneNumber]]] {
        var all: [GatewayName: [LID: [PhoneNumber]]] = [:]
        for (key, phones) in learned.sorted(by: { $0.key < $1.key }) {
            for (lid, phone) in phones where all[key.gateway]?[lid]?.contains(phone) != true {
                all[key.gateway, default: [:]][lid, default: []].append(phone)
            }
        }
        return all
    }

    /// Compares a group again with what is known now.
    func lookAgain(at groupReading: inout GroupReading, _ seen: GroupObservation, of request: ReadRequest) {
        let desired = request.desired(groupReading.index)
        var seen = seen
        groupReading.identities?.take(seen.checks, desired)
        if let identities = groupReading.identities {
            seen.phones = identities.phones
            seen.recalled = identities.recalled
            seen.changed = identities.changed
        }
        groupReading.draft = draft(desired, seen, of: request)
        groupReading.unresolved = []
        groupReading.note(desired, seen, request.memory(of: groupReading.key))
    }

    /// Returns what to remember of each session.
    func findings(
        of groupReadings: [GroupReading], checks: [SessionKey: [PhoneNumber: CheckedNumber]], _ request: ReadRequest
    ) -> [SessionKey: SessionFindings] {
        var all: [SessionKey: SessionFindings] = [:]
        var learned: [SessionKey: [LID: PhoneNumber]] = [:]
        for (key, answers) in checks where !answers.isEmpty { all[key, default: SessionFindings()].checks = answers }
        for groupReading in groupReadings {
            let key = groupReading.key
            let good = request.memory(of: key).observations[key.group]
            // In place: a copy for each group would make the work quadratic.
            all[key.sessionKey, default: SessionFindings()].take(groupReading, good, at: request.rules.now)
            // If several groups report the same LID, the first one wins.
            let reported = groupReading.learned.lazy.map { ($0.key, $0.value) }
            if !reported.isEmpty { learned[key.sessionKey, default: [:]].merge(reported) { first, _ in first } }
        }
        for (key, phones) in learned {
            let known = request.memory[key]?.phones ?? IdentityTable()
            // Unchanged numbers do not have to be written again until they expire.
            all[key]?.phones = IdentityTable(phones.lazy.filter { known[$0.key] != $0.value })
        }
        return all
    }
}

extension ReadRequest {
    /// Returns the numbers behind LIDs that differ from what earlier runs knew.
    fileprivate func news(of session: SessionKey, _ reported: [LID: [PhoneNumber]]) -> [LID: [PhoneNumber]] {
        let known = memory[session]?.phones ?? IdentityTable()
        return reported.filter { lid, phones in phones.contains { $0 != known[lid] } }
    }

    /// Returns the numbers that belong to somebody seen in a group with `rejoin: never`, by LID or by a former number.
    fileprivate func ofSighted(in key: GroupKey, _ reported: [LID: [PhoneNumber]]) -> [LID: [PhoneNumber]] {
        let memory = memory(of: key)
        let (lids, phones) = (memory.lidSightings[key.group] ?? [:], memory.sightings[key.group] ?? [:])
        if reported.isEmpty || (lids.isEmpty && phones.isEmpty) { return [:] }
        let known = identities(of: key)
        return reported.filter { lid, _ in lids[lid] != nil || known.numbers(of: lid).contains { phones[$0] != nil } }
    }
}

extension SessionFindings {
    /// Adds what to remember of one group; `good` is its last trusted roster.
    fileprivate mutating func take(_ groupReading: GroupReading, _ good: TrustedRoster?, at now: Timestamp) {
        let group = groupReading.key.group
        if !groupReading.asked.isEmpty { asked[group] = groupReading.asked }
        if !groupReading.arrived.isEmpty { arrived[group] = groupReading.arrived }
        confirmed.formUnion(groupReading.confirmed)
        withoutEffect.formUnion(groupReading.withoutEffect)
        if let snapshot = groupReading.snapshot { snapshots[group] = snapshot }
        // One change that showed by itself proves it for the whole store; one that did not disproves it.
        if let followsChanges = groupReading.storeFollows { storeFollows = (storeFollows ?? true) && followsChanges }
        if !groupReading.neverShown.isEmpty { neverShown[group] = groupReading.neverShown }
        if !groupReading.sighted.isEmpty { sighted[group] = groupReading.sighted }
        if !groupReading.sightedLIDs.isEmpty { sightedLIDs[group] = groupReading.sightedLIDs }
        switch groupReading.draft.doubt {
        case nil, .ownAccountUnknown:
            sizes[group] = groupReading.draft.plan.size
            if let lids = groupReading.members {
                noted.append(group)
                members += lids
            }
        case .shrunk(_, let listed, _, _): shrunk[group] = good?.shrinkage(to: listed, at: now)
        default: break
        }
    }
}

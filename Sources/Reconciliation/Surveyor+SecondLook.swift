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
            let known = (learned[key] ?? [:]).filter { disputed[key]?.contains($0.key) != true }
            let found = examinations[index].unresolved.filter { known[$0] != nil }
            guard !found.isEmpty || !contested.isEmpty, var seen = examinations[index].observation else { continue }
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
        for (key, answers) in checks where !answers.isEmpty { all[key, default: SessionFindings()].checks = answers }
        for examination in examinations {
            let group = examination.key.group
            var findings = all[examination.key.sessionKey] ?? SessionFindings()
            findings.phones.merge(examination.learned.lazy.map { ($0.key, $0.value) }) { first, _ in first }
            if !examination.asked.isEmpty { findings.asked[group] = examination.asked }
            if !examination.arrived.isEmpty { findings.arrived[group] = examination.arrived }
            findings.confirmed.formUnion(examination.confirmed)
            if !examination.neverShown.isEmpty { findings.neverShown[group] = examination.neverShown }
            if !examination.sighted.isEmpty { findings.sighted[group] = examination.sighted }
            if !examination.sightedLIDs.isEmpty { findings.sightedLIDs[group] = examination.sightedLIDs }
            switch examination.draft.distrust {
            case nil, .ownAccountUnknown: findings.sizes[group] = examination.draft.plan.size
            case .shrunk(_, let listed, _, _):
                let good = request.memory(of: examination.key).observations[group]
                findings.shrunk[group] = good?.shrinkage(to: listed, at: request.rules.now)
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

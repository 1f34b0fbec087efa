import Core
import GatewayAPI
import RunLedger

extension GroupReading {
    /// Stores what later steps or later runs need to know about the group.
    mutating func note(
        _ desired: DesiredGroup, _ seen: GroupObservation, _ memory: SessionMemory
    ) {
        let evidence = Evidence(seen)
        unresolved = evidence.unresolved
        unseen = evidence.unseen(by: desired, owner: seen.record.owner)
        let pinned = draft.removals.filter { $0.account.lid != nil }
            .compactMap { $0.lid.flatMap { desired.named[$0]?.phone } }
        uncheckedPolicyNumbers = evidence.uncheckedPolicyNumbers(of: desired)
        removedByPolicyNumber = unseen.isEmpty ? [] : Set(pinned).sorted()
        unseenKept = desired.kept.filter { evidence.entries(of: $0).isEmpty }.compactMap(\.phone).sorted()
        unseenOutOfTerm = desired.outOfTerm.filter { evidence.entries(of: $0.person).isEmpty }
            .compactMap(\.person.phone).sorted()
        arrived = Set((memory.declined[key.group] ?? [:]).keys.filter { evidence.shows($0) })
        neverShown = draft.hasSoundRoster ? memory.addsNotShown(by: evidence, desired) : [:]
        let calls = memory.openCalls[key.group] ?? []
        confirmed = Set(calls.filter { evidence.verdict(on: $0) == .shown }.map(\.id))
        let isLater = evidence.stored.basis != .list
        withoutEffect = Set(
            calls.filter { isLater && $0.operation != .add && evidence.verdict(on: $0) == .notShown }.map(\.id))
        sighted = desired.rejoin == .never ? evidence.everyone(wantedBy: desired) : []
        sightedLIDs = desired.rejoin == .never ? unresolved : []
        let mayLearnMore =
            !unresolved.isEmpty || !draft.adds.isEmpty || draft.removalCount > 0 || draft.doubt == .ownAccountMissing
            || (!draft.isEmpty && !unseenKept.isEmpty) || !uncheckedPolicyNumbers.isEmpty
            || draft.plan.holds.contains { hold in
                hold.reason == .notOnWhatsApp || hold.reason.isOfTwoNumbers
                    || hold.isOfDeclined && hold.phone.map { memory.checks[$0]?.namesAccount != true } ?? false
            }
        observation = mayLearnMore ? seen : nil
        if !mayLearnMore { identities = nil }
    }
}

extension SessionMemory {
    /// Returns the adds of earlier runs that the roster does not show, counted as tries of today's entry.
    ///
    /// A single add whose answer was lost in a dead or interrupted run may never have been sent, so it is not a try.
    func addsNotShown(by evidence: Evidence, _ desired: DesiredGroup) -> [PhoneNumber: NeverShownAdd] {
        let group = desired.key.group
        guard let calls = openCalls[group]?.filter({ $0.operation == .add }), !calls.isEmpty else { return [:] }
        // An add that failed with an error of the gateway is not a decline.
        let missing = calls.filter { !$0.failedUnclearly && evidence.verdict(on: $0) == .notShown }
        var adds: [PhoneNumber: NeverShownAdd] = [:]
        for (phone, open) in Dictionary(grouping: missing, by: \.phone) {
            guard let phone else { continue }
            let certain = open.count { $0.wasAccepted || ($0.runLived && $0.uncertainAttempts > 1) }
            let tries = certain + max(0, open.count - certain - 1)
            guard tries > 0, let member = desired.members.first(where: { $0.person.phone == phone }),
                let last = open.map(\.sentAt).max()
            else { continue }
            let known = declined[group]?[phone]
            let before = known?.fingerprint == member.fingerprint ? known?.tries ?? 0 : 0
            adds[phone] = NeverShownAdd(
                rows: Set(open.map(\.id)),
                tries: DeclinedAdd(
                    tries: before + tries, lastTriedAt: max(last, known?.lastTriedAt ?? last),
                    fingerprint: member.fingerprint))
        }
        return adds
    }
}

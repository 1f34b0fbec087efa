import GatewayAPI
import Membership
import RunLedger

extension Examination {
    /// Notes what a later step, or a later run, needs to know of the group.
    mutating func note(
        _ desired: DesiredGroup, _ seen: GroupObservation, _ memory: SessionMemory
    ) {
        let presence = Presence(desired, seen)
        unresolved = presence.unresolved
        unseen = presence.unseen
        unseenKept = Set(desired.kept.compactMap(\.phone)).filter { !presence.shows($0) }.sorted()
        arrived = Set((memory.declined[key.group] ?? [:]).keys.filter(presence.shows))
        neverShown = draft.hasSoundRoster ? memory.addsNotShown(by: seen, desired) : [:]
        confirmed = []
        if let calls = memory.openCalls[key.group] {
            let look = FreshLook(roster: seen.roster, phones: seen.phones)
            confirmed = Set(calls.filter(look.shows).map(\.id))
        }
        sighted = desired.rejoin == .never ? presence.everyone : []
        sightedLIDs = desired.rejoin == .never ? unresolved : []
        let mayLearnMore =
            !unresolved.isEmpty || !draft.adds.isEmpty || draft.takenAway > 0 || draft.distrust == .ownAccountMissing
            || (!draft.isEmpty && !unseenKept.isEmpty) || draft.plan.holds.contains { $0.reason == .notOnWhatsApp }
        observation = mayLearnMore ? seen : nil
    }
}

extension SessionMemory {
    /// The adds of earlier runs that the roster does not show, as tries of the entry that asks for them now.
    ///
    /// One that was lost once, because its run died or was told to end, may never have been sent and is no try yet.
    func addsNotShown(by seen: GroupObservation, _ desired: DesiredGroup) -> [PhoneNumber: NeverShownAdd] {
        let group = desired.key.group
        guard let calls = openCalls[group]?.filter({ $0.operation == "add" }), !calls.isEmpty else { return [:] }
        let look = FreshLook(roster: seen.roster, phones: seen.phones)
        var adds: [PhoneNumber: NeverShownAdd] = [:]
        for (phone, open) in Dictionary(grouping: calls.filter { !look.shows($0) }, by: \.phone) {
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

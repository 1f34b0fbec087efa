import GatewayAPI
import Membership
import RunLedger

/// Which number is behind each LID of one group's roster, by order of trust: what the gateway says in this run, then
/// what an earlier run learned.
struct Identities {
    private let trustsMemory: Bool
    /// The numbers of everyone who is wanted or kept, as the policy spells them and as WhatsApp has told them.
    private let wanted: Set<PhoneNumber>
    private let pinned: Set<LID>
    private let remembered: [LID: PhoneNumber]
    private let askedBefore: [LID: Timestamp]
    private var protected: Set<LID> = []
    private var protectedPhones: Set<PhoneNumber> = []
    private var lids: [LID] = []
    /// The numbers by which members are listed.
    private var listed: Set<PhoneNumber> = []
    /// The creator's LID where the roster does not list it: they may be listed by number.
    private var absentCreator: LID?
    private(set) var learned: [LID: PhoneNumber] = [:]
    private(set) var askedNow: Set<LID> = []

    init(
        desired: DesiredGroup, remembered: [LID: PhoneNumber], asked: [LID: Timestamp],
        checks: [PhoneNumber: CheckedNumber]
    ) {
        // Where nobody is taken away, a number that has changed meanwhile can do no harm.
        trustsMemory = desired.mode == .additive
        let people = desired.members.map(\.person) + desired.kept
        let spelt = people.compactMap(\.phone)
        wanted = Set(
            spelt
                + spelt.compactMap { phone in
                    if case .phone(let account)? = checks[phone]?.account { account } else { nil }
                })
        pinned = Set(people.compactMap(\.lid))
        protectedPhones = Set([desired.key.group.creator].compactMap { $0 })
        self.remembered = remembered
        askedBefore = asked
    }

    /// Takes in a roster, and who of it is never touched anyway.
    mutating func take(_ seen: GroupObservation) {
        for entry in seen.roster.members {
            switch entry.account {
            case .lid(let lid): lids.append(lid)
            case .phone(let phone): listed.insert(phone)
            }
        }
        if case .lid(let lid)? = seen.record.owner, !lids.contains(lid), !listed.isEmpty {
            absentCreator = lid
            lids.append(lid)
        }
        lids.sort()
        if let lid = seen.own?.lid { protected.insert(lid) }
        if let phone = seen.own?.phone { protectedPhones.insert(phone) }
        switch seen.record.owner {
        case .lid(let lid): if absentCreator == nil { protected.insert(lid) }
        case .phone(let phone): protectedPhones.insert(phone)
        case nil: break
        }
    }

    /// Takes in what the gateway's contacts of the group tell.
    mutating func take(_ contacts: [LID: PhoneNumber]) {
        for lid in lids {
            if let phone = contacts[lid] { learned[lid] = phone }
        }
        guard !listed.isEmpty else { return }
        for (lid, phone) in contacts where listed.contains(phone) { learned[lid] = phone }
    }

    /// Takes in what the gateway says of one LID; nil where it knows no number.
    mutating func take(_ phone: PhoneNumber?, for lid: LID) {
        if let phone { learned[lid] = phone } else { askedNow.insert(lid) }
    }

    /// The numbers that a comparison may rely on.
    var phones: [LID: PhoneNumber] {
        var phones = learned
        for lid in changed { phones[lid] = remembered[lid] }
        if !listed.isEmpty {
            for (lid, phone) in remembered where phones[lid] == nil && listed.contains(phone) { phones[lid] = phone }
        }
        for lid in lids where phones[lid] == nil {
            if let phone = remembered[lid], lid == absentCreator || recognises(phone) { phones[lid] = phone }
        }
        return phones
    }

    /// LIDs by which someone is known who is wanted or kept, and to which the gateway now gives a number that nobody asks
    /// for: a LID stays while a number changes, so it is the same person until the policy says otherwise.
    var changed: Set<LID> {
        Set(
            learned.compactMap { lid, told in
                guard let known = remembered[lid], known != told, wanted.contains(known), !wanted.contains(told)
                else { return nil }
                return lid
            })
    }

    private func recognises(_ phone: PhoneNumber) -> Bool {
        trustsMemory || wanted.contains(phone) || protectedPhones.contains(phone)
    }

    /// Whether there is anybody of whom the gateway was never asked.
    var hasUnasked: Bool { !unknown(again: false).isEmpty }

    /// The members whose numbers are not known, least first; those asked for in vain before only if wished.
    func unknown(again: Bool) -> [LID] {
        let known = phones
        return lids.filter { lid in
            known[lid] == nil && !protected.contains(lid) && !pinned.contains(lid) && !askedNow.contains(lid)
                && (again || askedBefore[lid] == nil)
        }
    }
}

extension Examination {
    /// Notes what a later step, or a later run, needs to know of the group.
    mutating func note(
        _ desired: DesiredGroup, _ seen: GroupObservation, _ memory: SessionMemory
    ) {
        var present: Set<PhoneNumber> = []
        for entry in seen.roster.members {
            switch entry.account {
            case .phone(let phone): present.insert(phone)
            case .lid(let lid):
                if let phone = seen.phones[lid] { present.insert(phone) } else { unresolved.insert(lid) }
            }
        }
        let creators = [seen.record.owner, desired.key.group.creator.map(AccountID.phone)].compactMap { creator in
            if case .phone(let phone)? = creator { PersonReference(phone: phone, lid: nil, name: nil) } else { nil }
        }
        for person in desired.members.map(\.person) + desired.kept + creators {
            guard let phone = person.phone, !present.contains(phone) else { continue }
            // Someone known by a pinned LID, or by another spelling of the number, is present too.
            let isThere =
                switch seen.checks[phone]?.account {
                case .phone(let other): present.contains(other)
                case .lid(let lid): seen.roster.members.contains { $0.account == .lid(lid) }
                case nil: person.lid.map { lid in seen.roster.members.contains { $0.account == .lid(lid) } } ?? false
                }
            if isThere { present.insert(phone) }
        }
        unseen = Set((desired.members.map(\.person) + desired.kept + creators).compactMap(\.phone))
            .subtracting(present).sorted()
        unseenKept = Set(desired.kept.compactMap(\.phone)).subtracting(present).sorted()
        arrived = Set((memory.declined[key.group] ?? [:]).keys).intersection(present)
        neverShown = draft.hasSoundRoster ? memory.addsNotShown(by: seen, desired) : [:]
        if let calls = memory.openCalls[key.group] {
            let look = FreshLook(roster: seen.roster, phones: seen.phones)
            confirmed = Set(calls.filter(look.shows).map(\.id))
        }
        sighted = desired.rejoin == .never ? present : []
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

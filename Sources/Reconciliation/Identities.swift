import GatewayAPI
import Membership
import RunLedger

/// Which number is behind each LID of one group's roster, by order of trust: what the gateway says in this run, then
/// what an earlier run learned.
struct Identities {
    /// What a comparison may rely on.
    private(set) var phones = IdentityTable()
    private(set) var learned = IdentityTable()
    private(set) var askedNow: Set<LID> = []

    private let trustsMemory: Bool
    /// The numbers of everyone who is wanted or kept, as the policy spells them and as WhatsApp has told them.
    private let wanted: MarkedNumbers
    /// The LIDs of which the policy tells whose they are, and no earlier run has learned otherwise: then the gateway has to say it
    /// again.
    private let pinned: Set<LID>
    /// The LIDs of those of whom the policy gives no number.
    private let wantedByLID: Set<LID>
    private let remembered: RememberedNumbers
    /// What earlier runs have learned through the gateway's other sessions: what one of them knows protects in all.
    private let rememberedElsewhere: [RememberedNumbers]
    private let askedBefore: [LID: Timestamp]
    private var protected: Set<LID> = []
    private var protectedPhones: Set<PhoneNumber> = []
    /// The LIDs by which members are listed, in their order, and the creator's.
    private var lids: [LID] = []
    /// The numbers by which members are listed.
    private var listed: [PhoneNumber] = []
    /// The digits of `listed`, sorted.
    private var listedDigits: [UInt64] = []
    /// Those of `lids` whose numbers are not known.
    private var open: [LID] = []
    /// The creator's LID where the roster does not list it: they may be listed by number.
    private var absentCreator: LID?

    init(
        desired: DesiredGroup, remembered: RememberedNumbers, elsewhere: [RememberedNumbers] = [],
        asked: [LID: Timestamp],
        checks: [PhoneNumber: CheckedNumber]
    ) {
        // Where nobody is taken away, a number that has changed meanwhile can do no harm.
        trustsMemory = desired.mode == .additive
        var wanted = MarkedNumbers(atMost: (desired.members.count + desired.kept.count) * 2)
        var pinned: Set<LID> = []
        var wantedByLID: Set<LID> = []
        desired.forEachWantedOrKept { person in
            if let lid = person.lid, person.phone == nil { wantedByLID.insert(lid) }
            if let lid = person.lid, person.phone == nil || [nil, person.phone].contains(remembered[lid]) {
                pinned.insert(lid)
            }
            guard let phone = person.phone else { return }
            wanted.insert(phone)
            if !checks.isEmpty, case .phone(let account)? = checks[phone]?.account { wanted.insert(account) }
        }
        self.wanted = wanted
        self.pinned = pinned
        self.wantedByLID = wantedByLID
        protectedPhones = Set([desired.key.group.creator].compactMap { $0 })
        self.remembered = remembered
        rememberedElsewhere = elsewhere
        askedBefore = asked
    }

    /// Takes in a roster, and who of it is never touched anyway.
    mutating func take(_ seen: GroupObservation) {
        lids.reserveCapacity(seen.roster.members.count)
        for entry in seen.roster.members {
            switch entry.account {
            case .lid(let lid): lids.append(lid)
            case .phone(let phone): listed.append(phone)
            }
        }
        if case .lid(let lid)? = seen.record.owner, !listed.isEmpty, !seen.roster.lists(.lid(lid)) {
            absentCreator = lid
            lids.append(lid)
            lids.sort()
        }
        listedDigits = listed.map(\.digits).inOrder
        if let lid = seen.own?.lid { protected.insert(lid) }
        if let phone = seen.own?.phone { protectedPhones.insert(phone) }
        switch seen.record.owner {
        case .lid(let lid): if absentCreator == nil { protected.insert(lid) }
        case .phone(let phone): protectedPhones.insert(phone)
        case nil: break
        }
        resolve()
    }

    /// Takes in what the gateway's contacts of the group tell.
    mutating func take(_ contacts: IdentityTable) {
        let lidDigits = lids.map(\.digits)
        learned = IdentityTable(
            Array(learned)
                + contacts.filter { lid, phone in lidDigits.holds(lid.digits) || listedDigits.holds(phone.digits) })
        resolve()
    }

    /// Takes in what the gateway says of one LID; nil where it knows no number.
    mutating func take(_ phone: PhoneNumber?, for lid: LID) {
        if let phone {
            learned[lid] = phone
            resolve()
        } else {
            askedNow.insert(lid)
        }
    }

    /// Joins what is learned with what is remembered.
    private mutating func resolve() {
        open = []
        // Those of whom more is known than that they were remembered, in any order.
        var known: [(key: LID, value: PhoneNumber)] = []
        let changed = changedNumbers
        for (lid, phone) in learned { known.append((lid, changed[lid] ?? phone)) }
        for phone in listed {
            for lid in remembered.lids(of: phone) where learned[lid] == nil { known.append((lid, phone)) }
        }
        var recalled = IdentityTable()
        recalled.reserveCapacity(lids.count)
        var cursor = 0
        // Looked up by themselves, so that the processor can wait for the memory of several at a time.
        let phones = lids.map { remembered[$0] }
        for (place, lid) in lids.enumerated() where learned.phone(of: lid, near: &cursor) == nil {
            guard let phone = phones[place] else {
                open.append(lid)
                continue
            }
            if listedDigits.holds(phone.digits) { continue }
            if recognises(lid, by: phone) { recalled.append(phone, for: lid) } else { open.append(lid) }
        }
        self.phones = known.isEmpty ? recalled : IdentityTable(known + Array(recalled))
    }

    /// LIDs by which someone is known who is wanted or kept, and to which the gateway now gives a number that nobody asks
    /// for: a LID stays while a number changes, so it is the same person until the policy says otherwise.
    var changed: Set<LID> { Set(changedNumbers.keys) }

    /// The numbers by which these people were known.
    private var changedNumbers: [LID: PhoneNumber] {
        var numbers: [LID: PhoneNumber] = [:]
        for (lid, told) in learned where !wanted.contains(told) {
            let known = [remembered[lid]] + rememberedElsewhere.map { $0[lid] }
            numbers[lid] = known.compactMap(\.self).first { $0 != told && wanted.contains($0) }
        }
        return numbers
    }

    /// Whether someone may be known by memory alone: who is wanted, and who is never touched, since no harm comes of it.
    private func recognises(_ lid: LID, by phone: PhoneNumber) -> Bool {
        trustsMemory || wanted.contains(phone) || protectedPhones.contains(phone) || protected.contains(lid)
            || lid == absentCreator || wantedByLID.contains(lid)
    }

    /// Whether there is anybody of whom the gateway was never asked.
    var hasUnasked: Bool { open.contains { isAskable($0, again: false) } }

    /// The members whose numbers are not known, least first; those asked for in vain before only if wished.
    func unknown(again: Bool) -> [LID] { open.filter { isAskable($0, again: again) } }

    private func isAskable(_ lid: LID, again: Bool) -> Bool {
        !protected.contains(lid) && !pinned.contains(lid) && !askedNow.contains(lid)
            && (again || askedBefore[lid] == nil)
    }
}

extension DesiredGroup {
    /// Goes through everyone whom the policy wants or keeps.
    func forEachWantedOrKept(_ body: (PersonReference) -> Void) {
        for member in members { body(member.person) }
        for person in kept { body(person) }
    }
}

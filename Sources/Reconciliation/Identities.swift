import GatewayAPI
import Membership
import RunLedger

/// Which number is behind each LID of one group's roster, by order of trust: what the gateway says in this run, then
/// what an earlier run learned.
struct Identities {
    /// What a comparison may rely on.
    private(set) var phones = IdentityTable()
    /// Those of whom nothing tells the number in this run.
    private(set) var recalled: Set<LID> = []
    /// What the gateway tells of this group's members.
    private(set) var learned = IdentityTable()
    private(set) var askedNow: Set<LID> = []
    /// The same, with what the contacts of the session's other groups tell.
    private var told = IdentityTable()
    /// What other sessions of the gateway have learned in this run.
    private var toldElsewhere: [LID: [PhoneNumber]] = [:]
    /// Those on whom two groups' contacts disagree.
    private var contested: Set<LID> = []

    private let trustsMemory: Bool
    /// The numbers of everyone who is wanted or kept, as the policy spells them and as WhatsApp has told them.
    private var wanted: MarkedNumbers
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
        wanted = Self.wanted(by: desired, checks)
        var pinned: Set<LID> = []
        var wantedByLID: Set<LID> = []
        desired.forEachWantedOrKept { person in
            if let lid = person.lid, person.phone == nil { wantedByLID.insert(lid) }
            if let lid = person.lid, person.phone == nil || [nil, person.phone].contains(remembered[lid]) {
                pinned.insert(lid)
            }
        }
        self.pinned = pinned
        self.wantedByLID = wantedByLID
        protectedPhones = Set([desired.key.group.creator].compactMap { $0 })
        self.remembered = remembered
        rememberedElsewhere = elsewhere
        askedBefore = asked
    }

    private static func wanted(by desired: DesiredGroup, _ checks: [PhoneNumber: CheckedNumber]) -> MarkedNumbers {
        var wanted = MarkedNumbers(atMost: (desired.members.count + desired.kept.count) * 2)
        desired.forEachWantedOrKept { person in
            guard let phone = person.phone else { return }
            wanted.insert(phone)
            if !checks.isEmpty, case .phone(let account)? = checks[phone]?.account { wanted.insert(account) }
        }
        return wanted
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
        told = learned
        resolve()
    }

    /// Takes in what the gateway says of one LID; nil where it knows no number.
    mutating func take(_ phone: PhoneNumber?, for lid: LID) {
        if let phone {
            learned[lid] = phone
            told[lid] = phone
            resolve()
        } else {
            askedNow.insert(lid)
        }
    }

    /// Takes in what the contacts of the session's other groups tell, and what other sessions of the gateway have learned.
    ///
    /// Nothing tells who the contested ones are. Returns whether that changes anything.
    mutating func take(
        ofOtherGroups others: [LID: PhoneNumber], ofOtherSessions elsewhere: [LID: [PhoneNumber]], contested: Set<LID>
    ) -> Bool {
        let before = phones
        for lid in lids where told[lid] == nil { if let phone = others[lid] { told[lid] = phone } }
        if !elsewhere.isEmpty { for lid in lids { toldElsewhere[lid] = elsewhere[lid] } }
        self.contested = contested
        if !contested.isEmpty { told = told.filter { lid, _ in !contested.contains(lid) } }
        resolve()
        return phones != before
    }

    /// Takes in what WhatsApp says of the numbers of people who were not found.
    mutating func take(_ checks: [PhoneNumber: CheckedNumber], _ desired: DesiredGroup) {
        wanted = Self.wanted(by: desired, checks)
        resolve()
    }

    /// Joins what is learned with what is remembered.
    private mutating func resolve() {
        open = []
        // Those of whom more is known than that they were remembered, in any order.
        var known: [(key: LID, value: PhoneNumber)] = []
        let changed = changedNumbers
        for (lid, phone) in told { known.append((lid, changed[lid] ?? phone)) }
        for phone in listed {
            for lid in remembered.lids(of: phone) where told[lid] == nil { known.append((lid, phone)) }
        }
        var recalled = IdentityTable()
        recalled.reserveCapacity(lids.count)
        var cursor = 0
        // Looked up by themselves, so that the processor can wait for the memory of several at a time.
        let phones = lids.map { remembered[$0] }
        for (place, lid) in lids.enumerated() where told.phone(of: lid, near: &cursor) == nil {
            if contested.contains(lid) { continue }
            let phone = phones[place]
            if let phone, listedDigits.holds(phone.digits) { continue }
            if let phone = recalledNumber(of: lid, phone) { recalled.append(phone, for: lid) } else { open.append(lid) }
        }
        self.recalled = Set(recalled.lazy.map(\.key))
        self.phones = known.isEmpty ? recalled : IdentityTable(known + Array(recalled))
    }

    /// The number by which a member may be known whom the gateway does not tell in this run: that of somebody who is wanted or kept,
    /// if need be one that they had before or by which another session knows them; else the last one, where that does no harm.
    private func recalledNumber(of lid: LID, _ phone: PhoneNumber?) -> PhoneNumber? {
        if let phone, wanted.contains(phone) { return phone }
        if let phone = numberFromOtherTimes(of: lid) { return phone }
        return phone.flatMap { recognises(lid, by: $0) ? $0 : nil }
    }

    /// LIDs by which someone is known who is wanted or kept, and to which the gateway now gives a number that nobody asks
    /// for: a LID stays while a number changes, so it is the same person until the policy says otherwise.
    var changed: Set<LID> { Set(changedNumbers.keys) }

    /// The numbers by which these people were known.
    private var changedNumbers: [LID: PhoneNumber] {
        var numbers: [LID: PhoneNumber] = [:]
        for (lid, told) in told where !wanted.contains(told) {
            numbers[lid] = wantedNumbers(of: lid).first { $0 != told }
        }
        return numbers
    }

    /// The numbers of people who are wanted or kept, by which somebody was known to this session or to another one of the gateway,
    /// today's first.
    private func wantedNumbers(of lid: LID) -> [PhoneNumber] {
        let known = ([remembered] + rememberedElsewhere).flatMap { $0.numbers(of: lid) }
        return ((toldElsewhere[lid] ?? []) + known).filter(wanted.contains)
    }

    /// The number of somebody who is wanted or kept, by which a member was known before, or is known to another session; nil where
    /// it is another member's by now.
    private func numberFromOtherTimes(of lid: LID) -> PhoneNumber? {
        wantedNumbers(of: lid).first { phone in
            !listedDigits.holds(phone.digits) && !told.contains { $0.value == phone }
                && !lids.contains { $0 != lid && remembered[$0] == phone }
        }
    }

    /// Whether someone may be known by memory alone: who is wanted, and who is never touched, since no harm comes of it.
    private func recognises(_ lid: LID, by phone: PhoneNumber) -> Bool {
        trustsMemory || protectedPhones.contains(phone) || protected.contains(lid)
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

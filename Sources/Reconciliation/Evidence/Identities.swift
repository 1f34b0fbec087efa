import Core
import GatewayAPI
import RunLedger

/// The number behind each LID of one group's roster, by trust: what the gateway reports in this run, then what earlier
/// runs learned.
struct Identities {
    /// The numbers that a comparison may use.
    private(set) var phones = IdentityTable()
    /// The LIDs whose number no source reports in this run.
    private(set) var recalled: Set<LID> = []
    /// What the gateway reports about this group's members.
    private(set) var learned = IdentityTable()
    private(set) var askedNow: Set<LID> = []
    /// As `learned`, with the contacts of the session's other groups.
    private var reported = IdentityTable()
    /// What the gateway's other sessions learned in this run.
    private var knownElsewhere: [LID: [PhoneNumber]] = [:]
    /// The LIDs that two groups' contacts disagree on.
    private var contested: Set<LID> = []

    private let trustsMemory: Bool
    /// The numbers of wanted and kept people, as the policy spells them and as WhatsApp reports them.
    private var wanted: NumberTable
    /// The LIDs that the policy assigns and no earlier run contradicts; the gateway does not need to confirm them.
    private let pinned: Set<LID>
    /// The LIDs of people without a number in the policy.
    private let wantedByLID: Set<LID>
    private let remembered: KnownNumbers
    /// What earlier runs learned through the gateway's other sessions; it protects people in all sessions.
    private let rememberedElsewhere: [KnownNumbers]
    private let askedBefore: [LID: Timestamp]
    private var protected: Set<LID> = []
    private var protectedPhones: Set<PhoneNumber> = []
    /// The LIDs of members in order, and the creator's.
    private var lids: [LID] = []
    /// The numbers of members listed by number.
    private var listed: [PhoneNumber] = []
    /// The digits of `listed`, sorted.
    private var listedDigits: [UInt64] = []
    /// The elements of `lids` with unknown numbers.
    private var open: [LID] = []
    /// The creator's LID if the roster does not list it; the creator may be listed by number.
    private var absentCreator: LID?

    init(
        desired: DesiredGroup, remembered: KnownNumbers, elsewhere: [KnownNumbers] = [], asked: [LID: Timestamp],
        checks: [PhoneNumber: CheckedNumber]
    ) {
        // If nobody is removed or demoted, an outdated number does no harm.
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

    private static func wanted(by desired: DesiredGroup, _ checks: [PhoneNumber: CheckedNumber]) -> NumberTable {
        var wanted = NumberTable(expecting: (desired.members.count + desired.kept.count) * 2)
        desired.forEachWantedOrKept { person in
            guard let phone = person.phone else { return }
            wanted.insert(phone)
            if !checks.isEmpty, case .phone(let account)? = checks[phone]?.account { wanted.insert(account) }
        }
        return wanted
    }

    /// Adds a roster, and which of its members are always kept.
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

    /// Adds the gateway's contacts of the group.
    mutating func take(_ contacts: IdentityTable) {
        learned = IdentityTable(
            Array(learned) + contacts.filter { lid, phone in lids.holds(lid) || listedDigits.holds(phone.digits) })
        reported = learned
        resolve()
    }

    /// Adds the gateway's answer about one LID; nil if it knows no number.
    mutating func take(_ phone: PhoneNumber?, for lid: LID) {
        if let phone {
            learned[lid] = phone
            reported[lid] = phone
            resolve()
        } else {
            askedNow.insert(lid)
        }
    }

    /// Adds the contacts of the session's other groups, and what the gateway's other sessions learned.
    ///
    /// Contested LIDs get no number. Returns whether anything changes.
    mutating func take(
        ofOtherGroups others: [LID: PhoneNumber], ofOtherSessions elsewhere: [LID: [PhoneNumber]], contested: Set<LID>
    ) -> Bool {
        let before = phones
        for lid in lids where reported[lid] == nil { if let phone = others[lid] { reported[lid] = phone } }
        if !elsewhere.isEmpty { for lid in lids { knownElsewhere[lid] = elsewhere[lid] } }
        self.contested = contested
        if !contested.isEmpty { reported = reported.filter { lid, _ in !contested.contains(lid) } }
        resolve()
        return phones != before
    }

    /// Adds what WhatsApp says about the numbers of people who were not found.
    mutating func take(_ checks: [PhoneNumber: CheckedNumber], _ desired: DesiredGroup) {
        wanted = Self.wanted(by: desired, checks)
        resolve()
    }

    /// Merges what is learned with what is remembered.
    private mutating func resolve() {
        open = []
        // Numbers from sources other than the memory of a LID, in any order.
        var known: [(key: LID, value: PhoneNumber)] = []
        let changed = changedNumbers
        for (lid, phone) in reported { known.append((lid, changed[lid] ?? phone)) }
        for phone in listed {
            for lid in remembered.lids(of: phone) where reported[lid] == nil { known.append((lid, phone)) }
        }
        var recalled = IdentityTable()
        recalled.reserveCapacity(lids.count)
        var cursor = 0
        // Looked up in a loop of their own, so that the processor can overlap the memory accesses.
        let phones = lids.map { remembered[$0] }
        for (position, lid) in lids.enumerated() where reported.phone(of: lid, near: &cursor) == nil {
            if contested.contains(lid) { continue }
            let phone = phones[position]
            if let phone, listedDigits.holds(phone.digits) { continue }
            if let phone = recalledNumber(of: lid, phone) { recalled.append(phone, for: lid) } else { open.append(lid) }
        }
        self.recalled = Set(recalled.lazy.map(\.key))
        self.phones = known.isEmpty ? recalled : IdentityTable(known + Array(recalled))
    }

    /// Returns the number of a member that the gateway does not report in this run.
    ///
    /// A wanted or kept person's number comes first, even a former one or one from another session; else the last known
    /// number if it does no harm.
    private func recalledNumber(of lid: LID, _ phone: PhoneNumber?) -> PhoneNumber? {
        if let phone, wanted.contains(phone) { return phone }
        if let phone = numberFromOtherTimes(of: lid) { return phone }
        return phone.flatMap { recognises(lid, by: $0) ? $0 : nil }
    }

    /// LIDs of wanted or kept people, if the gateway now reports a number that is neither wanted nor kept.
    ///
    /// A LID stays when the number changes, so it is the same person until the policy says otherwise.
    var changed: Set<LID> { Set(changedNumbers.keys) }

    /// The numbers that these people had before.
    private var changedNumbers: [LID: PhoneNumber] {
        var numbers: [LID: PhoneNumber] = [:]
        for (lid, reported) in reported where !wanted.contains(reported) {
            numbers[lid] = wantedNumbers(of: lid).first { $0 != reported }
        }
        return numbers
    }

    /// Returns the wanted or kept numbers that a LID has or had in any session of the gateway, today's first.
    private func wantedNumbers(of lid: LID) -> [PhoneNumber] {
        let known = ([remembered] + rememberedElsewhere).flatMap { $0.numbers(of: lid) }
        return ((knownElsewhere[lid] ?? []) + known).filter(wanted.contains)
    }

    /// Returns a wanted or kept number that a member had, or has in another session; nil if another member has it now.
    private func numberFromOtherTimes(of lid: LID) -> PhoneNumber? {
        wantedNumbers(of: lid).first { phone in
            !listedDigits.holds(phone.digits) && !reported.contains { $0.value == phone }
                && !lids.contains { $0 != lid && remembered[$0] == phone }
        }
    }

    /// Whether memory alone may identify a member: only if nobody is removed, or the member is always kept or wanted by
    /// LID.
    private func recognises(_ lid: LID, by phone: PhoneNumber) -> Bool {
        trustsMemory || protectedPhones.contains(phone) || protected.contains(lid)
            || lid == absentCreator || wantedByLID.contains(lid)
    }

    /// Whether the gateway was never asked about some member.
    var hasUnasked: Bool { open.contains { isAskable($0, again: false) } }

    /// Returns the members with unknown numbers, ascending; `again` includes those looked up before without an answer.
    func unknown(again: Bool) -> [LID] { open.filter { isAskable($0, again: again) } }

    private func isAskable(_ lid: LID, again: Bool) -> Bool {
        !protected.contains(lid) && !pinned.contains(lid) && !askedNow.contains(lid)
            && (again || askedBefore[lid] == nil)
    }
}

extension DesiredGroup {
    /// Calls `body` with every wanted or kept person.
    func forEachWantedOrKept(_ body: (PersonReference) -> Void) {
        for member in members { body(member.person) }
        for person in kept { body(person) }
    }
}

/// The numbers that accounts have and had, by LID, for the sessions of one gateway.
package struct KnownIdentities: Sendable {
    /// What this run learned and earlier runs did not know.
    private var learned: [LID: [PhoneNumber]]
    /// What earlier runs learned, the own session first.
    private let remembered: [KnownNumbers]

    init(_ remembered: [KnownNumbers] = [], learned: [LID: [PhoneNumber]] = [:]) {
        self.remembered = remembered
        self.learned = learned
    }

    /// Returns every number of a LID, today's first.
    func numbers(of lid: LID) -> [PhoneNumber] { (learned[lid] ?? []) + remembered.flatMap { $0.numbers(of: lid) } }

    /// Returns the LIDs that have or had a number.
    func lids(of phone: PhoneNumber) -> [LID] {
        learned.filter { $0.value.contains(phone) }.map(\.key) + remembered.flatMap { $0.everyLID(of: phone) }
    }
}

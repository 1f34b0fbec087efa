import Core
import GatewayAPI
import RunLedger

/// Compares one group's policy with one observation of the group.
struct Comparison {
    let desired: DesiredGroup
    let seen: GroupObservation
    let memory: GroupMemory
    let rules: PlanningRules
    let roster: Evidence
    /// The roster entries of each desired member; those of kept people are in `kept`.
    let found: [FoundEntries]
    let own: Set<Int>
    private let creators: Set<Int>
    private let kept: Set<Int>
    /// The accounts of the people under `keep:`.
    private let keptAccounts: Set<AccountID>
    /// Whether a wanted or kept person, or the creator, is known by LID and is not listed.
    ///
    /// Then any member listed only by number may be that person.
    private let mayHideBehindNumbers: Bool
    var result: GroupDraft

    init(_ desired: DesiredGroup, _ seen: GroupObservation, _ memory: GroupMemory, _ rules: PlanningRules) {
        self.desired = desired
        self.seen = seen
        self.memory = memory
        self.rules = rules
        let roster = Evidence(seen, policyNumbers: Self.policyNumbers(of: desired, seen))
        self.roster = roster
        func positions(phone: PhoneNumber?, lid: LID?) -> Set<Int> {
            roster.positions(roster.entries(of: PersonReference(phone: phone, lid: lid, name: nil)))
        }
        own = positions(phone: seen.own?.phone, lid: seen.own?.lid)
        // A member that the roster calls the creator is one, whatever the group's record says.
        var creators = Set(roster.members.indices.filter { roster.members[$0].roleStatus == .creator })
        for creator in [seen.record.owner, desired.key.group.creator.map(AccountID.phone)] {
            switch creator {
            case .phone(let phone)?: creators.formUnion(positions(phone: phone, lid: nil))
            case .lid(let lid)?: creators.formUnion(positions(phone: seen.phones[lid], lid: lid))
            case nil: break
            }
        }
        self.creators = creators
        var cursor = 0
        let found = desired.members.indices.map { position in
            roster.entries(of: desired.members[position].person, near: &cursor)
        }
        self.found = found
        let foundKept = desired.kept.map(roster.entries(of:))
        kept = foundKept.reduce(into: []) { $0.formUnion(roster.positions($1)) }
        keptAccounts = desired.kept.reduce(into: []) { $0.formUnion(Self.accounts(of: $1, seen)) }
        func isKnownByLID(_ person: PersonReference) -> Bool {
            if person.lid != nil { return true }
            if case .lid? = person.phone.flatMap({ seen.checks[$0]?.account }) { return true }
            return false
        }
        var mayHide = false
        if case .lid? = seen.record.owner, creators.isEmpty { mayHide = true }
        for (member, found) in zip(desired.members, found) where found.isEmpty && isKnownByLID(member.person) {
            mayHide = true
        }
        for (person, found) in zip(desired.kept, foundKept) where found.isEmpty && isKnownByLID(person) {
            mayHide = true
        }
        mayHideBehindNumbers = mayHide
        result = GroupDraft(
            plan: GroupPlan(
                key: desired.key, name: desired.name ?? seen.record.subject, size: roster.members.count,
                rosterDigest: roster.digest, adminCount: roster.adminCount, limits: desired.limits))
    }

    /// Returns the policy's numbers for LIDs: of this group's people, and of others if the gateway reports no number.
    private static func policyNumbers(of desired: DesiredGroup, _ seen: GroupObservation) -> [LID: PhoneNumber] {
        var policyNumbers: [LID: PhoneNumber] = [:]
        if !desired.named.isEmpty {
            for lid in seen.roster.members.compactMap(\.account.lid) where seen.phones[lid] == nil {
                if let phone = desired.named[lid]?.phone { policyNumbers[lid] = phone }
            }
        }
        func note(_ person: PersonReference) {
            if let lid = person.lid, let phone = person.phone { policyNumbers[lid] = phone }
        }
        desired.forEachWantedOrKept(note)
        for entry in desired.outOfTerm { note(entry.person) }
        return policyNumbers
    }

    /// Returns the draft; a group with a fault has no actions.
    mutating func draft() -> GroupDraft {
        addGroupWarnings()
        do {
            let isMatched = try compareDesired()
            compareOthers(isMatched)
        } catch {
            return failed(error)
        }
        result.sortByNumber()
        let unresolved = result.plan.holds.count { $0.reason == .unresolved }
        // If WhatsApp has given the LID of everybody to be added, the roster itself shows that they are not members.
        if unresolved > 0, result.adds.contains(where: { $0.lid == nil }) {
            result.plan.warnings.append(.maybePresent(unresolved: unresolved))
        }
        holdAwaited()
        countAdmins()
        result.doubt = doubt()
        result.plan.doubt = result.doubt
        result.plan.isUnjudged = desired.mode == .exact && !result.hasSoundRoster
        addStoreWarnings()
        if !result.adds.isEmpty { result.plan.rosterLIDs = Set(roster.members.compactMap(\.lid)) }
        result.plan.store = memory.store
        if var news = seen.stored.news {
            news.seenAt = rules.now
            result.plan.store.snapshot = news
        }
        result.plan.remembersSightings = desired.rejoin == .never
        result.plan.ownEntries = Set(own.map { roster.members[$0].account })
        if let fault = missingRights() { return failed(fault) }
        if let cause = result.doubt { result.withholdAll(cause) }
        if desired.members.isEmpty, !desired.mayBeEmpty { result.withholdAll(.nobodyDesired) }
        result.keepEnoughAdmins(
            of: result.plan.adminCount, own: own.contains { roster.members[$0].isProvenAdmin } ? 1 : 0,
            showsPromotions: seen.stored.basis == .list)
        return result
    }

    /// Returns the draft of a group with a fault, with what was seen of the group.
    private func failed(_ fault: GroupFault) -> GroupDraft {
        var draft = Planner.draft(desired, fault: fault)
        draft.plan.name = result.plan.name
        draft.plan.size = result.plan.size
        draft.plan.rosterDigest = result.plan.rosterDigest
        draft.plan.adminCount = result.plan.adminCount
        draft.plan.warnings = result.plan.warnings
        draft.doubt = doubt()
        return draft
    }

    /// Compares everyone the policy names, and returns which roster entries belong to them.
    private mutating func compareDesired() throws(GroupFault) -> [Bool] {
        var owner = [Int32](repeating: -1, count: roster.members.count)
        var wanted: [AccountID: Int] = [:]
        for (position, found) in found.enumerated() {
            try roster.forEachPosition(of: found) { (index) throws(GroupFault) in
                let other = owner[index]
                if other >= 0, desired.members[Int(other)].person != desired.members[position].person {
                    throw .sameAccount(desired.members[Int(other)], desired.members[position])
                }
                owner[index] = Int32(position)
            }
            if isAsWanted(position, found) { continue }
            let member = desired.members[position]
            if found.isEmpty {
                for account in Self.accounts(of: member.person, seen) {
                    if let other = wanted.updateValue(position, forKey: account),
                        desired.members[other].person != member.person
                    {
                        throw .sameAccount(desired.members[other], member)
                    }
                }
            }
            if isKept(member.person, found) {
                if wouldChange(member, found) {
                    hold(.keep, member.person, roster.firstPosition(of: found).map { roster.members[$0] })
                }
            } else if let index = roster.firstPosition(of: found) {
                compareRole(of: index, with: member)
            } else {
                add(member)
            }
        }
        for entry in desired.outOfTerm
        where roster.entries(of: entry.person).isEmpty {
            hold(.outOfTerm(from: entry.from, until: entry.until), entry.person, nil)
        }
        return owner.map { $0 >= 0 }
    }

    /// Whether a desired member is in the group as the policy says, with nothing to report; the common case, kept
    /// cheap.
    private func isAsWanted(_ position: Int, _ found: FoundEntries) -> Bool {
        guard keptAccounts.isEmpty, let index = roster.firstPosition(of: found) else { return false }
        let entry = roster.members[index]
        return entry.doubt == nil && entry.roleStatus != .roleUnknown && entry.role == desired.members[position].role
    }

    /// Returns the accounts that the policy gives for a person, and the account that WhatsApp gives for the number.
    private static func accounts(of person: PersonReference, _ seen: GroupObservation) -> Set<AccountID> {
        var accounts = Set(person.accounts)
        if let phone = person.phone, let account = seen.checks[phone]?.account { accounts.insert(account) }
        return accounts
    }

    private func accounts(of person: PersonReference) -> Set<AccountID> { Self.accounts(of: person, seen) }

    private func isOwn(_ account: AccountID) -> Bool {
        switch account {
        case .phone(let phone): phone == seen.own?.phone
        case .lid(let lid): lid == seen.own?.lid
        }
    }

    private func isKept(_ person: PersonReference, _ found: FoundEntries) -> Bool {
        if keptAccounts.isEmpty { return false }
        var isKept = !keptAccounts.isDisjoint(with: accounts(of: person))
        roster.forEachPosition(of: found) { if kept.contains($0) { isKept = true } }
        return isKept
    }

    private func wouldChange(_ member: DesiredMember, _ found: FoundEntries) -> Bool {
        guard let index = roster.firstPosition(of: found) else { return true }
        return wouldChange(member, index)
    }

    private func wouldChange(_ member: DesiredMember, _ index: Int) -> Bool {
        roster.members[index].role < member.role || (desired.mode == .exact && roster.members[index].role > member.role)
    }

    private mutating func add(_ member: DesiredMember) {
        guard let phone = member.person.phone else {
            hold(.phoneUnknown, member.person, nil)
            return
        }
        let check = seen.checks[phone]
        if accounts(of: member.person).contains(where: isOwn) {
            hold(.ownAccountAbsent, member.person, nil)
            return
        }
        if let reason = reasonNotToAdd(member, phone, check) {
            hold(reason, member.person, nil)
            return
        }
        var action = PlannedAction(
            operation: .add, phone: phone, person: member.person.name, source: member.source, reason: member.reason,
            fingerprint: member.fingerprint)
        action.isChecked = rules.stands(check, for: phone) || check?.account == nil && check != nil
        // The policy's LID identifies a newcomer whose number stays hidden.
        action.lid = member.person.lid
        switch check?.account {
        case .phone(let account) where rules.stands(check, for: phone): action.account = .phone(account)
        case .lid(let lid): action.lid = lid
        case .phone, nil: break
        }
        result.adds.append(action)
        if member.role == .admin {
            var promotion = action
            promotion.operation = .promote
            result.promotionsOfAdded.append(promotion)
        }
    }

    /// Returns the tries of an entry so far; another spelling that reaches the same account counts as the same person.
    private func pastTries(of member: DesiredMember, _ phone: PhoneNumber) -> DeclinedAdd? {
        if let past = memory.declined[phone] { return past.fingerprint == member.fingerprint ? past : nil }
        let accounts = accounts(of: member.person)
        return memory.declined.filter { other, _ in
            !self.accounts(of: PersonReference(phone: other, lid: nil, name: nil)).isDisjoint(with: accounts)
        }.values.max { $0.lastTriedAt < $1.lastTriedAt }
    }

    /// Returns when a person was last seen in the group, by any spelling of their number or by LID.
    private func sighting(of person: PersonReference) -> Sighting? {
        accounts(of: person).compactMap(memory.sighting).latest
    }

    /// Returns why a wanted person who is not in the group is not added now; nil if they are added.
    private func reasonNotToAdd(_ member: DesiredMember, _ phone: PhoneNumber, _ check: CheckedNumber?) -> HoldReason? {
        if check?.isOnWhatsApp == false { return .notOnWhatsApp }
        if desired.rejoin == .never, let sighting = sighting(of: member.person), !sighting.wasRemovedByUs {
            return .left(lastSeenAt: sighting.lastSeenAt)
        }
        if let sentAt = memory.unconfirmedAdds[phone], !rules.retriesDeclined { return .unconfirmed(sentAt: sentAt) }
        guard !rules.retriesDeclined, let past = pastTries(of: member, phone) else { return nil }
        if past.tries >= rules.declined.giveUpAfter {
            return .givenUp(tries: past.tries, lastTriedAt: past.lastTriedAt)
        }
        let dueAt = past.lastTriedAt.advanced(byMilliseconds: rules.declined.pause(afterTries: past.tries))
        guard rules.now < dueAt else { return nil }
        return .declined(tries: past.tries, lastTriedAt: past.lastTriedAt, dueAt: dueAt)
    }

    private mutating func compareRole(of index: Int, with member: DesiredMember) {
        let entry = roster.members[index]
        if entry.roleStatus == .roleUnknown {
            hold(.roleUnknown, member.person, entry)
            return
        }
        if let doubt = entry.doubt {
            if doubt == .conflict { result.plan.warnings.append(.identityConflict(person: member.person.name)) }
            if wouldChange(member, index) { hold(doubt.reason, member.person, entry) }
            return
        }
        let operation: Operation
        switch (entry.role, member.role) {
        case (.member, .admin): operation = .promote
        case (.admin, .member) where desired.mode == .exact: operation = .demote
        case (.admin, .member), (.member, .member), (.admin, .admin): return
        }
        if operation == .demote, let reason = protection(of: index) {
            hold(reason, member.person, entry)
            return
        }
        if operation == .promote {
            if entry.roleStatus == .perhapsAdmin {
                hold(.perhapsAdmin, member.person, entry)
                return
            }
            // An add that is not confirmed yet may never take effect; the hold for the add covers this person.
            if entry.knownBy == .add { return }
        }
        // A person the policy knows only by LID is addressed by it, whatever their number is today.
        let lid = member.person.phone == nil ? entry.lid.map(AccountID.lid) : nil
        guard let account = lid ?? entry.named ?? member.person.phone.map(AccountID.phone) else {
            hold(.phoneUnknown, member.person, entry)
            return
        }
        let action = PlannedAction(
            operation: operation, phone: member.person.phone ?? entry.phone, account: account, lid: entry.lid,
            role: entry.role, person: member.person.name, source: member.source, reason: member.reason,
            fingerprint: member.fingerprint)
        if operation == .promote { result.promotions.append(action) } else { result.demotions.append(action) }
    }

    /// Compares the roster entries that belong to no desired person.
    private mutating func compareOthers(_ isMatched: [Bool]) {
        var terms: [Int: OutOfTermMember] = [:]
        for entry in desired.outOfTerm {
            roster.forEachPosition(of: roster.entries(of: entry.person)) { terms[$0] = entry }
        }
        let notOnWhatsApp = notOnWhatsApp
        for index in roster.members.indices where !isMatched[index] {
            let entry = roster.members[index]
            let term = terms[index]
            // A person that the policy names elsewhere is known, even if the gateway does not report the number.
            let known = entry.lid.flatMap { desired.named[$0] }
            let person = PersonReference(
                phone: entry.phone ?? known?.phone, lid: entry.lid,
                name: term?.person.name ?? known?.name ?? nickname(of: entry))
            if let reason = protection(of: index) {
                if desired.mode == .exact { hold(reason, person, entry) }
                continue
            }
            guard entry.phone != nil || known != nil || term != nil, let account = entry.named else {
                hold(.unresolved, person, entry)
                continue
            }
            guard desired.mode == .exact else { continue }
            if let reason = entry.doubt?.reason ?? (entry.roleStatus == .roleUnknown ? .roleUnknown : nil) {
                hold(reason, person, entry)
                continue
            }
            if let lid = entry.lid, !entry.isNumberKnown, isUnusedPolicyNumber(lid) {
                hold(.identityConflict, person, entry)
                continue
            }
            if entry.roleStatus == .perhapsAdmin { result.perhapsAdmins.insert(account) }
            if let phone = entry.phone, notOnWhatsApp.contains(where: phone.differsByTrunkPrefix(from:)) {
                hold(.withheld(.remove, .possibleDuplicate), person, entry)
                continue
            }
            result.removals.append(
                PlannedAction(
                    operation: .remove, phone: person.phone, account: account, lid: entry.lid, role: entry.role,
                    person: person.name, source: term?.source ?? desired.source,
                    reason: term.map(Self.reason) ?? PlannedAction.notInPolicy))
        }
    }

    /// Returns why a roster entry is always kept; nil if it may be removed or demoted.
    private func protection(of index: Int) -> HoldReason? {
        if own.contains(index) { return .ownAccount }
        if creators.contains(index) { return .creator }
        if kept.contains(index) { return .keep }
        return mayHideBehindNumbers && roster.members[index].lid == nil ? .maybeKnownByLID : nil
    }

    /// The listed admins that a call of an earlier run may have demoted or removed already.
    private var leavingAdmins: [SeenMember] {
        var indices: Set<Int> = []
        for call in memory.recentRemovals {
            indices.formUnion(roster.positions(roster.entries(phone: call.phone, lid: call.lid)))
            indices.formUnion(roster.positions(roster.entries(of: call.account)))
        }
        return indices.filter { roster.members[$0].isProvenAdmin && !own.contains($0) }.map { roster.members[$0] }
    }

    /// Counts the admins, each person once.
    ///
    /// An admin that an earlier call may have demoted or removed does not count, and does not count as lost when the
    /// plan asks again.
    private mutating func countAdmins() {
        let leaving = leavingAdmins
        result.plan.adminCount = roster.adminCount - leaving.count
        if leaving.isEmpty { return }
        let accounts = Set(
            leaving.flatMap {
                [$0.account, $0.lid.map(AccountID.lid), $0.phone.map(AccountID.phone)].compactMap(\.self)
            })
        func mark(_ action: inout PlannedAction) {
            let names = [action.account, action.lid.map(AccountID.lid)].compactMap(\.self)
            action.isCountedAsGone = !accounts.isDisjoint(with: names)
        }
        for index in result.demotions.indices { mark(&result.demotions[index]) }
        for index in result.removals.indices { mark(&result.removals[index]) }
    }

    /// Adds a hold for each change that is sent but not confirmed yet.
    private mutating func holdAwaited() {
        for call in roster.awaited {
            let position = roster.firstPosition(of: roster.entries(of: call))
            let name = desired.members.first { member in
                call.phone.map { $0 == member.person.phone } ?? (call.lid != nil && call.lid == member.person.lid)
            }?.person.name
            hold(
                .accepted(call.operation, sentAt: call.sentAt),
                PersonReference(phone: call.phone, lid: call.lid, name: name), position.map { roster.members[$0] })
        }
    }

    private mutating func hold(_ reason: HoldReason, _ person: PersonReference, _ entry: SeenMember?) {
        result.plan.holds.append(
            Hold(
                reason: reason, phone: person.phone ?? entry?.phone, lid: entry?.lid ?? person.lid,
                person: person.name))
    }

    private static func reason(of term: OutOfTermMember) -> String {
        if let from = term.from, let until = term.until { return "the entry runs from \(from) to \(until)" }
        if let from = term.from { return "the entry starts on \(from)" }
        return term.until.map { "the entry ended on \($0)" } ?? "the entry's dates exclude today"
    }
}

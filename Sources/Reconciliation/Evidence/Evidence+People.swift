import Core
import GatewayAPI
import RunLedger

extension Evidence {
    /// Returns every entry that may be a person: by LID and number, else by what WhatsApp says about the number.
    func entries(of person: PersonReference) -> FoundEntries {
        var cursor = 0
        return entries(of: person, near: &cursor)
    }

    /// Returns the same, faster if the caller goes in the order of numbers.
    func entries(of person: PersonReference, near cursor: inout Int) -> FoundEntries {
        let found = entries(phone: person.phone, lid: person.lid, near: &cursor)
        guard found.isEmpty, let phone = person.phone, let account = checks[phone]?.account else { return found }
        return entries(of: account)
    }

    /// Returns the policy's numbers for listed LIDs whose number the gateway reports differently; ascending.
    ///
    /// Omits a number if WhatsApp has said which account it reaches.
    func uncheckedPolicyNumbers(of desired: DesiredGroup) -> [PhoneNumber] {
        var policyNumbers: Set<PhoneNumber> = []
        desired.forEachWantedOrKept { person in
            guard let lid = person.lid, let pin = person.phone, let reported = phones[lid], reported != pin,
                checks[pin]?.namesAccount != true, !entries(of: .lid(lid)).isEmpty
            else { return }
            policyNumbers.insert(pin)
        }
        return policyNumbers.sorted()
    }

    /// Returns the indices of some entries.
    func positions(_ found: FoundEntries) -> Set<Int> {
        var positions: Set<Int> = []
        forEachPosition(of: found) { positions.insert($0) }
        return positions
    }

    /// Whether the store shows a member with a number, by any spelling or by LID; an accepted add alone does not count.
    func shows(_ phone: PhoneNumber, lid: LID? = nil) -> Bool {
        isListed(PersonReference(phone: phone, lid: lid, name: nil))
    }

    private func isListed(_ person: PersonReference) -> Bool {
        var isListed = false
        forEachPosition(of: entries(of: person)) { if members[$0].isListed { isListed = true } }
        return isListed
    }

    /// A digest of the members and their roles; a saved plan fits as long as it is the same.
    var digest: String {
        guard members.contains(where: { $0.knownBy != nil }) || members.count != stored.roster.members.count else {
            return stored.roster.digest
        }
        return Roster(
            members: members.map { RosterMember(account: $0.account, role: $0.role, roleStatus: $0.roleStatus) },
            foreignEntryCount: stored.roster.foreignEntryCount
        ).digest
    }

    /// Whether an account is in the group.
    func shows(_ account: AccountID) -> Bool { !entries(of: account).isEmpty }

    /// The members with unknown numbers.
    var unresolved: Set<LID> {
        var lids: Set<LID> = []
        for member in members where member.phone == nil { if let lid = member.lid { lids.insert(lid) } }
        return lids
    }

    /// Returns the numbers of wanted and kept people, and the creator's, that are not listed; ascending.
    func unseen(by desired: DesiredGroup, owner: AccountID?) -> [PhoneNumber] {
        var (absent, present): (Set<PhoneNumber>, Set<PhoneNumber>) = ([], [])
        var cursor = 0
        func look(for person: PersonReference) {
            guard let phone = person.phone else { return }
            if entries(of: person, near: &cursor).isEmpty { absent.insert(phone) } else { present.insert(phone) }
        }
        desired.forEachWantedOrKept(look)
        for creator in [owner, desired.key.group.creator.map(AccountID.phone)] {
            if case .phone(let phone)? = creator { look(for: PersonReference(phone: phone, lid: nil, name: nil)) }
        }
        return absent.subtracting(present).sorted()
    }

    /// Returns the known numbers of all members that the store shows: their own, and the policy's.
    func everyone(wantedBy desired: DesiredGroup) -> Set<PhoneNumber> {
        var numbers = Set(members.lazy.filter(\.isListed).compactMap(\.phone))
        desired.forEachWantedOrKept { person in
            if let phone = person.phone, isListed(person) { numbers.insert(phone) }
        }
        return numbers
    }
}

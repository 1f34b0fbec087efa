import GatewayAPI
import Membership
import RunLedger

extension Evidence {
    /// Every entry that may be a person: by LID and number, else by what WhatsApp says of the number.
    func entries(of person: PersonReference) -> FoundEntries {
        var cursor = 0
        return entries(of: person, near: &cursor)
    }

    /// The same, for a caller who goes in the order of numbers.
    func entries(of person: PersonReference, near cursor: inout Int) -> FoundEntries {
        let found = entries(phone: person.phone, lid: person.lid, near: &cursor)
        guard found.isEmpty, let phone = person.phone, let account = checks[phone]?.account else { return found }
        return entries(of: account)
    }

    /// The numbers by which the policy pins members to whose LID the gateway gives another one, where WhatsApp has not said whether both
    /// are one account; ascending.
    func unaskedPins(of desired: DesiredGroup) -> [PhoneNumber] {
        var pins: Set<PhoneNumber> = []
        desired.forEachWantedOrKept { person in
            guard let lid = person.lid, let pin = person.phone, let told = phones[lid], told != pin,
                checks[pin]?.tellsAccount != true, !entries(of: .lid(lid)).isEmpty
            else { return }
            pins.insert(pin)
        }
        return pins.sorted()
    }

    /// The places of some entries.
    func places(_ found: FoundEntries) -> Set<Int> {
        var places: Set<Int> = []
        forEachPlace(of: found) { places.insert($0) }
        return places
    }

    /// Whether the store shows somebody in the group whom a number reaches, by whatever spelling or by LID; that the gateway took their
    /// add shows nothing.
    func shows(_ phone: PhoneNumber, lid: LID? = nil) -> Bool {
        isListed(PersonReference(phone: phone, lid: lid, name: nil))
    }

    private func isListed(_ person: PersonReference) -> Bool {
        var isListed = false
        forEachPlace(of: entries(of: person)) { if members[$0].isListed { isListed = true } }
        return isListed
    }

    /// A digest of who is in the group with which role: a plan that was made of it fits as long as it is the same.
    var digest: String {
        guard members.contains(where: { $0.knownBy != nil }) || members.count != stored.roster.members.count else {
            return stored.roster.digest
        }
        return Roster(
            members: members.map { RosterMember(account: $0.account, role: $0.role, standing: $0.standing) },
            foreignEntries: stored.roster.foreignEntries
        ).digest
    }

    /// Whether an account is in the group.
    func shows(_ account: AccountID) -> Bool { !entries(of: account).isEmpty }

    /// Members whose numbers nobody knows.
    var unresolved: Set<LID> {
        var lids: Set<LID> = []
        for member in members where member.phone == nil { if let lid = member.lid { lids.insert(lid) } }
        return lids
    }

    /// Numbers that the policy wants or keeps, and the creator's, that are not there; ascending.
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

    /// The numbers of everyone whom the store shows and who is known: the members' own, and those by which the policy knows them.
    func everyone(wantedBy desired: DesiredGroup) -> Set<PhoneNumber> {
        var numbers = Set(members.lazy.filter(\.isListed).compactMap(\.phone))
        desired.forEachWantedOrKept { person in
            if let phone = person.phone, isListed(person) { numbers.insert(phone) }
        }
        return numbers
    }
}

import GatewayAPI
import Membership
import RunLedger

/// Who of the people that matter is in a group by one observation of it.
struct Presence {
    /// Members whose numbers nobody knows.
    private(set) var unresolved: Set<LID> = []
    /// Numbers that the policy wants or keeps, and the creator's, that are not there; ascending.
    private(set) var unseen: [PhoneNumber] = []
    /// The digits of the members' numbers, sorted.
    private var listed: [UInt64] = []
    /// Numbers that are not listed, of people who are there: by a pinned LID, or by another spelling of the number.
    private var known: Set<PhoneNumber> = []

    init(_ desired: DesiredGroup, _ seen: GroupObservation) {
        listed.reserveCapacity(seen.roster.members.count)
        var cursor = 0
        for entry in seen.roster.members {
            switch entry.account {
            case .phone(let phone): listed.append(phone.digits)
            case .lid(let lid):
                if let phone = seen.phones.phone(of: lid, near: &cursor) {
                    listed.append(phone.digits)
                } else {
                    unresolved.insert(lid)
                }
            }
        }
        listed = listed.inOrder
        var absent: Set<PhoneNumber> = []
        cursor = 0
        func look(for person: PersonReference) {
            guard let phone = person.phone, !listed.holds(phone.digits, near: &cursor) else { return }
            let isThere =
                switch seen.checks[phone]?.account {
                case .phone(let other): listed.holds(other.digits) || known.contains(other)
                case .lid(let lid): seen.roster.lists(.lid(lid))
                case nil: person.lid.map { seen.roster.lists(.lid($0)) } ?? false
                }
            if isThere { known.insert(phone) } else { absent.insert(phone) }
        }
        desired.forEachWantedOrKept(look)
        for creator in [seen.record.owner, desired.key.group.creator.map(AccountID.phone)] {
            if case .phone(let phone)? = creator { look(for: PersonReference(phone: phone, lid: nil, name: nil)) }
        }
        unseen = absent.subtracting(known).sorted()
    }

    /// Whether a number is that of a member, as far as it is known.
    func shows(_ phone: PhoneNumber) -> Bool { listed.holds(phone.digits) || known.contains(phone) }

    /// The numbers of everyone who is there and known.
    var everyone: Set<PhoneNumber> { known.union(listed.compactMap(PhoneNumber.init)) }
}

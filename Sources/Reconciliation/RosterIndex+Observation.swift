import Membership
import RunLedger

extension RosterIndex {
    /// A roster with all that was read besides, and what the policy gives for LIDs.
    init(_ seen: GroupObservation, pins: [LID: PhoneNumber]) {
        var phones = seen.phones
        // What the session says of its own account holds whatever its contacts know.
        if let lid = seen.own?.lid, let phone = seen.own?.phone, phones[lid] != phone { phones[lid] = phone }
        self.init(seen.roster, phones: phones, pins: pins, changed: seen.changed)
    }

    /// Every entry that may be a person: by LID and number, else by what WhatsApp says of the number.
    func entries(phone: PhoneNumber?, lid: LID?, _ seen: GroupObservation) -> FoundEntries {
        var cursor = 0
        return entries(phone: phone, lid: lid, seen, near: &cursor)
    }

    /// The same, for a caller who goes in the order of numbers.
    func entries(
        phone: PhoneNumber?, lid: LID?, _ seen: GroupObservation, near cursor: inout Int
    ) -> FoundEntries {
        let found = entries(phone: phone, lid: lid, near: &cursor)
        guard found.isEmpty, let phone, let account = seen.checks[phone]?.account else { return found }
        return entries(of: account)
    }

    /// The places of some entries.
    func places(_ found: FoundEntries) -> Set<Int> {
        var places: Set<Int> = []
        forEachPlace(of: found) { places.insert($0) }
        return places
    }
}

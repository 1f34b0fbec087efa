import Locking
import Membership

/// The numbers behind LIDs that earlier runs have learned of one session, to be looked up from either side.
final class RememberedNumbers: Sendable {
    private let phones: [LID: PhoneNumber]
    /// The LIDs of each number; made when somebody first asks for it, which most gateways give no cause for.
    private let lids = Guarded<[PhoneNumber: [LID]]?>(nil)

    init(_ phones: [LID: PhoneNumber]) { self.phones = phones }

    /// The number behind a LID; nil where it is not known.
    subscript(lid: LID) -> PhoneNumber? { phones[lid] }

    /// The LIDs with a number, ascending.
    func lids(of phone: PhoneNumber) -> [LID] {
        lids.withLock { known in
            if let known { return known[phone] ?? [] }
            let table = Dictionary(grouping: phones.keys.sorted()) { phones[$0] ?? phone }
            known = table
            return table[phone] ?? []
        }
    }
}

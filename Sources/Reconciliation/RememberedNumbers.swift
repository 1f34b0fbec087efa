import Locking
import Membership

/// The numbers behind LIDs that earlier runs have learned of one session, to be looked up from either side.
///
/// Every entry of every roster is looked up here once a run, which is why it is a table of its own: two numbers side by side, found
/// by one multiplication.
final class RememberedNumbers: Sendable {
    private struct Slot {
        /// The digits of a LID; 0, which none has, where the slot is free.
        var lid: UInt64 = 0
        /// The digits of its number.
        var phone: UInt64 = 0
    }

    private let slots: [Slot]
    /// An odd number by which LIDs are scattered, another one each time: nobody can choose LIDs that all meet in one place.
    private let factor: UInt64
    private let shift: UInt64
    /// The LIDs of each number; made when somebody first asks for it, which most gateways give no cause for.
    private let lids = Guarded<[PhoneNumber: [LID]]?>(nil)
    private let phones: IdentityTable
    /// The numbers by which LIDs were known before, the last first; few have any.
    private let former: [LID: [PhoneNumber]]

    init(_ phones: IdentityTable, former: [LID: [PhoneNumber]] = [:]) {
        self.phones = phones
        self.former = former
        // At least a third of the slots stays free, so that a search soon comes to one.
        let bits = UInt64(64 - (phones.count * 3 / 2 + 1).leadingZeroBitCount)
        factor = UInt64.random(in: .min ... .max) | 1
        shift = 64 - bits
        var slots = [Slot](repeating: Slot(), count: 1 << bits)
        for (lid, phone) in phones {
            var place = Int((lid.digits &* factor) >> shift)
            while slots[place].lid != 0 { place = (place + 1) & (slots.count - 1) }
            slots[place] = Slot(lid: lid.digits, phone: phone.digits)
        }
        self.slots = slots
    }

    /// The number behind a LID; nil where it is not known.
    subscript(lid: LID) -> PhoneNumber? {
        var place = Int((lid.digits &* factor) >> shift)
        while slots[place].lid != 0 {
            if slots[place].lid == lid.digits { return PhoneNumber(digits: slots[place].phone) }
            place = (place + 1) & (slots.count - 1)
        }
        return nil
    }

    /// The numbers by which a LID is known, the last first: an account keeps its LID when its number changes.
    func numbers(of lid: LID) -> [PhoneNumber] {
        (self[lid].map { [$0] } ?? []) + (former.isEmpty ? [] : former[lid] ?? [])
    }

    /// The LIDs that have a number or had it, ascending.
    func everyLID(of phone: PhoneNumber) -> [LID] {
        let before = former.filter { $0.value.contains(phone) }.map(\.key)
        return before.isEmpty ? lids(of: phone) : Set(lids(of: phone) + before).sorted()
    }

    /// The LIDs with a number, ascending.
    func lids(of phone: PhoneNumber) -> [LID] {
        lids.withLock { known in
            if let known { return known[phone] ?? [] }
            let table = Dictionary(grouping: phones, by: \.value).mapValues { $0.map(\.key) }
            known = table
            return table[phone] ?? []
        }
    }
}

import Core

/// The numbers behind LIDs that earlier runs learned for one session, with lookup in both directions.
///
/// Every roster entry is looked up here once a run. So it is a hash table with two numbers in a slot, found with one
/// multiplication.
final class KnownNumbers: Sendable {
    private struct Slot {
        /// The digits of a LID; 0, which is no LID, if the slot is free.
        var lid: UInt64 = 0
        /// The digits of its number.
        var phone: UInt64 = 0
    }

    private let slots: [Slot]
    /// A random odd factor of the hash, so that nobody can choose LIDs that collide.
    private let factor: UInt64
    private let shift: UInt64
    /// The LIDs of each number; built at the first use, which is rare.
    private let lids = Guarded<[PhoneNumber: [LID]]?>(nil)
    private let phones: IdentityTable
    /// The former numbers of LIDs, the latest first; few have any.
    private let former: [LID: [PhoneNumber]]

    init(_ phones: IdentityTable, former: [LID: [PhoneNumber]] = [:]) {
        self.phones = phones
        self.former = former
        // At least a third of the slots stays free, so that a search ends soon.
        let bits = UInt64(64 - (phones.count * 3 / 2 + 1).leadingZeroBitCount)
        factor = UInt64.random(in: .min ... .max) | 1
        shift = 64 - bits
        var slots = [Slot](repeating: Slot(), count: 1 << bits)
        for (lid, phone) in phones {
            var position = Int((lid.digits &* factor) >> shift)
            while slots[position].lid != 0 { position = (position + 1) & (slots.count - 1) }
            slots[position] = Slot(lid: lid.digits, phone: phone.digits)
        }
        self.slots = slots
    }

    /// The number behind a LID; nil if unknown.
    subscript(lid: LID) -> PhoneNumber? {
        var position = Int((lid.digits &* factor) >> shift)
        while slots[position].lid != 0 {
            if slots[position].lid == lid.digits { return PhoneNumber(digits: slots[position].phone) }
            position = (position + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Returns the numbers of a LID, the latest first; an account keeps its LID when its number changes.
    func numbers(of lid: LID) -> [PhoneNumber] {
        (self[lid].map { [$0] } ?? []) + (former.isEmpty ? [] : former[lid] ?? [])
    }

    /// Returns the LIDs that have or had a number, ascending.
    func everyLID(of phone: PhoneNumber) -> [LID] {
        let before = former.filter { $0.value.contains(phone) }.map(\.key)
        return before.isEmpty ? lids(of: phone) : Set(lids(of: phone) + before).sorted()
    }

    /// Returns the LIDs with a number today, ascending.
    func lids(of phone: PhoneNumber) -> [LID] {
        lids.withLock { known in
            if let known { return known[phone] ?? [] }
            let table = Dictionary(grouping: phones, by: \.value).mapValues { $0.map(\.key) }
            known = table
            return table[phone] ?? []
        }
    }
}

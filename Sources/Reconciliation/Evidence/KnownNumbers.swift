import Core

/// The numbers behind LIDs that earlier runs learned for one session, with lookup in both directions.
///
/// Every roster entry is looked up here once a run, so the hash table has two numbers in a slot.
final class KnownNumbers: Sendable {
    private struct Slot: Equatable {
        /// The digits of a LID; 0, which is no LID, if the slot is free.
        var lid: UInt64 = 0
        /// The digits of its number.
        var phone: UInt64 = 0
    }

    private let table: HashTable<Slot>
    /// The LIDs of each number; built at the first use, which is rare.
    private let lids = Guarded<[PhoneNumber: [LID]]?>(nil)
    private let phones: IdentityTable
    /// The former numbers of LIDs, the latest first; few have any.
    private let former: [LID: [PhoneNumber]]

    init(_ phones: IdentityTable, former: [LID: [PhoneNumber]] = [:]) {
        self.phones = phones
        self.former = former
        var table = HashTable(free: Slot(), expecting: phones.count)
        for (lid, phone) in phones {
            let slot = table.slot(of: lid.digits) { _ in false }
            table.fill(slot, with: Slot(lid: lid.digits, phone: phone.digits), keyOf: \.lid)
        }
        self.table = table
    }

    /// The number behind a LID; nil if unknown.
    subscript(lid: LID) -> PhoneNumber? {
        PhoneNumber(digits: table[table.slot(of: lid.digits) { $0.lid == lid.digits }].phone)
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

/// A hash table from phone numbers to people.
///
/// It stores only indices, which takes a quarter of a dictionary's memory.
struct PersonIndex {
    /// Person indices, plus one, at the hash of the number or in the next free slot; 0 is a free slot.
    private var slots = [UInt32](repeating: 0, count: 1 << 10)
    private var used = 0

    /// The odd factor of the hash; random for each process, so that nobody can choose numbers that collide.
    private static let factor = UInt64.random(in: .min ... .max) | 1

    /// Returns the index of the person with a number.
    ///
    /// If there is none, returns nil and assigns the number to the next person the caller appends to `people`.
    mutating func find(_ digits: UInt64, among people: [IndexedPerson]) -> Int? {
        let slot = slot(of: digits, among: people)
        if slots[slot] != 0 { return Int(slots[slot]) - 1 }
        slots[slot] = UInt32(people.count + 1)
        used += 1
        // A third of the slots stays free, so that searches are short.
        guard used * 3 > slots.count * 2 else { return nil }
        let before = slots
        slots = [UInt32](repeating: 0, count: before.count * 2)
        for entry in before where entry != 0 && entry <= people.count {
            slots[self.slot(of: people[Int(entry) - 1].phone, among: people)] = entry
        }
        // The caller has not appended the new person yet, so it comes last.
        slots[self.slot(of: digits, among: people)] = UInt32(people.count + 1)
        return nil
    }

    /// Returns the slot of the number, or the free slot where it belongs.
    private func slot(of digits: UInt64, among people: [IndexedPerson]) -> Int {
        var slot = Int((digits &* Self.factor) >> UInt64(64 - slots.count.trailingZeroBitCount))
        while slots[slot] != 0, people[Int(slots[slot]) - 1].phone != digits { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }
}

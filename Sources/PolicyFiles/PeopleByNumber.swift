/// Finds people by their numbers.
///
/// It holds their indices alone, which is a quarter of what a dictionary takes.
struct PeopleByNumber {
    /// An index, plus one, where its number was scattered to, or after that; 0 where there is none.
    private var slots = [UInt32](repeating: 0, count: 1 << 10)
    private var used = 0

    /// An odd number by which numbers are scattered, another one each time: nobody can choose numbers that all meet in one place.
    private static let factor = UInt64.random(in: .min ... .max) | 1

    /// The index of whoever has a number.
    ///
    /// Where nobody has it, the next one who is appended to `people` is noted to have it.
    mutating func find(_ digits: UInt64, among people: [PersonRecord]) -> Int? {
        let slot = slot(of: digits, among: people)
        if slots[slot] != 0 { return Int(slots[slot]) - 1 }
        slots[slot] = UInt32(people.count + 1)
        used += 1
        // A third of the slots stays free, so that a search soon comes to one. The newcomer has no record yet, and is placed last.
        guard used * 3 > slots.count * 2 else { return nil }
        let before = slots
        slots = [UInt32](repeating: 0, count: before.count * 2)
        for entry in before where entry != 0 && entry <= people.count {
            slots[self.slot(of: people[Int(entry) - 1].phone, among: people)] = entry
        }
        slots[self.slot(of: digits, among: people)] = UInt32(people.count + 1)
        return nil
    }

    /// Where a number is, or would be.
    private func slot(of digits: UInt64, among people: [PersonRecord]) -> Int {
        var slot = Int((digits &* Self.factor) >> UInt64(64 - slots.count.trailingZeroBitCount))
        while slots[slot] != 0, people[Int(slots[slot]) - 1].phone != digits { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }
}

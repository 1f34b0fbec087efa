/// Phone numbers, each with a mark that the caller defines.
///
/// A hash table, because hundreds of look-ups in random order mispredict every step of a binary search.
package struct NumberTable: Sendable {
    /// The digits of each number, at most 50 bits, above 8 bits of mark.
    private var entries: HashTable<UInt64>

    /// Creates a table with room for this many numbers.
    package init(expecting count: Int) { entries = HashTable(free: 0, expecting: count) }

    /// How many numbers it has.
    package var count: Int { entries.count }

    /// Adds a number with a mark; a number that is there already keeps its mark.
    package mutating func insert(_ number: PhoneNumber, mark: UInt8 = 0) {
        let slot = slot(of: number)
        if entries[slot] == 0 { entries.fill(slot, with: Self.entry(number, mark)) { $0 >> 8 } }
    }

    /// Whether the number is there.
    package func contains(_ number: PhoneNumber) -> Bool { entries[slot(of: number)] != 0 }

    /// Replaces the mark of a number if it has the given mark; returns whether it had.
    package mutating func replace(_ mark: UInt8, by other: UInt8, of number: PhoneNumber) -> Bool {
        let slot = slot(of: number)
        guard entries[slot] == Self.entry(number, mark) else { return false }
        entries[slot] = Self.entry(number, other)
        return true
    }

    private static func entry(_ number: PhoneNumber, _ mark: UInt8) -> UInt64 { number.digits << 8 | UInt64(mark) }

    private func slot(of number: PhoneNumber) -> Int {
        entries.slot(of: number.digits) { $0 >> 8 == number.digits }
    }
}

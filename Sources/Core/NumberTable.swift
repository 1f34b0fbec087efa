/// Phone numbers, each with a mark that the caller defines.
///
/// A hash table, because hundreds of look-ups in random order mispredict every step of a binary search.
package struct NumberTable: Sendable {
    /// Digits and mark of a number, at its hash or in the next free slot after it; 0 if the slot is free.
    private var slots: [UInt64]
    private let shift: UInt64

    /// How many numbers it has.
    package private(set) var count = 0

    /// The odd factor of the hash; random for each process, so that nobody can choose numbers that collide.
    private static let factor = UInt64.random(in: .min ... .max) | 1

    /// Creates a table for at most this many numbers; the caller must not insert more.
    package init(atMost count: Int) {
        // At least half of the slots stay free, so that searches are short.
        let bits = UInt64(65 - count.leadingZeroBitCount)
        shift = 64 - bits
        slots = [UInt64](repeating: 0, count: 1 << bits)
    }

    /// Adds a number with a mark; a number that is there already keeps its mark.
    package mutating func insert(_ number: PhoneNumber, mark: UInt8 = 0) {
        let slot = slot(of: number)
        guard slots[slot] == 0 else { return }
        precondition(count * 2 < slots.count, "there is no room for another number")
        slots[slot] = Self.entry(number, mark)
        count += 1
    }

    /// Whether the number is there.
    package func contains(_ number: PhoneNumber) -> Bool { slots[slot(of: number)] != 0 }

    /// Replaces the mark of a number if it has the given mark; returns whether it had.
    package mutating func replace(_ mark: UInt8, by other: UInt8, of number: PhoneNumber) -> Bool {
        let slot = slot(of: number)
        guard slots[slot] == Self.entry(number, mark) else { return false }
        slots[slot] = Self.entry(number, other)
        return true
    }

    /// Returns the digits, at most 50 bits, above 8 bits of mark.
    private static func entry(_ number: PhoneNumber, _ mark: UInt8) -> UInt64 { number.digits << 8 | UInt64(mark) }

    /// Returns the slot of the number, or the free slot where it belongs.
    private func slot(of number: PhoneNumber) -> Int {
        var slot = Int((number.digits &* Self.factor) >> shift)
        while slots[slot] != 0, slots[slot] >> 8 != number.digits { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }
}

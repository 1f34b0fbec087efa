/// Phone numbers, each with a mark that means something to whoever gave it.
///
/// They are asked for by the hundred, in no order: each is found by one multiplication, where a search by halving would have the
/// processor guess at each step.
package struct MarkedNumbers: Sendable {
    /// The digits of a number above its mark, where it was scattered to, or after that; 0 where there is none.
    private var slots: [UInt64]
    private let shift: UInt64

    /// How many numbers there are.
    package private(set) var count = 0

    /// An odd number by which numbers are scattered, another one each time: nobody can choose numbers that all meet in one place.
    private static let factor = UInt64.random(in: .min ... .max) | 1

    /// Makes room for so many numbers; no more may be inserted.
    package init(atMost count: Int) {
        // At least half of the slots stay free, so that a search soon comes to one.
        let bits = UInt64(65 - count.leadingZeroBitCount)
        shift = 64 - bits
        slots = [UInt64](repeating: 0, count: 1 << bits)
    }

    /// Adds a number with a mark; one that is there already keeps the mark it has.
    package mutating func insert(_ number: PhoneNumber, mark: UInt8 = 0) {
        let slot = slot(of: number)
        guard slots[slot] == 0 else { return }
        precondition(count * 2 < slots.count, "there is no room for another number")
        slots[slot] = Self.entry(number, mark)
        count += 1
    }

    /// Whether a number is there.
    package func contains(_ number: PhoneNumber) -> Bool { slots[slot(of: number)] != 0 }

    /// Gives a number another mark if it is there with this one, and returns whether it was.
    package mutating func replace(_ mark: UInt8, by other: UInt8, of number: PhoneNumber) -> Bool {
        let slot = slot(of: number)
        guard slots[slot] == Self.entry(number, mark) else { return false }
        slots[slot] = Self.entry(number, other)
        return true
    }

    /// The digits, of which the largest number has fifty bits, and a mark below them.
    private static func entry(_ number: PhoneNumber, _ mark: UInt8) -> UInt64 { number.digits << 8 | UInt64(mark) }

    /// Where a number is, or would be.
    private func slot(of number: PhoneNumber) -> Int {
        var slot = Int((number.digits &* Self.factor) >> shift)
        while slots[slot] != 0, slots[slot] >> 8 != number.digits { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }
}

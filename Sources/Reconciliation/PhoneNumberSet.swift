import Membership

/// Numbers that are asked for by the hundred, in no order: each is found by one multiplication, where a search by halving would
/// have the processor guess at each step.
struct PhoneNumberSet {
    /// The digits of a number where it was scattered to, or after that; 0, which none has, where there is none.
    private var slots: [UInt64]
    private let shift: UInt64

    /// An odd number by which numbers are scattered, another one each time: nobody can choose numbers that all meet in one place.
    private static let factor = UInt64.random(in: .min ... .max) | 1

    /// Takes numbers, of which some may come more than once.
    init(_ numbers: [PhoneNumber]) {
        // At least half of the slots stay free, so that a search soon comes to one.
        let bits = UInt64(65 - numbers.count.leadingZeroBitCount)
        shift = 64 - bits
        slots = [UInt64](repeating: 0, count: 1 << bits)
        for number in numbers { slots[place(of: number)] = number.digits }
    }

    /// Whether a number is among them.
    func contains(_ number: PhoneNumber) -> Bool { slots[place(of: number)] != 0 }

    /// Where a number is, or would be.
    private func place(of number: PhoneNumber) -> Int {
        var place = Int((number.digits &* Self.factor) >> shift)
        while slots[place] != 0, slots[place] != number.digits { place = (place + 1) & (slots.count - 1) }
        return place
    }
}

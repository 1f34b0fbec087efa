/// Reproducible random numbers: SplitMix64.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    /// Starts a sequence.
    init(seed: UInt64) { state = seed }

    /// The next number.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Returns `count` distinct numbers of a range, in random order.
    mutating func sample(_ count: Int, of range: Range<Int>, without taken: Set<Int> = []) -> [Int] {
        var chosen: [Int] = []
        var seen = taken
        while chosen.count < count {
            let number = Int.random(in: range, using: &self)
            if seen.insert(number).inserted { chosen.append(number) }
        }
        return chosen
    }
}

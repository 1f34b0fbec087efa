/// Numbers in ascending order, with the original position of each.
///
/// A stable radix sort, lowest byte first. It skips bytes that are the same in all numbers, because sorting is much of
/// the cost of comparing a roster.
package struct NumberSort {
    /// The numbers, ascending.
    package private(set) var numbers: [UInt64]
    /// The original position of the number at the same index.
    package private(set) var positions: [UInt32]

    /// Sorts fewer than 2³² numbers.
    package init(_ list: [UInt64]) {
        numbers = list
        positions = list.indices.map { UInt32(truncatingIfNeeded: $0) }
        if list.indices.dropFirst().allSatisfy({ list[$0 - 1] <= list[$0] }) { return }
        // The bits that differ between the numbers.
        let varying = list.reduce(0) { $0 | ($1 ^ list[0]) }
        var (otherNumbers, otherPositions) = (numbers, positions)
        var counts = [UInt32](repeating: 0, count: 256)
        for byte in 0..<8 where varying >> (byte * 8) & 0xFF != 0 {
            let shift = UInt64(byte * 8)
            // Count each value of the byte, then turn the counts into start positions.
            for number in list { counts[Int(number >> shift & 0xFF)] += 1 }
            var next: UInt32 = 0
            for value in 0..<256 { (counts[value], next) = (next, next + counts[value]) }
            for position in numbers.indices {
                let number = numbers[position]
                let value = Int(number >> shift & 0xFF)
                let target = Int(counts[value])
                counts[value] += 1
                otherNumbers[target] = number
                otherPositions[target] = positions[position]
            }
            swap(&numbers, &otherNumbers)
            swap(&positions, &otherPositions)
            for value in 0..<256 { counts[value] = 0 }
        }
    }
}

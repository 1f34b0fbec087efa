/// Numbers in ascending order, and where each of them was: sorting numbers is much of what comparing a roster costs.
///
/// Sorted byte by byte from the lowest on, which takes no comparisons; bytes that all numbers share are passed over. Equal numbers stay in
/// the order in which they came.
package struct NumberOrder {
    /// The numbers, ascending.
    package private(set) var numbers: [UInt64]
    /// The place that the number at the same position had.
    package private(set) var places: [UInt32]

    /// Sorts numbers; there are fewer than 2³² of them.
    package init(_ list: [UInt64]) {
        numbers = list
        places = list.indices.map { UInt32(truncatingIfNeeded: $0) }
        if list.indices.dropFirst().allSatisfy({ list[$0 - 1] <= list[$0] }) { return }
        // Bits in which not all numbers are alike.
        let varying = list.reduce(0) { $0 | ($1 ^ list[0]) }
        var (otherNumbers, otherPlaces) = (numbers, places)
        var counts = [UInt32](repeating: 0, count: 256)
        for byte in 0..<8 where varying >> (byte * 8) & 0xFF != 0 {
            let shift = UInt64(byte * 8)
            // How often the byte has each value, and from that where the first number with each value goes.
            for number in list { counts[Int(number >> shift & 0xFF)] += 1 }
            var next: UInt32 = 0
            for value in 0..<256 { (counts[value], next) = (next, next + counts[value]) }
            for position in numbers.indices {
                let number = numbers[position]
                let value = Int(number >> shift & 0xFF)
                let target = Int(counts[value])
                counts[value] += 1
                otherNumbers[target] = number
                otherPlaces[target] = places[position]
            }
            swap(&numbers, &otherNumbers)
            swap(&places, &otherPlaces)
            for value in 0..<256 { counts[value] = 0 }
        }
    }
}

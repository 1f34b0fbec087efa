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
        // How often each byte has each value, for all eight bytes at once.
        var counts = [UInt32](repeating: 0, count: 8 * 256)
        for number in list {
            for byte in 0..<8 { counts[byte << 8 | Int(number >> (byte * 8) & 0xFF)] += 1 }
        }
        var (otherNumbers, otherPlaces) = (numbers, places)
        for byte in 0..<8 {
            let shift = UInt64(byte * 8)
            if counts[byte << 8 | Int(list[0] >> shift & 0xFF)] == list.count { continue }
            var next: UInt32 = 0
            for value in byte << 8..<(byte + 1) << 8 { (counts[value], next) = (next, next + counts[value]) }
            for position in numbers.indices {
                let number = numbers[position]
                let value = byte << 8 | Int(number >> shift & 0xFF)
                let target = Int(counts[value])
                counts[value] += 1
                otherNumbers[target] = number
                otherPlaces[target] = places[position]
            }
            swap(&numbers, &otherNumbers)
            swap(&places, &otherPlaces)
        }
    }
}

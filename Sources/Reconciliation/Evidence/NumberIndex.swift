import Core

/// The indices of a list's elements by number, sorted for binary search.
struct NumberIndex {
    /// The numbers, ascending.
    private var numbers: [UInt64] = []
    /// The index that belongs to the number at the same position; equal numbers have ascending indices.
    private(set) var positions: [Int] = []

    /// Creates an empty index.
    init() {}

    /// Takes the number of each element; nil if it has none.
    init(_ list: some Sequence<UInt64?>) {
        var (known, positionsOfKnown): ([UInt64], [Int]) = ([], [])
        known.reserveCapacity(list.underestimatedCount)
        positionsOfKnown.reserveCapacity(list.underestimatedCount)
        for (position, number) in list.enumerated() {
            guard let number else { continue }
            known.append(number)
            positionsOfKnown.append(position)
        }
        let order = NumberSort(known)
        numbers = order.numbers
        positions = order.positions.map { positionsOfKnown[Int($0)] }
    }

    /// Returns the range of a number's elements in `positions`.
    func range(of number: UInt64) -> Range<Int> {
        var cursor = 0
        return range(of: number, near: &cursor)
    }

    /// Returns the same, faster if the caller goes in the order of numbers.
    func range(of number: UInt64, near cursor: inout Int) -> Range<Int> {
        let start = numbers.lowerBound(of: number, near: &cursor)
        var end = start
        while end < numbers.count, numbers[end] == number { end += 1 }
        return start..<end
    }

    /// Calls `body` with the index of each element whose number is not unique.
    func forEachShared(_ body: (Int) -> Void) {
        for position in numbers.indices.dropFirst() where numbers[position - 1] == numbers[position] {
            body(positions[position - 1])
            body(positions[position])
        }
    }
}

extension [UInt64] {
    /// The same numbers, sorted.
    var inOrder: [UInt64] { NumberSort(self).numbers }
}

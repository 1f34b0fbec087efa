import Core

extension [UInt64] {
    /// Returns the index of the first element of a sorted array that is not less than `number`; else `count`.
    func lowerBound(of number: UInt64) -> Int { Core.lowerBound(count) { self[$0] < number } }

    /// Returns the same, faster if the caller goes in the order of numbers.
    func lowerBound(of number: UInt64, near cursor: inout Int) -> Int {
        if cursor < count, self[cursor] == number, cursor == 0 || self[cursor - 1] != number {
            cursor += 1
            return cursor - 1
        }
        let position = lowerBound(of: number)
        cursor = position + 1
        return position
    }

    /// Whether a sorted array contains a number; `cursor` as above.
    func holds(_ number: UInt64, near cursor: inout Int) -> Bool {
        let position = lowerBound(of: number, near: &cursor)
        return position < count && self[position] == number
    }

    /// Whether a sorted array contains a number.
    func holds(_ number: UInt64) -> Bool {
        let position = lowerBound(of: number)
        return position < count && self[position] == number
    }

    /// The same numbers, sorted.
    var inOrder: [UInt64] { NumberSort(self).numbers }
}

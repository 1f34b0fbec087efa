import Core
import Testing

@Suite("Phone numbers with marks") struct MarkedNumbersTests {
    @Test("Marked numbers are found by number, and nothing else is", arguments: [0, 1, 2, 3, 4, 7, 8, 500, 512, 5_000])
    func holds(count: UInt64) throws {
        // Neighbours and distant numbers, each given twice: the first mark counts.
        let numbers = try (0..<count).map { try phone($0 % 2 == 0 ? $0 : $0 * 1_000_003) }
        var set = NumberTable(expecting: numbers.count)
        for (position, number) in numbers.enumerated() { set.insert(number, mark: UInt8(truncatingIfNeeded: position)) }
        for number in numbers.reversed() { set.insert(number, mark: 77) }
        #expect(set.count == numbers.count)
        for (position, number) in numbers.enumerated() {
            let isMarked = set.has(number, UInt8(truncatingIfNeeded: position))
            #expect(set.contains(number) && isMarked)
        }
        let known = Set(numbers)
        let others = try (0..<count + 50).map { try phone($0 % 2 == 0 ? $0 * 1_000_003 + 1 : $0) }
        for other in others { #expect(set.contains(other) == known.contains(other)) }
    }

    @Test("A mark is replaced only if it is the expected one")
    func replaced() throws {
        var set = NumberTable(expecting: 2)
        for number in try [phone(1), phone(2)] { set.insert(number, mark: 3) }
        let first = try phone(1)
        let replaced = [set.replace(3, by: 255, of: first), set.replace(3, by: 255, of: first)]
        #expect(replaced == [true, false])
        let isMissing = try !set.replace(0, by: 3, of: phone(3))
        #expect(isMissing)
        let second = try phone(2)
        let areMarked = [set.has(first, 255), set.has(second, 3)]
        #expect(areMarked == [true, true])
        #expect(try !set.contains(phone(3)) && set.count == 2)
    }

    @Test("Marked numbers hold the largest and the smallest number")
    func extremes() throws {
        var set = NumberTable(expecting: 2)
        let ends = [PhoneNumber.largest, 1_000_000].compactMap(PhoneNumber.init(digits:))
        for number in ends { set.insert(number, mark: 255) }
        let areMarked = ends.map { set.has($0, 255) }
        #expect(areMarked == [true, true])
    }

    private func phone(_ person: UInt64) throws -> PhoneNumber {
        try #require(PhoneNumber(digits: 62_000_000_000 + person))
    }
}

extension NumberTable {
    /// Returns whether a number has this mark; does not change it.
    fileprivate mutating func has(_ number: PhoneNumber, _ mark: UInt8) -> Bool {
        replace(mark, by: mark, of: number)
    }
}

import Membership
import Testing

@testable import Reconciliation

@Suite("A set of phone numbers") struct PhoneNumberSetTests {
    @Test("holds what it was given and nothing else", arguments: [0, 1, 2, 3, 4, 7, 8, 500, 512, 5_000])
    func holds(count: UInt64) throws {
        // Neighbours and such as are far apart, each given twice.
        let numbers = try (0..<count).map { try phone($0 % 2 == 0 ? $0 : $0 * 1_000_003) }
        let set = PhoneNumberSet(numbers + numbers.reversed())
        #expect(numbers.allSatisfy(set.contains))
        let others = try (0..<count + 50).map { try phone($0 % 2 == 0 ? $0 * 1_000_003 + 1 : $0) }
        for other in others { #expect(set.contains(other) == numbers.contains(other)) }
    }
}

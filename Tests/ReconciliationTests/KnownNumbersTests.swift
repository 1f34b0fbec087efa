import Core
import Testing

@testable import Reconciliation

@Suite("Remembered numbers") struct RememberedNumbersTests {
    @Test(
        "Remembered numbers are found by LID and by number, however many there are",
        arguments: [0, 1, 2, 3, 7, 8, 100, 5_000])
    func found(count: UInt64) throws {
        var phones = IdentityTable()
        for person in 0..<count { phones[try lid(person)] = try phone(person / 2) }
        let remembered = KnownNumbers(phones)
        for person in 0..<count {
            #expect(remembered[try lid(person)] == phones[try lid(person)])
            let both = try [person / 2 * 2, person / 2 * 2 + 1].filter { $0 < count }.map(lid)
            #expect(remembered.lids(of: try phone(person / 2)) == both)
        }
        for person in count..<count + 50 { #expect(remembered[try lid(person)] == nil) }
        #expect(remembered.lids(of: try phone(count)).isEmpty)
    }
}

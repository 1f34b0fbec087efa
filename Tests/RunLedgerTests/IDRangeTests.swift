import Testing

@testable import RunLedger

@Suite("Rows with the same update")
struct StretchTests {
    @Test("Adjacent rows are combined, and never with a row that does not belong")
    func stretches() {
        func told(_ rows: [(Int64, String)]) -> [String] {
            IDRange.all(of: rows.map { (id: $0.0, value: $0.1) }).map {
                "\($0.rows.lowerBound)-\($0.rows.upperBound) \($0.value)"
            }
        }
        #expect(told([]) == [])
        #expect(told([(7, "a")]) == ["7-7 a"])
        #expect(told([(1, "a"), (2, "a"), (3, "a")]) == ["1-3 a"])
        #expect(told([(1, "a"), (2, "b"), (3, "a")]) == ["1-1 a", "2-2 b", "3-3 a"])
        #expect(told([(1, "a"), (3, "a"), (4, "a")]) == ["1-1 a", "3-4 a"])
        #expect(told([(4, "a"), (3, "a"), (3, "a")]) == ["4-4 a", "3-3 a", "3-3 a"])
    }
}

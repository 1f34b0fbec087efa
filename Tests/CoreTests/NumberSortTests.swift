import Core
import Testing

@Suite("Sorting numbers") struct NumberOrderTests {
    @Test(
        "Sorting is stable",
        arguments: [0, 1, 2, 3, 17, 300, 2_000], [UInt64(1), 3, 255, 256, 70_000, 1 << 54, .max])
    func sorted(count: Int, most: UInt64) {
        let list = (0..<count).map { _ in UInt64.random(in: 0...most) }
        let expected = list.enumerated().sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }
        let order = NumberSort(list)
        #expect(order.numbers == expected.map(\.element))
        #expect(order.positions == expected.map { UInt32($0.offset) })
        let again = NumberSort(order.numbers)
        #expect(again.numbers == order.numbers)
        #expect(again.positions == (0..<count).map { UInt32($0) })
    }
}

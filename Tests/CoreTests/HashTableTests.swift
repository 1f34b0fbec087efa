import Core
import Testing

@Suite("Hash tables") struct HashTableTests {
    @Test("Values are found by key, however many there are", arguments: [0, 1, 3, 500]) func growth(room: Int) {
        var (table, list, known) = (HashTable<UInt32>(free: 0, expecting: room), [UInt64](), [UInt64: Int]())
        for _ in 0..<20_000 {
            let key = UInt64.random(in: 1_000_000..<1_015_000)
            let slot = table.slot(of: key) { list[Int($0) - 1] == key }
            #expect(table[slot] == known[key].map { UInt32($0) + 1 } ?? 0)
            guard table[slot] == 0 else { continue }
            known[key] = list.count
            list.append(key)
            table.fill(slot, with: UInt32(list.count)) { [list] in list[Int($0) - 1] }
        }
        #expect(list.count > 5_000 && table.count == list.count)
    }

    @Test("A cursor changes no result of a search") func cursor() {
        for _ in 0..<200 {
            let list = (0..<Int.random(in: 0...30)).map { _ in Int.random(in: 0...20) }.sorted()
            var cursor = 0
            for sought in (0..<60).map({ _ in Int.random(in: -1...21) }) + (-1...21) {
                #expect(list.lowerBound(of: sought, near: &cursor) == list.firstIndex { $0 >= sought } ?? list.count)
                #expect(list.holds(sought) == list.contains(sought))
            }
        }
    }
}

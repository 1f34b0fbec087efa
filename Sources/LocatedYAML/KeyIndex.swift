import Core

/// Finds duplicate keys of a mapping.
struct KeyIndex {
    /// The keys while they are few, which are compared one by one.
    private var seen: [UInt32] = []
    /// The keys' nodes, plus one, if there are more.
    private var table: HashTable<UInt32>?

    /// Up to this many keys are compared one by one.
    private static let fewKeys = 8

    /// Starts a new mapping.
    mutating func begin(expecting count: Int) {
        seen.removeAll(keepingCapacity: true)
        table = count > Self.fewKeys ? HashTable(free: 0, expecting: count) : nil
    }

    /// Adds a key; returns the earlier key with the same text, if any.
    mutating func insert(_ key: UInt32, nodes: [NodeRecord], text: [UInt8]) -> UInt32? {
        func hash(_ key: UInt32) -> UInt64 {
            var hasher = Hasher()
            text.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0[nodes[Int(key)].range])) }
            return UInt64(truncatingIfNeeded: hasher.finalize())
        }
        func isSame(_ other: UInt32) -> Bool {
            let (left, right) = (nodes[Int(other)], nodes[Int(key)])
            return left.count == right.count && text[left.range].elementsEqual(text[right.range])
        }
        if let slot = table?.slot(of: hash(key), where: { isSame($0 - 1) }), let earlier = table?[slot] {
            if earlier != 0 { return earlier - 1 }
            table?.fill(slot, with: key + 1) { hash($0 - 1) }
            return nil
        }
        if let earlier = seen.first(where: isSame) { return earlier }
        seen.append(key)
        if seen.count > Self.fewKeys {
            table = HashTable(free: 0, expecting: seen.count * 2)
            for earlier in seen { _ = insert(earlier, nodes: nodes, text: text) }
        }
        return nil
    }
}

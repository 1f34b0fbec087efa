/// Finds duplicate keys of a mapping; its storage is reused from mapping to mapping.
struct KeyIndex {
    private var seen: [UInt32] = []
    /// A hash table of the indices of key nodes, each plus one; 0 is a free slot.
    ///
    /// It is empty while there are few keys.
    private var slots: [UInt32] = []
    private var used = 0

    /// Up to this many keys are compared one by one.
    private static let fewKeys = 8

    /// Starts a new mapping.
    mutating func begin(expecting count: Int) {
        seen.removeAll(keepingCapacity: true)
        slots.removeAll(keepingCapacity: count > Self.fewKeys)
        used = 0
        if count > Self.fewKeys { grow(toHold: count) }
    }

    /// Adds a key; returns the earlier key with the same text, if any.
    mutating func insert(_ key: UInt32, nodes: [NodeRecord], text: [UInt8]) -> UInt32? {
        if slots.isEmpty {
            if let first = seen.first(where: { Self.equal($0, key, nodes, text) }) { return first }
            seen.append(key)
            if seen.count > Self.fewKeys {
                grow(toHold: seen.count * 2)
                for earlier in seen { _ = position(earlier, nodes, text) }
            }
            return nil
        }
        if (used + 1) * 2 > slots.count {
            let before = slots
            grow(toHold: slots.count)
            used = 0
            for slot in before where slot != 0 { _ = position(slot - 1, nodes, text) }
        }
        return position(key, nodes, text)
    }

    private mutating func grow(toHold count: Int) {
        var size = 32
        while size < count * 2 { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
    }

    private mutating func position(_ key: UInt32, _ nodes: [NodeRecord], _ text: [UInt8]) -> UInt32? {
        var hasher = Hasher()
        text.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0[nodes[Int(key)].range])) }
        let mask = slots.count - 1
        var slot = hasher.finalize() & mask
        while slots[slot] != 0 {
            let other = slots[slot] - 1
            if Self.equal(other, key, nodes, text) { return other }
            slot = (slot + 1) & mask
        }
        slots[slot] = key + 1
        used += 1
        return nil
    }

    private static func equal(_ left: UInt32, _ right: UInt32, _ nodes: [NodeRecord], _ text: [UInt8]) -> Bool {
        let (left, right) = (nodes[Int(left)], nodes[Int(right)])
        return left.count == right.count && text[left.range].elementsEqual(text[right.range])
    }
}

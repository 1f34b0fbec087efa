/// A hash table of plain values in one array, for what is looked up by the million.
///
/// The caller says what a slot holds: the values themselves, which saves a look elsewhere, or the indices of a list,
/// which take a quarter of a dictionary's memory. `@usableFromInline` lets other modules compile it for their slots.
@usableFromInline package struct HashTable<Slot: Equatable & Sendable>: Sendable {
    /// Each value is at the place that its key's hash says, or in the next free slot after it.
    @usableFromInline var slots: [Slot]
    @usableFromInline let free: Slot
    @usableFromInline let shift: UInt64

    /// The odd factor of the hash.
    @usableFromInline package let factor: UInt64

    /// How many values it has.
    @usableFromInline package internal(set) var count = 0

    /// Creates a table with room for this many values; it grows if there are more.
    ///
    /// `free` marks a free slot, so no value may equal it.
    @inlinable package init(free: Slot, expecting count: Int) {
        // A third of the slots stays free, so that searches are short.
        let bits = UInt64(64 - (count + count / 2 + 1).leadingZeroBitCount)
        self.init(free: free, bits: bits)
    }

    @inlinable init(free: Slot, bits: UInt64) {
        self.free = free
        shift = 64 - bits
        factor = hashFactor
        slots = [Slot](repeating: free, count: 1 << bits)
    }

    /// Returns the slot where the search for a key starts.
    @inlinable package func start(of key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* factor) >> shift) }

    /// Returns the slot of a key's value, which `isSought` recognises, or the free slot where it belongs.
    @inlinable package func slot(of key: UInt64, where isSought: (Slot) -> Bool) -> Int {
        var slot = start(of: key)
        while slots[slot] != free, !isSought(slots[slot]) { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    /// The value in a slot; it may be replaced by another one with the same key.
    @inlinable package subscript(slot: Int) -> Slot {
        get { slots[slot] }
        set { slots[slot] = newValue }
    }

    /// Fills a free slot; `keyOf` returns the key of a value if the table has to grow.
    @inlinable package mutating func fill(_ slot: Int, with value: Slot, keyOf: (Slot) -> UInt64) {
        slots[slot] = value
        count += 1
        guard count * 3 > slots.count * 2 else { return }
        var grown = HashTable(free: free, expecting: slots.count)
        for value in slots where value != free { grown.slots[grown.slot(of: keyOf(value)) { _ in false }] = value }
        grown.count = count
        self = grown
    }
}

/// Random for each process, so that nobody can choose keys that collide.
@usableFromInline let hashFactor = UInt64.random(in: .min ... .max) | 1

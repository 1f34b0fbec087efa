/// The known phone numbers of LIDs: sorted arrays, 16 bytes a pair, found by binary search.
package struct IdentityTable: Hashable, Sendable {
    /// The LIDs, ascending and unique.
    private var lids: [LID] = []
    /// The number of the LID at the same index.
    private var phones: [PhoneNumber] = []

    /// Creates an empty table.
    package init() {}

    /// Accepts pairs in any order; the last pair for a LID wins.
    package init(_ pairs: some Sequence<(key: LID, value: PhoneNumber)>) {
        var pairs = Array(pairs)
        var isInOrder = true
        for position in pairs.indices.dropFirst() where pairs[position - 1].key.digits >= pairs[position].key.digits {
            isInOrder = false
        }
        // The sort is stable, so the last of equal LIDs stays last.
        if !isInOrder { pairs.sort { $0.key.digits < $1.key.digits } }
        reserveCapacity(pairs.count)
        for pair in pairs { append(pair.value, for: pair.key) }
    }

    /// How many LIDs the table has.
    package var count: Int { lids.count }

    /// Whether the table has no LIDs.
    package var isEmpty: Bool { lids.isEmpty }

    /// The number of a LID; nil if it is not known.
    package subscript(lid: LID) -> PhoneNumber? {
        get {
            let position = lids.lowerBound(of: lid)
            return position < lids.count && lids[position] == lid ? phones[position] : nil
        }
        set {
            let position = lids.lowerBound(of: lid)
            let isThere = position < lids.count && lids[position] == lid
            switch (newValue, isThere) {
            case (let phone?, true): phones[position] = phone
            case (let phone?, false):
                lids.insert(lid, at: position)
                phones.insert(phone, at: position)
            case (nil, true):
                lids.remove(at: position)
                phones.remove(at: position)
            case (nil, false): break
            }
        }
    }

    /// Returns the number of a LID; takes constant time if it is the next LID after the last one found with the cursor.
    package func phone(of lid: LID, near cursor: inout Int) -> PhoneNumber? {
        let position = lids.lowerBound(of: lid, near: &cursor)
        return position < lids.count && lids[position] == lid ? phones[position] : nil
    }

    /// Returns the pairs that satisfy the condition.
    package func filter(_ isWanted: (LID, PhoneNumber) -> Bool) -> IdentityTable {
        var result = IdentityTable()
        for (lid, phone) in self where isWanted(lid, phone) { result.append(phone, for: lid) }
        return result
    }

    /// Reserves room for this many pairs.
    package mutating func reserveCapacity(_ count: Int) {
        lids.reserveCapacity(count)
        phones.reserveCapacity(count)
    }

    /// Appends a LID that is greater than all others, or replaces the number of the last LID.
    package mutating func append(_ phone: PhoneNumber, for lid: LID) {
        if lids.last == lid {
            phones[phones.count - 1] = phone
        } else {
            lids.append(lid)
            phones.append(phone)
        }
    }
}

extension IdentityTable: RandomAccessCollection {
    /// Zero.
    package var startIndex: Int { 0 }
    /// The number of pairs.
    package var endIndex: Int { lids.count }
    /// A LID and its number, in the order of the LIDs.
    package subscript(position: Int) -> (key: LID, value: PhoneNumber) { (lids[position], phones[position]) }
}

extension IdentityTable: ExpressibleByDictionaryLiteral {
    /// Creates a table from a literal.
    package init(dictionaryLiteral elements: (LID, PhoneNumber)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }
}

/// The numbers behind some LIDs, sixteen bytes for each: sorted, and searched by halving.
package struct IdentityTable: Hashable, Sendable {
    /// The LIDs, ascending, each once.
    private var lids: [LID] = []
    /// The number of the LID at the same place.
    private var phones: [PhoneNumber] = []

    /// Knows nobody.
    package init() {}

    /// Takes pairs in any order; of two for one LID, the last holds.
    package init(_ pairs: some Sequence<(key: LID, value: PhoneNumber)>) {
        var pairs = Array(pairs)
        var isInOrder = true
        for place in pairs.indices.dropFirst() where pairs[place - 1].key.digits >= pairs[place].key.digits {
            isInOrder = false
        }
        // The sort is stable, which keeps the last of equal ones the last.
        if !isInOrder { pairs.sort { $0.key.digits < $1.key.digits } }
        reserveCapacity(pairs.count)
        for pair in pairs { append(pair.value, for: pair.key) }
    }

    /// How many LIDs it knows.
    package var count: Int { lids.count }

    /// Whether it knows none.
    package var isEmpty: Bool { lids.isEmpty }

    /// The number behind a LID; nil where it is not known.
    package subscript(lid: LID) -> PhoneNumber? {
        get {
            let place = lids.lowerBound(of: lid)
            return place < lids.count && lids[place] == lid ? phones[place] : nil
        }
        set {
            let place = lids.lowerBound(of: lid)
            let isThere = place < lids.count && lids[place] == lid
            switch (newValue, isThere) {
            case (let phone?, true): phones[place] = phone
            case (let phone?, false):
                lids.insert(lid, at: place)
                phones.insert(phone, at: place)
            case (nil, true):
                lids.remove(at: place)
                phones.remove(at: place)
            case (nil, false): break
            }
        }
    }

    /// The number behind a LID, for a caller who asks for one LID after the other: who goes in their order is answered at once.
    package func phone(of lid: LID, near cursor: inout Int) -> PhoneNumber? {
        if cursor >= lids.count || lids[cursor].digits != lid.digits { cursor = lids.lowerBound(of: lid) }
        guard cursor < lids.count, lids[cursor].digits == lid.digits else { return nil }
        cursor += 1
        return phones[cursor - 1]
    }

    /// What it knows of those whom a condition holds for.
    package func filter(_ isWanted: (LID, PhoneNumber) -> Bool) -> IdentityTable {
        var result = IdentityTable()
        for (lid, phone) in self where isWanted(lid, phone) { result.append(phone, for: lid) }
        return result
    }

    /// Makes room for so many.
    package mutating func reserveCapacity(_ count: Int) {
        lids.reserveCapacity(count)
        phones.reserveCapacity(count)
    }

    /// Adds what belongs at the end, or replaces the number of the last LID.
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
    /// The first place.
    package var startIndex: Int { 0 }
    /// The place after the last.
    package var endIndex: Int { lids.count }
    /// A LID and its number, in the order of the LIDs.
    package subscript(position: Int) -> (key: LID, value: PhoneNumber) { (lids[position], phones[position]) }
}

extension IdentityTable: ExpressibleByDictionaryLiteral {
    /// Takes what is written out.
    package init(dictionaryLiteral elements: (LID, PhoneNumber)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }
}

extension [LID] {
    /// The first place of a sorted array whose LID is no less than another; the end where there is none.
    fileprivate func lowerBound(of lid: LID) -> Int { Membership.lowerBound(count) { self[$0].digits < lid.digits } }
}

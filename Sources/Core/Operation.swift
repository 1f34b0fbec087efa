/// The four changes to a membership, in the order in which a group's run makes them.
package enum Operation: String, Hashable, Sendable, CaseIterable {
    /// Make someone a member.
    case add
    /// Make a member an admin.
    case promote
    /// Make an admin an ordinary member.
    case demote
    /// Remove a member.
    case remove

    /// What an operation changes.
    package enum Kind: Hashable, Sendable {
        /// Who is in the group.
        case membership
        /// Who is an admin.
        case role
    }

    /// What it changes.
    package var kind: Kind {
        switch self {
        case .add, .remove: .membership
        case .promote, .demote: .role
        }
    }

    /// The past participle: "added", "removed".
    package var participle: String {
        switch self {
        case .add: "added"
        case .promote: "promoted"
        case .demote: "demoted"
        case .remove: "removed"
        }
    }

    /// Whether it removes or demotes a person, and so counts against the limits.
    package var countsAsRemoval: Bool { self == .demote || self == .remove }
}

/// How many changes there are of each operation.
package struct ActionCounts: Hashable, Sendable {
    private var counts = SIMD4<UInt32>()

    /// Creates counts, zero by default.
    package init(adds: Int = 0, promotes: Int = 0, demotes: Int = 0, removes: Int = 0) {
        self[.add] = adds
        self[.promote] = promotes
        self[.demote] = demotes
        self[.remove] = removes
    }

    /// Counts each operation of a sequence.
    package init(_ operations: some Sequence<Operation>) { for operation in operations { self[operation] += 1 } }

    /// The count of one operation.
    package subscript(operation: Operation) -> Int {
        get { Int(counts[Self.index(of: operation)]) }
        set { counts[Self.index(of: operation)] = UInt32(clamping: newValue) }
    }

    /// The sum of all counts.
    package var total: Int { Int(counts.wrappedSum()) }

    /// Returns the counts of one kind of operation; the others are zero.
    package func only(_ kind: Operation.Kind) -> ActionCounts {
        var result = self
        for operation in Operation.allCases where operation.kind != kind { result[operation] = 0 }
        return result
    }

    /// Returns the sum of the counts, by operation.
    package static func + (left: ActionCounts, right: ActionCounts) -> ActionCounts {
        var result = left
        result.counts &+= right.counts
        return result
    }

    private static func index(of operation: Operation) -> Int {
        switch operation {
        case .add: 0
        case .promote: 1
        case .demote: 2
        case .remove: 3
        }
    }
}

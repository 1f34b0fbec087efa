/// How often each operation was done to one person in one group.
///
/// Plans warn and reports list a person if something was done twice within thirty days and is due again.
package struct Turns: Hashable, Sendable {
    /// Adds.
    package var adds: Int
    /// Removals.
    package var removes: Int
    /// Promotions.
    package var promotes: Int
    /// Demotions.
    package var demotes: Int

    /// The period that counts, in milliseconds.
    package static let window: Int64 = 30 * 86_400_000

    /// The number of changes within the window that causes a warning when another is due.
    static let fewest = 2

    /// Creates counts, zero by default.
    package init(adds: Int = 0, removes: Int = 0, promotes: Int = 0, demotes: Int = 0) {
        self.adds = adds
        self.removes = removes
        self.promotes = promotes
        self.demotes = demotes
    }

    /// The sum of all counts.
    package var total: Int { adds + removes + promotes + demotes }

    /// Returns the counts of an operation's kind, membership or role; nil if they are too few to report.
    package func worthTelling(before operation: String) -> Turns? {
        let turns =
            switch ActionOperation(rawValue: operation)?.kind ?? .role {
            case .membership: Turns(adds: adds, removes: removes)
            case .role: Turns(promotes: promotes, demotes: demotes)
            }
        return turns.total >= Self.fewest ? turns : nil
    }

    /// What an operation changes.
    enum Kind {
        case membership
        case role
    }

    mutating func count(_ operation: String) {
        if let operation = ActionOperation(rawValue: operation) { count(operation) }
    }

    mutating func count(_ operation: ActionOperation) {
        switch operation {
        case .add: adds += 1
        case .remove: removes += 1
        case .promote: promotes += 1
        case .demote: demotes += 1
        }
    }
}

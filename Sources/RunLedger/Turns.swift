/// How often what was done to one person in one group was done, and may have been undone: by operation.
///
/// A plan points it out, and a report lists it, where something was done twice within thirty days and is asked for again.
package struct Turns: Hashable, Sendable {
    /// How often they were added.
    package var adds: Int
    /// How often they were removed.
    package var removes: Int
    /// How often they were made an admin.
    package var promotes: Int
    /// How often they were made an ordinary member.
    package var demotes: Int

    /// How far back they count, in milliseconds.
    package static let window: Int64 = 30 * 86_400_000

    /// So many within the window are worth a word when another one is asked for.
    static let fewest = 2

    /// Counts turns; none by default.
    package init(adds: Int = 0, removes: Int = 0, promotes: Int = 0, demotes: Int = 0) {
        self.adds = adds
        self.removes = removes
        self.promotes = promotes
        self.demotes = demotes
    }

    /// All of them.
    package var total: Int { adds + removes + promotes + demotes }

    /// Those of them that bear on another one, if that is worth a word: whether someone is in the group, or in which role.
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

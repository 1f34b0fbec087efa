import Core
import RunLedger

/// The people in groups, with their actions.
///
/// A pass over the ledger looks up one person per action, usually outside the processor's cache. So it collects actions
/// and looks up many at a time, which lets their memory reads overlap.
struct PeopleByGroup {
    /// Everybody with a counted action, in order of appearance.
    private(set) var all: [PersonActivity] = []

    /// Indices in `all`, plus one.
    private var table = HashTable<UInt32>(free: 0, expecting: 500)
    private var waiting: [PersonalAction] = []

    private static let batch = 64

    /// Adds an action, which counts after `finish`.
    mutating func take(_ action: PersonalAction) {
        waiting.append(action)
        if waiting.count == Self.batch { finish() }
    }

    /// Counts the collected actions.
    mutating func finish() {
        // The steps of these two loops do not depend on each other.
        let guesses = waiting.map { table[table.start(of: Self.key(of: $0.phone, $0.group, table.factor))] }
        let areRight = zip(guesses, waiting).map { guess, action in guess != 0 && all[Int(guess) - 1].isAbout(action) }
        for (index, action) in waiting.enumerated() {
            all[areRight[index] ? Int(guesses[index]) - 1 : position(of: action)].take(action)
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// Returns the index of an action's person; adds the person if new.
    private mutating func position(of action: PersonalAction) -> Int {
        let key = Self.key(of: action.phone, action.group, table.factor)
        let slot = table.slot(of: key) { all[Int($0) - 1].isAbout(action) }
        if table[slot] != 0 { return Int(table[slot]) - 1 }
        all.append(PersonActivity(of: action.phone, in: action.group))
        table.fill(slot, with: UInt32(all.count)) { [all, factor = table.factor] in
            Self.key(of: all[Int($0) - 1].phone, all[Int($0) - 1].group, factor)
        }
        return all.count - 1
    }

    private static func key(of phone: PhoneNumber, _ group: UInt32, _ factor: UInt64) -> UInt64 {
        phone.digits &* factor &+ UInt64(group)
    }
}

/// The part of an action that concerns a person in a group.
struct PersonalAction {
    let phone: PhoneNumber
    let group: UInt32
    let operation: Operation
    let plannedAt: Timestamp
    /// When it was done; nil if it was not, or no member list shows it.
    let doneAt: Timestamp?
    /// The action's row if it contains the person's name, otherwise 0.
    let namingRow: Int64
}

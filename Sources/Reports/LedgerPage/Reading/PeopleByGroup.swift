import Core
import RunLedger

/// A hash table of people in groups, with their actions.
///
/// A pass over the ledger looks up one person per action, usually outside the processor's cache. So it collects actions
/// and looks up many at a time, which lets their memory reads overlap.
struct PeopleByGroup {
    /// Everybody with a counted action, in order of appearance.
    private(set) var all: [PersonActivity] = []

    // Index in `all` plus one; 0 for a free slot. The size is a power of two, and at least half the slots are free.
    private var slots = [UInt32](repeating: 0, count: 1024)
    /// Odd, and random in each run, so that nobody can choose numbers that collide.
    private let factor = UInt64.random(in: .min ... .max) | 1
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
        let guesses = waiting.map { slots[slot(of: $0)] }
        let areRight = zip(guesses, waiting).map { guess, action in guess != 0 && all[Int(guess) - 1].isAbout(action) }
        for (index, action) in waiting.enumerated() {
            all[areRight[index] ? Int(guesses[index]) - 1 : position(of: action)].take(action)
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// Returns the index of an action's person; adds the person if new.
    private mutating func position(of action: PersonalAction) -> Int {
        var slot = slot(of: action)
        while slots[slot] != 0 {
            let position = Int(slots[slot]) - 1
            if all[position].isAbout(action) { return position }
            slot = (slot + 1) & (slots.count - 1)
        }
        all.append(PersonActivity(of: action.phone, in: action.group))
        slots[slot] = UInt32(all.count)
        if all.count * 2 > slots.count { grow() }
        return all.count - 1
    }

    private func slot(of action: PersonalAction) -> Int { slot(of: action.phone, action.group) }

    private func slot(of phone: PhoneNumber, _ group: UInt32) -> Int {
        // The upper bits of a product depend on all its factors.
        let mixed = (phone.digits &* factor &+ UInt64(group)) &* factor
        return Int(truncatingIfNeeded: mixed >> (64 - UInt64(slots.count.trailingZeroBitCount)))
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for (position, person) in all.enumerated() {
            var slot = slot(of: person.phone, person.group)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(position + 1)
        }
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

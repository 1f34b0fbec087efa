import Membership

/// The people of many groups with their coming and going, found by group and number.
///
/// A walk through a ledger looks one up for each action, mostly somebody who is far away in memory: waiting for that would take
/// longer than all the rest of the counting. So actions are taken up and looked for many at a time, each of which can be
/// fetched while others are; and the table is one of places with free ones between them.
struct PeopleByGroup {
    /// Everybody of whom an action was counted, in the order in which they came.
    private(set) var all: [Coming] = []

    // One more than somebody's place in `all`; 0 where the slot is free. A power of two of them, half of them free at least.
    private var slots = [UInt32](repeating: 0, count: 1024)
    /// Odd, and another one in each run, so that nobody can choose numbers that meet in one place.
    private let factor = UInt64.random(in: .min ... .max) | 1
    private var waiting: [PersonalAction] = []

    private static let batch = 64

    /// Takes an action up; it counts once `finish` was called.
    mutating func take(_ action: PersonalAction) {
        waiting.append(action)
        if waiting.count == Self.batch { finish() }
    }

    /// Counts what was taken up.
    mutating func finish() {
        // No step of these two waits for the one before it.
        let guesses = waiting.map { slots[slot(of: $0)] }
        let areRight = zip(guesses, waiting).map { guess, action in
            guess != 0 && all[Int(guess) - 1].isAbout(action)
        }
        for (index, action) in waiting.enumerated() {
            all[areRight[index] ? Int(guesses[index]) - 1 : place(of: action)].take(action)
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// The place of the person that an action is about, who gets one where they have none.
    private mutating func place(of action: PersonalAction) -> Int {
        var slot = slot(of: action)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if all[place].isAbout(action) { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        all.append(Coming(of: action.phone, in: action.group))
        slots[slot] = UInt32(all.count)
        if all.count * 2 > slots.count { grow() }
        return all.count - 1
    }

    private func slot(of action: PersonalAction) -> Int { slot(of: action.phone, action.group) }

    private func slot(of phone: PhoneNumber, _ group: UInt32) -> Int {
        // The upper bits of a product depend on all that is multiplied.
        let mixed = (phone.digits &* factor &+ UInt64(group)) &* factor
        return Int(truncatingIfNeeded: mixed >> (64 - UInt64(slots.count.trailingZeroBitCount)))
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for (place, person) in all.enumerated() {
            var slot = slot(of: person.phone, person.group)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(place + 1)
        }
    }
}

/// What an action tells of the coming and going of a person in the group at a place.
struct PersonalAction {
    let phone: PhoneNumber
    let group: UInt32
    let operation: ActionOperation
    let plannedAt: Timestamp
    /// When it was done; nil where it was not, or where no roster shows it.
    let doneAt: Timestamp?
    /// The action's row where it names the person, otherwise 0.
    let namingRow: Int64
}

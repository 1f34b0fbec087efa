/// How many memberships may be taken away at once: a number, or a share of those that there are.
package enum Allowance: Hashable, Sendable {
    /// So many.
    case count(Int)
    /// So many per cent, 0 to 100.
    case percent(Int)

    /// The number for a group of a size; a share is rounded down.
    package func count(ofSize size: Int) -> Int {
        switch self {
        case .count(let count): count
        case .percent(let percent): size * percent / 100
        }
    }
}

/// What one run may take away from a group, and the bounds that a group must stay in.
package struct Limits: Hashable, Sendable {
    /// Demotions and removals per group, against its current size.
    package var removals: Allowance
    /// So many are always allowed where `removals` is a share.
    package var removalsFloor: Int
    /// Demotions and removals over all groups of a run, against all their memberships.
    package var removalsPerRun: Allowance
    /// The groups of a run in which one person may lose something.
    package var removalsPerPerson: Int
    /// The people whom one team or file may lose in a run.
    package var removalsPerSource: Int
    /// The fewest admins that a group may be left with, the session's own account counted.
    package var minAdmins: Int
    /// The fewest admins besides the session's own account that a group may be left with.
    package var minOtherAdmins: Int
    /// The most members that a group may have.
    package var groupSize: Int

    /// The defaults of the configuration reference.
    package init(
        removals: Allowance = .percent(25), removalsFloor: Int = 3, removalsPerRun: Allowance = .percent(2),
        removalsPerPerson: Int = 10, removalsPerSource: Int = 10, minAdmins: Int = 1, minOtherAdmins: Int = 1,
        groupSize: Int = 1_024
    ) {
        self.removals = removals
        self.removalsFloor = removalsFloor
        self.removalsPerRun = removalsPerRun
        self.removalsPerPerson = removalsPerPerson
        self.removalsPerSource = removalsPerSource
        self.minAdmins = minAdmins
        self.minOtherAdmins = minOtherAdmins
        self.groupSize = groupSize
    }

    /// So many are allowed in any run where `removalsPerRun` is a share: a share of few groups would be next to nothing.
    private static let runFloor = 20

    /// The demotions and removals allowed in a run over groups with so many members in all.
    package func removalsAllowed(inRunOver memberships: Int) -> Int {
        switch removalsPerRun {
        case .count(let count): count
        case .percent: max(removalsPerRun.count(ofSize: memberships), Self.runFloor)
        }
    }

    /// The demotions and removals allowed in a group of a size.
    package func removalsAllowed(inGroupOf size: Int) -> Int {
        switch removals {
        case .count(let count): count
        case .percent: max(removals.count(ofSize: size), removalsFloor)
        }
    }
}

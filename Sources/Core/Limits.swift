/// A bound on removals and demotions: a number, or a percentage of the memberships.
package enum Allowance: Hashable, Sendable {
    /// A number.
    case count(Int)
    /// A percentage, 0 to 100.
    case percent(Int)

    /// Returns the number for this many memberships; a percentage is rounded down.
    package func count(ofSize size: Int) -> Int {
        switch self {
        case .count(let count): count
        case .percent(let percent): size * percent / 100
        }
    }
}

/// The limits on removals and demotions in one run, and on the size and admins of a group.
package struct Limits: Hashable, Sendable {
    /// The most removals and demotions in a group; a percentage counts from its current size.
    package var removals = Allowance.percent(25)
    /// The removals and demotions that are always allowed if `removals` is a percentage.
    package var removalsFloor = 3
    /// The most removals and demotions in a run; a percentage counts from the memberships of all its groups.
    package var removalsPerRun = Allowance.percent(2)
    /// The most groups in which one person may be removed or demoted in a run.
    package var removalsPerPerson = 10
    /// The most people that one team or CSV file may lose in a run.
    package var removalsPerSource = 10
    /// The fewest admins a group may be left with, including the session's own account.
    package var minAdmins = 1
    /// The fewest admins a group may be left with, not counting the session's own account.
    package var minOtherAdmins = 1
    /// The most members a group may have.
    package var groupSize = 1_024

    /// Creates limits with the defaults of docs/policy.md.
    package init() {}

    /// The removals and demotions always allowed in a run if `removalsPerRun` is a percentage, even for few groups.
    private static let runFloor = 20

    /// Returns the most removals and demotions in a run, given the memberships of all its groups.
    package func removalsAllowed(inRunOver memberships: Int) -> Int {
        switch removalsPerRun {
        case .count(let count): count
        case .percent: max(removalsPerRun.count(ofSize: memberships), Self.runFloor)
        }
    }

    /// Returns the most removals and demotions in a group with this many members.
    package func removalsAllowed(inGroupOf size: Int) -> Int {
        switch removals {
        case .count(let count): count
        case .percent: max(removals.count(ofSize: size), removalsFloor)
        }
    }
}

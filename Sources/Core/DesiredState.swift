/// What a policy asks for, one group at a time, so that not all groups are in memory at once.
package protocol DesiredState: Sendable {
    /// The groups that the policy describes, in the order of the plan.
    var groups: [GroupKey] { get }

    /// Returns what the policy says about one group on one day; `position` is the group's index in `groups`.
    func desiredGroup(at position: Int, on day: CalendarDate) -> DesiredGroup

    /// Returns the same as numbers and roles only; nil if that is not enough.
    func desiredRoles(at position: Int, on day: CalendarDate) -> DesiredRoles?
}

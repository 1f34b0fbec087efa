package import Membership

extension PolicySet {
    /// What the policies say of one group on one day.
    ///
    /// - Parameters:
    ///   - position: The group's position in `groups`.
    ///   - day: The day that terms are held against, in UTC.
    package func desiredGroup(at position: Int, on day: CalendarDate) -> DesiredGroup {
        let group = contents.groups[position]
        var walk = MembershipWalk(contents: contents, day: day)
        walk.follow(group.admins, role: .admin)
        walk.follow(group.members, role: .member)
        let (members, outOfTerm) = walk.outcome
        return DesiredGroup(
            key: group.key, name: group.name, source: contents.location(group.place), mode: group.mode,
            rejoin: group.rejoin, limits: group.limits, mayBeEmpty: group.mayBeEmpty, members: members,
            kept: keptPeople(of: group, on: day), outOfTerm: outOfTerm)
    }

    private func keptPeople(of group: GroupRecord, on day: CalendarDate) -> [PersonReference] {
        guard !group.kept.indices.isEmpty else { return [] }
        var walk = MembershipWalk(contents: contents, day: day)
        walk.follow(group.kept, role: .member)
        return walk.outcome.members.map(\.person)
    }
}

package import Membership

extension PolicySet {
    /// What the policies say of one group on one day.
    ///
    /// - Parameters:
    ///   - position: The group's position in `groups`.
    ///   - day: The day that terms are held against, in UTC.
    package func desiredGroup(at position: Int, on day: CalendarDate) -> DesiredGroup {
        let group = contents.groups[position]
        let (members, outOfTerm) = walk(group, on: day).outcome
        return DesiredGroup(
            key: group.key, name: group.name, source: contents.location(group.place), mode: group.mode,
            rejoin: group.rejoin, limits: group.limits, mayBeEmpty: group.mayBeEmpty, members: members,
            kept: keptPeople(of: group, on: day), outOfTerm: outOfTerm, named: named)
    }

    /// The same, where it is no more than numbers with their roles; nil where people are kept, or known by LID, or named for other
    /// days, and where it matters who was in the group before.
    package func plainGroup(at position: Int, on day: CalendarDate) -> PlainGroup? {
        let group = contents.groups[position]
        guard group.kept.indices.isEmpty, group.rejoin == .always else { return nil }
        return walk(group, on: day).plain(key: group.key, name: group.name, limits: group.limits)
    }

    func walk(_ group: GroupRecord, on day: CalendarDate) -> MembershipWalk {
        var walk = MembershipWalk(contents: contents, day: day)
        walk.follow(group.admins, role: .admin)
        walk.follow(group.members, role: .member)
        return walk
    }

    private func keptPeople(of group: GroupRecord, on day: CalendarDate) -> [PersonReference] {
        guard !group.kept.indices.isEmpty else { return [] }
        var walk = MembershipWalk(contents: contents, day: day)
        walk.follow(group.kept, role: .member)
        return walk.outcome.members.map(\.person)
    }
}

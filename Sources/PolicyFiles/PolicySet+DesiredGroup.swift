package import Core

extension PolicySet {
    /// Returns what the policies say about a group on a day.
    ///
    /// - Parameters:
    ///   - position: The group's position in `groups`.
    ///   - day: The day for dates of entries, in UTC.
    package func desiredGroup(at position: Int, on day: CalendarDate) -> DesiredGroup {
        let group = contents.groups[position]
        let (members, outOfTerm) = walk(group, on: day).outcome
        return DesiredGroup(
            key: group.key, name: group.name, source: contents.location(group.position), mode: group.mode,
            rejoin: group.rejoin, limits: group.limits, mayBeEmpty: group.mayBeEmpty, members: members,
            kept: keptPeople(of: group, on: day), outOfTerm: outOfTerm, named: named)
    }

    /// Returns the desired group as numbers and roles only; nil if that is not enough.
    ///
    /// It is not enough for groups with `keep`, `rejoin: never`, people with LIDs, or entries for other days.
    package func desiredRoles(at position: Int, on day: CalendarDate) -> DesiredRoles? {
        let group = contents.groups[position]
        guard group.kept.indices.isEmpty, group.rejoin == .always else { return nil }
        return walk(group, on: day).plain(key: group.key, name: group.name, limits: group.limits)
    }

    func walk(_ group: IndexedGroup, on day: CalendarDate) -> MembershipWalk {
        var walk = MembershipWalk(contents: contents, day: day)
        walk.follow(group.admins, role: .admin)
        walk.follow(group.members, role: .member)
        return walk
    }

    private func keptPeople(of group: IndexedGroup, on day: CalendarDate) -> [PersonReference] {
        guard !group.kept.indices.isEmpty else { return [] }
        var walk = MembershipWalk(contents: contents, day: day)
        walk.follow(group.kept, role: .member)
        return walk.outcome.members.map(\.person)
    }
}

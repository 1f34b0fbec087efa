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

    /// Which of some numbers the lists of each group of a session name, on whatever day; groups that name none are left out.
    package func mentions(of numbers: Set<PhoneNumber>, inGroupsOf session: SessionKey) -> [Set<PhoneNumber>] {
        let people = Set(
            contents.people.indices.filter { index in
                PhoneNumber(digits: contents.people[index].phone).map(numbers.contains) ?? false
            })
        guard !people.isEmpty else { return [] }
        return contents.groups.lazy.filter { $0.key.sessionKey == session }.map { group in
            var walk = MembershipWalk(contents: contents, day: nil)
            for list in [group.admins, group.members, group.kept] { walk.follow(list, role: .member) }
            return Set(walk.mentions(of: people).compactMap { PhoneNumber(digits: contents.people[$0].phone) })
        }.filter { !$0.isEmpty }
    }

    private func walk(_ group: GroupRecord, on day: CalendarDate) -> MembershipWalk {
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

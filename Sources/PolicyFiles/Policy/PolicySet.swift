package import Core

/// The desired state of all groups, from all policy files.
package struct PolicySet: DesiredState {
    /// The groups, sorted by key.
    package var groups: [GroupKey]
    /// `sha256:` and the digest of the names and bytes of all policy and CSV files, independent of their order.
    package var digest: String
    /// The numbers of files, people, teams and groups.
    package var counts: PolicyCounts

    let contents: PolicyIndex
    /// Everybody with a LID and also a name or a number, by LID.
    let named: [LID: PersonReference]

    /// The names of people, by number and by LID.
    package var namesOfPeople: [AccountID: String] {
        var names: [AccountID: String] = [:]
        for position in contents.people.indices {
            let person = contents.reference(position)
            guard let name = person.name else { continue }
            for account in person.accounts { names[account] = name }
        }
        return names
    }

    /// The numbers and LIDs of everyone the policies name.
    package var accounts: Set<AccountID> { Set(contents.people.indices.flatMap { contents.reference($0).accounts }) }

    /// The names of all people and teams.
    package var names: Set<String> {
        Set(contents.teams.compactMap(\.name) + contents.people.indices.compactMap { contents.reference($0).name })
    }

    /// The names of groups, if the policies give them.
    package var groupNames: [GroupKey: String] {
        Dictionary(contents.groups.compactMap { group in group.name.map { (group.key, $0) } }) { first, _ in first }
    }
}

/// The numbers of files, people, teams and groups of a policy set.
package struct PolicyCounts: Hashable, Sendable {
    /// Policy files and CSV files.
    package var files: Int
    /// Different people, with or without a name.
    package var people: Int
    /// Teams with a name.
    package var teams: Int
    /// Groups.
    package var groups: Int
}

/// The result of reading policies.
package struct PolicyReading: Sendable {
    /// The policies; nil if there is an error.
    package var policies: PolicySet?
    /// All errors and warnings, by place.
    package var diagnostics: [Diagnostic]
}

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
        guard group.kept.isEmpty, group.rejoin == .always else { return nil }
        return walk(group, on: day).plain(key: group.key, name: group.name, limits: group.limits)
    }

    func walk(_ group: IndexedGroup, on day: CalendarDate) -> MembershipWalk {
        MembershipWalk(contents: contents, day: day, (group.admins, .admin), (group.members, .member))
    }

    private func keptPeople(of group: IndexedGroup, on day: CalendarDate) -> [PersonReference] {
        guard !group.kept.isEmpty else { return [] }
        return MembershipWalk(contents: contents, day: day, (group.kept, .member)).outcome.members.map(\.person)
    }
}

extension PolicySet {
    /// Whether an entry has dates, so that another day may have other people.
    package var dependsOnTheDay: Bool { contents.terms.contains { $0.from != nil || $0.until != nil } }

    /// Returns the mode of the group at a position in `groups`.
    package func mode(at position: Int) -> GroupMode { contents.groups[position].mode }

    /// Returns the people a group should have on a day, with the lists that name them.
    ///
    /// - Parameters:
    ///   - position: The group's position in `groups`.
    ///   - day: The day for dates of entries, in UTC.
    package func appliedPeople(at position: Int, on day: CalendarDate) -> [AppliedPerson] {
        walk(contents.groups[position], on: day).applied
    }

    /// Returns what each list and group names on a day.
    package func shape(on day: CalendarDate) -> PolicyShape {
        var shape = PolicyShape()
        func items(_ range: Range<Int>) -> Set<PolicyShape.Item> {
            var items: Set<PolicyShape.Item> = []
            for entry in contents.entries[range] where contents.terms[Int(entry.terms)].includes(day) {
                switch entry.target.kind {
                case .person:
                    if contents.hasLeft(entry.target.index, by: day) { continue }
                    items.insert(.person(contents.reference(entry.target.index)))
                case .team: items.insert(.list(contents.list(entry.target.index)))
                case .symbol: break
                }
            }
            return items
        }
        for (position, team) in contents.teams.enumerated() {
            let walk = MembershipWalk(contents: contents, day: day, (team.entries, .member))
            shape.lists[contents.list(position)] = PolicyShape.List(
                items: items(team.entries), people: walk.people.count, location: contents.location(team.position))
        }
        for group in contents.groups {
            shape.groups[group.key] = [.admin: items(group.admins), .member: items(group.members)]
            let entries = contents.entries[group.admins] + contents.entries[group.members]
            let ended = entries.filter { $0.target.kind == .team && !contents.terms[Int($0.terms)].includes(day) }
            if !ended.isEmpty { shape.ended[group.key] = Set(ended.map { .list(contents.list($0.target.index)) }) }
        }
        for position in contents.people.indices {
            let person = contents.reference(position)
            if let name = person.name { shape.numbers[name] = person.phone }
            if contents.hasLeft(position, by: day) { shape.departed.formUnion(person.accounts) }
        }
        return shape
    }
}

extension PolicyIndex {
    /// Returns the team or CSV file at an index.
    func list(_ team: Int) -> PeopleList { teams[team].name.map(PeopleList.team) ?? .file(teams[team].file ?? "") }

    /// Whether the day is after the person's `until` under `people`.
    func hasLeft(_ person: Int, by day: CalendarDate) -> Bool {
        departures[person].map { !terms[Int($0)].includes(day) } ?? false
    }
}

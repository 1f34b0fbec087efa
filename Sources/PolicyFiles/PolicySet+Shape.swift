package import Core

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
    package func appliedGroup(at position: Int, on day: CalendarDate) -> AppliedGroup {
        let group = contents.groups[position]
        return AppliedGroup(people: walk(group, on: day).applied)
    }

    /// Returns what each list and group names on a day.
    package func shape(on day: CalendarDate) -> PolicyShape {
        var shape = PolicyShape()
        func items(_ range: EntryRange) -> Set<PolicyShape.Item> {
            var items: Set<PolicyShape.Item> = []
            for entry in contents.entries[range.indices] where contents.terms[Int(entry.terms)].includes(day) {
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
            var walk = MembershipWalk(contents: contents, day: day)
            walk.follow(team.entries, role: .member)
            shape.lists[contents.list(position)] = PolicyShape.List(
                items: items(team.entries), people: walk.people.count, location: contents.location(team.position))
        }
        for group in contents.groups {
            shape.groups[group.key] = [.admin: items(group.admins), .member: items(group.members)]
            let entries = contents.entries[group.admins.indices] + contents.entries[group.members.indices]
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
    func list(_ team: Int) -> PeopleList {
        teams[team].name.map(PeopleList.team) ?? .file(teams[team].file ?? "")
    }

    /// Whether the day is after the person's `until` under `people`.
    func hasLeft(_ person: Int, by day: CalendarDate) -> Bool {
        departures[person].map { !terms[Int($0)].includes(day) } ?? false
    }
}

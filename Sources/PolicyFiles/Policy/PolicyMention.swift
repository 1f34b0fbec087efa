package import Core

/// An entry that names a person for a group, with the teams that lead to it.
package struct PolicyMention: Hashable, Sendable {
    /// The lists of a group that may name a person.
    package enum GroupList: String, Hashable, Sendable {
        /// The person is wanted as an admin.
        case admin
        /// The person is wanted as a member.
        case member
        /// The person is under `keep:`, and always kept.
        case kept
    }

    /// The group.
    package let group: GroupKey
    /// The list of the group that leads to the entry.
    package let list: GroupList
    /// The teams that lead to the entry, outermost first, without CSV files.
    package let teams: [String]
    /// The entry that names the person.
    package let source: SourceLocation
    /// The first day when all entries on the way count; nil if there is no start date.
    package let from: CalendarDate?
    /// The last day when all entries on the way count; nil if there is no end date.
    package let until: CalendarDate?
    /// The innermost reason on the way; nil if there is none.
    package let reason: String?
}

extension PolicySet {
    /// The most mentions returned for one list of a group.
    package static let maxMentionsPerList = 100

    /// Returns the person with this name, number or JID; at most one matches.
    package func person(matching text: String) -> PersonReference? {
        let spelling = EntryText(text: text)
        return contents.people.indices.lazy.map { contents.reference($0) }.first { person in
            switch spelling {
            case .account(.phone(let phone)): person.phone == phone
            case .account(.lid(let lid)): person.lid == lid
            case .name(let name): person.name == name
            case .nothing, .wrong: false
            }
        }
    }

    /// Returns the entries that name a person, by group, then by list, then by place in the list.
    package func mentions(of person: PersonReference) -> [PolicyMention] {
        guard let index = contents.people.indices.first(where: { contents.reference($0) == person }) else { return [] }
        let search = MentionSearch(contents: contents, person: index)
        return contents.groups.flatMap { group in
            search.mentions(in: group.admins, of: group, as: .admin)
                + search.mentions(in: group.members, of: group, as: .member)
                + search.mentions(in: group.kept, of: group, as: .kept)
        }
    }
}

/// Searches the lists of groups for one person, only in teams that contain the person.
private struct MentionSearch {
    let contents: PolicyIndex
    let person: Int
    /// The teams that contain the person, directly or through other teams.
    let containingLists: Set<Int>

    init(contents: PolicyIndex, person: Int) {
        self.contents = contents
        self.person = person
        var parents: [Int: [Int]] = [:]
        var open: [Int] = []
        for (team, record) in contents.teams.enumerated() {
            for entry in contents.entries[record.entries] {
                switch entry.target.kind {
                case .person: if entry.target.index == person { open.append(team) }
                case .team: parents[entry.target.index, default: []].append(team)
                case .symbol: break
                }
            }
        }
        var containingLists: Set<Int> = []
        while let team = open.popLast() { if containingLists.insert(team).inserted { open += parents[team] ?? [] } }
        self.containingLists = containingLists
    }

    /// Returns each entry that the list leads to and that names the person, up to `maxMentionsPerList`.
    func mentions(
        in range: Range<Int>, of group: IndexedGroup, as list: PolicyMention.GroupList
    ) -> [PolicyMention] {
        var found: [PolicyMention] = []
        var path: [(next: Int, end: Int, team: Int?, terms: EntryTerms)] = [
            (range.lowerBound, range.upperBound, nil, .none)
        ]
        while let frame = path.last, found.count < PolicySet.maxMentionsPerList {
            guard frame.next < frame.end else {
                path.removeLast()
                continue
            }
            path[path.count - 1].next += 1
            let entry = contents.entries[frame.next]
            var terms = entry.terms == 0 ? frame.terms : frame.terms.narrowed(by: contents.terms[Int(entry.terms)])
            if entry.target == .person(person) {
                if let own = contents.departures[person] { terms = terms.narrowed(by: contents.terms[Int(own)]) }
                found.append(
                    PolicyMention(
                        group: group.key, list: list,
                        teams: path.compactMap { $0.team.flatMap { contents.teams[$0].name } },
                        source: contents.location(entry.position), from: terms.from, until: terms.until,
                        reason: terms.reason))
            } else if entry.target.kind == .team, containingLists.contains(entry.target.index) {
                let inside = contents.teams[entry.target.index].entries
                path.append((inside.lowerBound, inside.upperBound, entry.target.index, terms))
            }
        }
        return found
    }
}

extension PersonReference {
    /// Reads a number or JID; nil for a name and for anything else.
    package init?(spelling text: String) {
        switch EntryText(text: text) {
        case .account(.phone(let phone)): self.init(phone: phone, lid: nil, name: nil)
        case .account(.lid(let lid)): self.init(phone: nil, lid: lid, name: nil)
        case .name, .nothing, .wrong: return nil
        }
    }
}

package import Membership

/// One entry that brings a person into a group, and the way there.
package struct PolicyMention: Hashable, Sendable {
    /// What an entry asks for.
    package enum Standing: String, Hashable, Sendable {
        /// To be an admin.
        case admin
        /// To be a member.
        case member
        /// To be left alone.
        case kept
    }

    /// The group.
    package let group: GroupKey
    /// What the entry asks for.
    package let standing: Standing
    /// The teams on the way, the outermost first; a CSV file has no name and is left out.
    package let teams: [String]
    /// The entry that names the person.
    package let source: SourceLocation
    /// The first day on which every entry on the way counts; nil where it is open.
    package let from: CalendarDate?
    /// The last day on which every entry on the way counts; nil where it is open.
    package let until: CalendarDate?
    /// The innermost reason on the way; nil where none is given.
    package let reason: String?
}

extension PolicySet {
    /// The most ways into one list of a group that are told of.
    package static let mostMentionsPerList = 100

    /// Whom a text names: by name, number or JID; nobody, as a rule one, never two.
    package func person(matching text: String) -> PersonReference? {
        let spelling = PersonSpelling(text: text)
        return contents.people.indices.lazy.map { contents.reference($0) }.first { person in
            switch spelling {
            case .account(.phone(let phone)): person.phone == phone
            case .account(.lid(let lid)): person.lid == lid
            case .name(let name): person.name == name
            case .nothing, .wrong: false
            }
        }
    }

    /// Every entry that names a person, by group, then by list, in the order of the files.
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

/// Looks for one person in the lists of groups, entering only teams that lead to them.
private struct MentionSearch {
    let contents: PolicyIndex
    let person: Int
    /// The teams that hold the person, directly or through others.
    let holders: Set<Int>

    init(contents: PolicyIndex, person: Int) {
        self.contents = contents
        self.person = person
        var parents: [Int: [Int]] = [:]
        var open: [Int] = []
        for (team, record) in contents.teams.enumerated() {
            for entry in contents.entries[record.entries.indices] {
                switch entry.target.kind {
                case .person: if entry.target.index == person { open.append(team) }
                case .team: parents[entry.target.index, default: []].append(team)
                case .symbol: break
                }
            }
        }
        var holders: Set<Int> = []
        while let team = open.popLast() {
            if holders.insert(team).inserted { open += parents[team] ?? [] }
        }
        self.holders = holders
    }

    /// Every way from a list to the person, up to a bound: each team that is entered leads there.
    func mentions(
        in range: EntryRange, of group: GroupRecord, as standing: PolicyMention.Standing
    ) -> [PolicyMention] {
        var found: [PolicyMention] = []
        var path: [(next: Int, end: Int, team: Int?, terms: EntryTerms)] = [
            (range.indices.lowerBound, range.indices.upperBound, nil, .none)
        ]
        while let frame = path.last, found.count < PolicySet.mostMentionsPerList {
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
                        group: group.key, standing: standing,
                        teams: path.compactMap { $0.team.flatMap { contents.teams[$0].name } },
                        source: contents.location(entry.place), from: terms.from, until: terms.until,
                        reason: terms.reason))
            } else if entry.target.kind == .team, holders.contains(entry.target.index) {
                let inside = contents.teams[entry.target.index].entries.indices
                path.append((inside.lowerBound, inside.upperBound, entry.target.index, terms))
            }
        }
        return found
    }
}

extension PersonReference {
    /// Whoever has the number or JID that a text spells; nil for a name, and for anything else.
    package init?(spelling text: String) {
        switch PersonSpelling(text: text) {
        case .account(.phone(let phone)): self.init(phone: phone, lid: nil, name: nil)
        case .account(.lid(let lid)): self.init(phone: nil, lid: lid, name: nil)
        case .name, .nothing, .wrong: return nil
        }
    }
}

import Core

/// Walks the lists of a group and its teams, and records every entry that names a person.
///
/// It records only a few numbers for each entry; names and places are looked up at the end, for the results.
struct MembershipWalk {
    private let contents: PolicyIndex
    private let day: CalendarDate?
    /// The terms of entries in this walk, narrowed by those of the teams around them.
    private var terms: [EntryTerms] = [.none]
    /// Whether the day is within the terms at the same index.
    private var counts: [Bool] = [true]
    /// The entries found so far, in order; the caller walks admins before members.
    private var foundEntries: [FoundEntry] = []
    /// The entered teams, each with the index of the one around it; the first is the group's own list.
    private var ways: [(team: Int, outer: Int)] = [(-1, 0)]

    /// An entry that names a person, at any depth of teams.
    private struct FoundEntry {
        let person: UInt32
        let terms: UInt32
        let position: FilePosition
        let role: Role
        let way: UInt32
    }

    /// A list being walked, with the terms for everybody in it.
    private struct Frame {
        var next: Int
        let end: Int
        let terms: Int
        let way: Int
    }

    /// Walks lists for a day; without a day, only entries without dates count.
    init(contents: PolicyIndex, day: CalendarDate?, _ lists: (entries: Range<Int>, role: Role)...) {
        self.contents = contents
        self.day = day
        for list in lists { follow(list.entries, role: list.role) }
    }

    /// Records everybody in a list and its teams, in order.
    private mutating func follow(_ range: Range<Int>, role: Role) {
        // A team is entered at most once for today and once for other days; a second visit would find the same.
        var enteredToday: Set<Int> = []
        var enteredOtherwise: Set<Int> = []
        var stack = [Frame(next: range.lowerBound, end: range.upperBound, terms: 0, way: 0)]
        while let frame = stack.last {
            guard frame.next < frame.end else {
                stack.removeLast()
                continue
            }
            stack[stack.count - 1].next += 1
            let entry = contents.entries[frame.next]
            let terms = entry.terms == 0 ? frame.terms : narrowed(frame.terms, by: Int(entry.terms))
            let target = entry.target.index
            switch entry.target.kind {
            case .person:
                let own = contents.departures.isEmpty ? nil : contents.departures[target]
                let both = own.map { narrowed(terms, by: Int($0)) } ?? terms
                foundEntries.append(
                    FoundEntry(
                        person: UInt32(target), terms: UInt32(both), position: entry.position, role: role,
                        way: UInt32(frame.way)))
            case .team:
                if enteredToday.contains(target) { continue }
                if counts[terms] {
                    enteredToday.insert(target)
                } else if !enteredOtherwise.insert(target).inserted {
                    continue
                }
                let inside = contents.teams[target].entries
                ways.append((team: target, outer: frame.way))
                stack.append(Frame(next: inside.lowerBound, end: inside.upperBound, terms: terms, way: ways.count - 1))
            case .symbol: break  // None is left: all names are resolved.
            }
        }
    }

    /// Adds the terms of an entry narrowed by those around it; returns their index.
    private mutating func narrowed(_ outer: Int, by inner: Int) -> Int {
        let both = terms[outer].narrowed(by: contents.terms[inner])
        terms.append(both)
        counts.append(day.map(both.includes) ?? (both.from == nil && both.until == nil))
        return terms.count - 1
    }

    /// The indices of the people who count on the day.
    var people: Set<Int> { Set(foundEntries.lazy.filter { counts[Int($0.terms)] }.map { Int($0.person) }) }

    /// Everybody who counts on the day, by their first entry that counts, and everybody named only for other days, by
    /// their first entry; each by number, then by LID.
    var outcome: (members: [DesiredMember], outOfTerm: [OutOfTermMember]) {
        var members: [DesiredMember] = []
        var outOfTerm: [OutOfTermMember] = []
        members.reserveCapacity(foundEntries.count)
        // The sort is stable, so the entries of a person stay in order.
        let order = NumberSort(foundEntries.map { UInt64(contents.ranks[Int($0.person)]) }).positions
        var next = 0
        while next < order.count {
            let first = foundEntries[Int(order[next])]
            var decisive: FoundEntry?
            while next < order.count, foundEntries[Int(order[next])].person == first.person {
                let found = foundEntries[Int(order[next])]
                if decisive == nil, counts[Int(found.terms)] { decisive = found }
                next += 1
            }
            if let decisive { members.append(member(decisive, first: first)) } else { outOfTerm.append(absent(first)) }
        }
        return (members, outOfTerm)
    }

    /// Everybody who counts on the day, with the lists that lead to the entry that decides.
    var applied: [AppliedPerson] {
        var known: [Int: [PeopleList]] = [0: []]
        func lists(_ way: Int) -> [PeopleList] {
            if let lists = known[way] { return lists }
            var lists: [PeopleList] = []
            var next = way
            while next > 0 {
                lists.append(contents.list(ways[next].team))
                next = ways[next].outer
            }
            lists.reverse()
            known[way] = lists
            return lists
        }
        var people: [AppliedPerson] = []
        var seen: Set<UInt32> = []
        for found in foundEntries where counts[Int(found.terms)] && seen.insert(found.person).inserted {
            people.append(
                AppliedPerson(
                    person: contents.reference(Int(found.person)), role: found.role, way: lists(Int(found.way))))
        }
        return people
    }

    /// Returns the group as numbers and roles; nil if anybody has a LID or no number, or any entry is for other days.
    func plain(key: GroupKey, name: String?, limits: Limits) -> DesiredRoles? {
        var group = DesiredRoles(key: key, name: name, limits: limits, expecting: foundEntries.count)
        for found in foundEntries {
            let person = contents.people[Int(found.person)]
            guard counts[Int(found.terms)], person.lid == 0, let phone = PhoneNumber(digits: person.phone) else {
                return nil
            }
            group.want(phone, as: found.role)
        }
        return group
    }

    private func member(_ found: FoundEntry, first: FoundEntry) -> DesiredMember {
        DesiredMember(
            person: contents.reference(Int(found.person)), role: found.role,
            source: contents.location(found.position), reason: terms[Int(found.terms)].reason,
            firstReason: counts[Int(first.terms)] ? nil : .some(terms[Int(first.terms)].reason))
    }

    private func absent(_ found: FoundEntry) -> OutOfTermMember {
        let terms = terms[Int(found.terms)]
        return OutOfTermMember(
            person: contents.reference(Int(found.person)), role: found.role, from: terms.from, until: terms.until,
            source: contents.location(found.position))
    }
}

import Membership

/// Walks the lists of one group through its teams and meets each person, more than once where several entries name them.
///
/// While walking it keeps a few numbers for each meeting. What people read, names and places, is looked up at the end for
/// those who are left.
struct MembershipWalk {
    private let contents: PolicyIndex
    private let day: CalendarDate?
    /// The terms that entries of this walk stand under, those of the teams around them included.
    private var terms: [EntryTerms] = [.none]
    /// Whether the day lies within these terms.
    private var counts: [Bool] = [true]
    /// Everyone in the order in which they were met, admins being walked before members.
    private var meetings: [Meeting] = []
    /// The teams that were entered, each with that around it; the first stands for the group's own list.
    private var ways: [(team: Int, outer: Int)] = [(-1, 0)]

    /// One entry that names a person, inside whatever teams.
    private struct Meeting {
        let person: UInt32
        let terms: UInt32
        let place: Place
        let role: Role
        let way: UInt32
    }

    /// A list that is being walked, and what holds for everyone in it.
    private struct Frame {
        var next: Int
        let end: Int
        let terms: Int
        let way: Int
    }

    /// Begins for a day; without one, only what counts on every day counts.
    init(contents: PolicyIndex, day: CalendarDate?) {
        self.contents = contents
        self.day = day
    }

    /// Meets everyone in a list, in its order and that of the teams in it.
    mutating func follow(_ range: EntryRange, role: Role) {
        // A team is entered once for today and once for other days: what a second visit would find is known.
        var enteredToday: Set<Int> = []
        var enteredOtherwise: Set<Int> = []
        var stack = [Frame(next: range.indices.lowerBound, end: range.indices.upperBound, terms: 0, way: 0)]
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
                meetings.append(
                    Meeting(
                        person: UInt32(target), terms: UInt32(both), place: entry.place, role: role,
                        way: UInt32(frame.way)))
            case .team:
                if enteredToday.contains(target) { continue }
                if counts[terms] {
                    enteredToday.insert(target)
                } else if !enteredOtherwise.insert(target).inserted {
                    continue
                }
                let inside = contents.teams[target].entries.indices
                ways.append((team: target, outer: frame.way))
                stack.append(
                    Frame(next: inside.lowerBound, end: inside.upperBound, terms: terms, way: ways.count - 1))
            case .symbol: break  // A set of policies holds none: every name was looked up.
            }
        }
    }

    /// The terms of an entry within those of what it stands in.
    private mutating func narrowed(_ outer: Int, by inner: Int) -> Int {
        let both = terms[outer].narrowed(by: contents.terms[inner])
        terms.append(both)
        counts.append(day.map(both.includes) ?? (both.from == nil && both.until == nil))
        return terms.count - 1
    }

    /// The indices of those who count on the day.
    var people: Set<Int> { Set(meetings.lazy.filter { counts[Int($0.terms)] }.map { Int($0.person) }) }

    /// Everyone who counts on the day, by the first entry that does; and everyone who is named for other days only, by the
    /// first entry; each in the order of numbers, then LIDs.
    var outcome: (members: [DesiredMember], outOfTerm: [OutOfTermMember]) {
        var members: [DesiredMember] = []
        var outOfTerm: [OutOfTermMember] = []
        members.reserveCapacity(meetings.count)
        // The meetings of one person stay in their order.
        let order = NumberOrder(meetings.map { UInt64(contents.ranks[Int($0.person)]) }).places
        var next = 0
        while next < order.count {
            let first = meetings[Int(order[next])]
            var decisive: Meeting?
            while next < order.count, meetings[Int(order[next])].person == first.person {
                let meeting = meetings[Int(order[next])]
                if decisive == nil, counts[Int(meeting.terms)] { decisive = meeting }
                next += 1
            }
            if let decisive { members.append(member(decisive, first: first)) } else { outOfTerm.append(absent(first)) }
        }
        return (members, outOfTerm)
    }

    /// Everyone who counts on the day, with the lists by which the entry that decides has come to them.
    var applied: [AppliedGroup.Person] {
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
        var people: [AppliedGroup.Person] = []
        var seen: Set<UInt32> = []
        for meeting in meetings where counts[Int(meeting.terms)] && seen.insert(meeting.person).inserted {
            people.append(
                AppliedGroup.Person(
                    person: contents.reference(Int(meeting.person)), role: meeting.role, way: lists(Int(meeting.way))))
        }
        return people
    }

    /// Everyone who counts on the day, where all are known by number alone and nobody is named for other days only; else nil.
    func plain(key: GroupKey, name: String?, limits: Limits) -> PlainGroup? {
        var group = PlainGroup(key: key, name: name, limits: limits, atMost: meetings.count)
        for meeting in meetings {
            let person = contents.people[Int(meeting.person)]
            guard counts[Int(meeting.terms)], person.lid == 0, let phone = PhoneNumber(digits: person.phone) else {
                return nil
            }
            group.want(phone, as: meeting.role)
        }
        return group
    }

    private func member(_ meeting: Meeting, first: Meeting) -> DesiredMember {
        DesiredMember(
            person: contents.reference(Int(meeting.person)), role: meeting.role,
            source: contents.location(meeting.place), reason: terms[Int(meeting.terms)].reason,
            firstReason: counts[Int(first.terms)] ? nil : .some(terms[Int(first.terms)].reason))
    }

    private func absent(_ meeting: Meeting) -> OutOfTermMember {
        let terms = terms[Int(meeting.terms)]
        return OutOfTermMember(
            person: contents.reference(Int(meeting.person)), role: meeting.role, from: terms.from, until: terms.until,
            source: contents.location(meeting.place))
    }
}

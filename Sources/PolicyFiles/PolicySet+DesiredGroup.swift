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
        var keepWalk = MembershipWalk(contents: contents, day: day)
        keepWalk.follow(group.kept, role: .member)
        return DesiredGroup(
            key: group.key, name: group.name, source: contents.location(group.place), mode: group.mode,
            rejoin: group.rejoin, limits: group.limits, mayBeEmpty: group.mayBeEmpty, members: walk.members,
            kept: keepWalk.members.map(\.person), outOfTerm: walk.outOfTerm)
    }
}

/// Walks the lists of one group through its teams and meets each person once.
struct MembershipWalk {
    private let contents: PolicyIndex
    private let day: CalendarDate?
    /// By person: the first entry that counts on the day, admins being walked before members.
    private var active: [Int: DesiredMember] = [:]
    /// By person: the first entry that does not count on the day.
    private var inactive: [Int: OutOfTermMember] = [:]
    /// By person: the reason of that entry, where it comes before any that counts.
    private var earlierReasons: [Int: String?] = [:]

    /// A list that is being walked, and what holds for everyone in it.
    private struct Frame {
        var next: Int
        let end: Int
        let terms: EntryTerms
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
        var stack = [Frame(next: range.indices.lowerBound, end: range.indices.upperBound, terms: .none)]
        while let frame = stack.last {
            guard frame.next < frame.end else {
                stack.removeLast()
                continue
            }
            stack[stack.count - 1].next += 1
            let entry = contents.entries[frame.next]
            let terms =
                entry.terms == 0 ? frame.terms : frame.terms.narrowed(by: contents.terms[Int(entry.terms)])
            let counts = day.map(terms.includes) ?? (terms.from == nil && terms.until == nil)
            let target = entry.target.index
            switch entry.target.kind {
            case .person: meet(target, role: role, place: entry.place, terms: terms, counts: counts)
            case .team:
                if enteredToday.contains(target) { continue }
                if counts {
                    enteredToday.insert(target)
                } else if !enteredOtherwise.insert(target).inserted {
                    continue
                }
                let inside = contents.teams[target].entries.indices
                stack.append(Frame(next: inside.lowerBound, end: inside.upperBound, terms: terms))
            case .symbol: break  // A set of policies holds none: every name was looked up.
            }
        }
    }

    private mutating func meet(_ person: Int, role: Role, place: Place, terms: EntryTerms, counts: Bool) {
        if active[person] != nil { return }
        if counts {
            active[person] = DesiredMember(
                person: contents.reference(person), role: role, source: contents.location(place), reason: terms.reason,
                firstReason: earlierReasons[person])
        } else if inactive[person] == nil {
            earlierReasons[person] = .some(terms.reason)
            inactive[person] = OutOfTermMember(
                person: contents.reference(person), role: role, from: terms.from, until: terms.until,
                source: contents.location(place))
        }
    }

    /// The indices of those who count on the day.
    var people: Set<Int> { Set(active.keys) }

    /// Everyone who counts on the day, in the order of numbers, then LIDs.
    var members: [DesiredMember] { active.values.sorted { Self.precedes($0.person, $1.person) } }

    /// Everyone who is named for other days only, in the same order.
    var outOfTerm: [OutOfTermMember] {
        inactive.filter { active[$0.key] == nil }.values.sorted { Self.precedes($0.person, $1.person) }
    }

    private static func precedes(_ left: PersonReference, _ right: PersonReference) -> Bool {
        switch (left.phone, right.phone) {
        case (.some(let left), .some(let right)): left < right
        case (.some, nil): true
        case (nil, .some): false
        case (nil, nil): (left.lid?.digits ?? 0) < (right.lid?.digits ?? 0)
        }
    }
}

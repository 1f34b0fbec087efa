package import Core

/// What the last applied run wanted, and what the policy names now; the difference shows what many removals have in
/// common.
package struct PolicyChange: Sendable {
    /// The people that the last applied run of each group wanted; empty for groups never applied.
    package var before: [GroupKey: [AppliedPerson]] = [:]
    /// The people that each list names now.
    package var now = PolicyShape()

    /// The names that the policy gives or gave to accounts; today's names win.
    var names: [AccountID: String] {
        var names: [AccountID: String] = [:]
        for group in before.values {
            for entry in group {
                guard let name = entry.person.name else { continue }
                for account in entry.person.accounts { names[account] = name }
            }
        }
        for (name, number) in now.numbers { names[.phone(number)] = name }
        return names
    }
}

/// A team, file or person that causes more removals and demotions than one change should.
package struct CommonCause: Hashable, Sendable {
    /// The kind of cause.
    package enum Kind: Hashable, Sendable {
        /// A list lost people: how many it named, and how many it names now.
        case lostPeople(PeopleList, at: SourceLocation, before: Int, now: Int)
        /// A list is gone that groups named.
        case listGone(PeopleList)
        /// Some of the groups that named a list no longer name it.
        case dropped(PeopleList, groups: Int, of: Int)
        /// The dates of the entries for a list exclude today in some of the groups that name it.
        case ended(PeopleList, groups: Int, of: Int)
        /// One person would be removed or demoted in more groups than allowed; with their name, if known.
        case person(AccountID, name: String?, groups: Int, allowed: Int)
        /// A person's number changed, and this would remove or demote them in more groups than allowed.
        case newNumber(name: String, groups: Int, allowed: Int)
        /// A name has a number that belonged to somebody else.
        case numberOfAnother(name: String)
    }

    /// What it is.
    package var kind: Kind
    /// How many removals and demotions it causes.
    package var planned: Int
    /// Whether it would remove the last admin besides the session's own account; --accept-removals never allows that.
    package var takesLastAdmins = false
}

/// Finds what many removals and demotions of a run have in common, and blocks all of them.
struct CommonCauses {
    private let change: PolicyChange
    private let limits: Limits
    private var losses: [CountedRemoval] = []

    /// With this many removals or fewer, a large share of a small list does not count.
    private static let fewest = 3

    /// One removal or demotion, planned or blocked to keep enough admins.
    private struct CountedRemoval {
        let draft: Int
        let identity: AccountID
        let group: GroupKey
        let cause: Cause?
        /// Whether the last applied run wanted the person there; true if that is not known.
        let wasWanted: Bool
        /// Whether it is blocked anyway, to keep enough admins.
        let isForAdmins: Bool
    }

    /// The cause of one loss.
    private enum Cause: Hashable {
        case list(PeopleList)
        case dropped(PeopleList)
        case ended(PeopleList)
        case number(String)
    }

    /// Blocks the removals and demotions of a change of the policy that causes too many.
    static func withhold(in drafts: inout [GroupDraft], by change: PolicyChange, limits: Limits) {
        var causes = CommonCauses(change: change, limits: limits)
        causes.gather(drafts)
        let found = causes.found()
        for (index, whole) in found {
            for (identity, cause) in whole { drafts[index].withhold(identity, .common(cause)) }
        }
    }

    private init(change: PolicyChange, limits: Limits) {
        self.change = change
        self.limits = limits
    }

    private mutating func gather(_ drafts: [GroupDraft]) {
        var entries: [GroupKey: [AccountID: AppliedPerson]] = [:]
        for (index, draft) in drafts.enumerated() {
            let key = draft.plan.key
            for (identity, lid, isForAdmins) in draft.losses {
                if change.now.departed.contains(identity) || lid.map({ change.now.departed.contains(.lid($0)) }) == true
                {
                    continue
                }
                if entries[key] == nil { entries[key] = change.before[key]?.byAccount ?? [:] }
                let known = entries[key] ?? [:]
                let entry = known[identity] ?? lid.flatMap { known[.lid($0)] }
                let behind = entry.flatMap { self.cause(of: $0, in: key) }
                losses.append(
                    CountedRemoval(
                        draft: index, identity: identity, group: key, cause: behind,
                        wasWanted: entry != nil || change.before[key] == nil, isForAdmins: isForAdmins))
            }
        }
    }

    /// Returns where the path from the group to the person breaks; nil if the group itself named the person.
    private func cause(of entry: AppliedPerson, in group: GroupKey) -> Cause? {
        let person: PolicyShape.Item = .person(entry.person)
        guard let named = change.now.groups[group] else { return nil }
        if let name = entry.person.name, let number = change.now.numbers[name], let before = entry.person.phone,
            number != before
        {
            return .number(name)
        }
        var items = named[entry.role] ?? []
        for (position, list) in entry.way.enumerated() {
            guard items.contains(.list(list)) else {
                if position > 0 { return .list(entry.way[position - 1]) }
                return change.now.ended[group]?.contains(.list(list)) == true ? .ended(list) : .dropped(list)
            }
            guard let contents = change.now.lists[list] else { return .list(list) }
            items = contents.items
        }
        guard let last = entry.way.last, !items.contains(person) else { return nil }
        return .list(last)
    }

    /// Returns the accounts to block in each draft, with the cause.
    private func found() -> [Int: [AccountID: CommonCause]] {
        var found: [Int: [AccountID: CommonCause]] = [:]
        func note(_ some: [CountedRemoval], _ kind: CommonCause.Kind) {
            let cause = CommonCause(kind: kind, planned: some.count, takesLastAdmins: some.contains { $0.isForAdmins })
            for loss in some where found[loss.draft]?[loss.identity] == nil {
                found[loss.draft, default: [:]][loss.identity] = cause
            }
        }
        var byCause: [Cause: [CountedRemoval]] = [:]
        for loss in losses { if let cause = loss.cause { byCause[cause, default: []].append(loss) } }
        for (cause, some) in byCause {
            switch cause {
            case .list(let list): if let kind = judge(list, some) { note(some, kind) }
            case .dropped(let list):
                if let (groups, all) = judgeDropped(list, some) { note(some, .dropped(list, groups: groups, of: all)) }
            case .ended(let list):
                if let (groups, all) = judgeDropped(list, some) { note(some, .ended(list, groups: groups, of: all)) }
            case .number(let name):
                let groups = Set(some.map(\.group)).count
                if isOfAnother(name) {
                    note(some, .numberOfAnother(name: name))
                } else if groups > limits.removalsPerPerson {
                    note(some, .newNumber(name: name, groups: groups, allowed: limits.removalsPerPerson))
                }
            }
        }
        // A person that the last applied policy did not want either is not lost by this change.
        let names = change.names
        for (identity, some) in Dictionary(grouping: losses.filter(\.wasWanted), by: \.identity) {
            let groups = Set(some.map(\.group)).count
            if groups > limits.removalsPerPerson {
                note(some, .person(identity, name: names[identity], groups: groups, allowed: limits.removalsPerPerson))
            }
        }
        return found
    }

    /// Returns the kind if a list lost more people than one change should remove; else nil.
    private func judge(_ list: PeopleList, _ losses: [CountedRemoval]) -> CommonCause.Kind? {
        let lost = Set(losses.map(\.identity)).count
        var named: Set<PolicyShape.Item> = []
        for group in change.before.values {
            for entry in group where entry.way.contains(list) { named.insert(.person(entry.person)) }
        }
        let isMany = lost > limits.removalsPerSource
        let isLargeShare = lost * 4 > named.count && losses.count > Self.fewest
        guard lost > 1, isMany || isLargeShare else { return nil }
        guard let now = change.now.lists[list] else { return .listGone(list) }
        return .lostPeople(list, at: now.location, before: named.count, now: now.people)
    }

    /// Returns the counts if more groups stopped naming a list than one change should cause; else nil.
    private func judgeDropped(_ list: PeopleList, _ losses: [CountedRemoval]) -> (groups: Int, of: Int)? {
        let groups = Set(losses.map(\.group)).count
        let before = change.before.values.count { $0.contains { $0.way.first == list } }
        guard groups > Self.fewest, groups * 4 > before else { return nil }
        return (groups, before)
    }

    /// Whether the number that a name has now belonged to somebody else at the last applied run.
    private func isOfAnother(_ name: String) -> Bool {
        guard let number = change.now.numbers[name] else { return false }
        return change.before.values.contains { group in
            group.contains { $0.person.phone == number && $0.person.name != name }
        }
    }
}

extension [AppliedPerson] {
    /// Returns what later runs compare the next policy with, after a run that blocked some removals.
    ///
    /// While a change of the policy is blocked, the state before it counts; else the next run would accept the blocked
    /// change as normal. Other blocked people stay in the list of wanted people.
    ///
    /// In an additive group, everybody who was wanted before is still there, so a later exact mode must see them as
    /// lost.
    package func remembered(after before: [AppliedPerson]?, by plan: GroupPlan, isAdditive: Bool) -> [AppliedPerson] {
        guard let before else { return self }
        let now = byAccount
        var result = self
        if isAdditive {
            result += before.filter { entry in entry.person.accounts.contains { now[$0] == nil } }
            return result
        }
        if plan.holds.contains(where: \.reason.isOfCommonCause) { return before }
        let known = before.byAccount
        for hold in plan.holds where hold.isWithheld {
            guard let account = hold.identity, let person = known[account], now[account] == nil else { continue }
            result.append(person)
        }
        return result
    }

    /// All people by every account that the policy gave.
    var byAccount: [AccountID: AppliedPerson] {
        var all: [AccountID: AppliedPerson] = [:]
        for person in self { for account in person.person.accounts { all[account] = person } }
        return all
    }
}

extension GroupDraft {
    /// The people who lose something, or would if enough admins were left.
    fileprivate var losses: [(identity: AccountID, lid: LID?, isForAdmins: Bool)] {
        let planned = (demotions + removals).map { (identity: $0.identity, lid: $0.lid, isForAdmins: false) }
        let held = plan.holds.filter(\.reason.isForAdmins).compactMap { hold in
            hold.identity.map { (identity: $0, lid: hold.lid, isForAdmins: true) }
        }
        return planned + held
    }

    /// Blocks the removal or demotion of one account.
    fileprivate mutating func withhold(_ identity: AccountID, _ cause: WithheldCause) {
        for action in demotions + removals where action.identity == identity {
            hold(action, .withheld(action.operation, cause))
        }
        demotions.removeAll { $0.identity == identity }
        removals.removeAll { $0.identity == identity }
        for index in plan.holds.indices {
            let hold = plan.holds[index]
            guard hold.identity == identity, hold.reason.isForAdmins, case .withheld(let operation, _) = hold.reason
            else { continue }
            plan.holds[index].reason = .withheld(operation, cause)
        }
    }
}

extension HoldReason {
    /// Whether one change of the policy causes too many removals and demotions.
    fileprivate var isOfCommonCause: Bool {
        if case .withheld(_, .common) = self { true } else { false }
    }

    /// Whether somebody stays an admin so that enough are left.
    fileprivate var isForAdmins: Bool {
        switch self {
        case .withheld(_, .minAdmins), .withheld(_, .minOtherAdmins): true
        default: false
        }
    }
}

extension CommonCause {
    /// What the removals and demotions have in common, and what to do.
    package var explanation: Explanation {
        switch kind {
        case .lostPeople(let list, let position, let before, let now):
            let after =
                now == 0 ? "now names nobody" : now == before ? "now names \(now) other people" : "now names \(now)"
            return Explanation(
                "\(changes) come\(planned == 1 ? "s" : "") from \(list.words) (\(position)), which named "
                    + "\(people(before)) at the last applied run and \(after)",
                "check that change and its dates\(way)")
        case .listGone(let list):
            return Explanation(
                "\(changes) come\(planned == 1 ? "s" : "") from \(list.words), which the policy no longer has",
                "check that change\(way)")
        case .dropped(let list, let groups, let all):
            return Explanation(
                "\(changes) come\(planned == 1 ? "s" : "") from \(list.words), which \(groups) of \(all) groups no "
                    + "longer name",
                "check for a misspelt name\(way)")
        case .ended(let list, let groups, let all):
            return Explanation(
                "\(changes) come\(planned == 1 ? "s" : "") from the entries for \(list.words) in \(groups) of \(all) "
                    + "groups, whose dates exclude today",
                "check the dates\(way)")
        case .person(_, let name, let groups, let allowed):
            return
                Explanation(
                    "\(name ?? "one person") would be removed or demoted in \(groups) groups, and one run may change "
                        + "\(allowed) (`limits.removals_per_person`)",
                    "if they have left, write `until:` next to their number under `people:`\(way)")
        case .newNumber(let name, let groups, let allowed):
            return
                Explanation(
                    "the policy gives \(name) a new number since the last applied run. This changes \(groups) groups, "
                        + "and one run may change \(allowed) (`limits.removals_per_person`)",
                    "check the number\(way)")
        case .numberOfAnother(let name):
            return
                Explanation(
                    "the policy now gives \(name) a number that belonged to another person at the last applied run",
                    "correct the number under `people:`\(way)")
        }
    }

    /// The end of the remedy: how to allow the changes.
    private var way: String {
        takesLastAdmins
            ? ", and name another admin in each group whose only admin would be the session's own account"
            : ", then accept it with --accept-removals"
    }

    private var changes: String {
        planned == 1 ? "1 removal or demotion" : "all \(planned) of these removals and demotions"
    }

    private func people(_ count: Int) -> String { count == 1 ? "1 person" : "\(count) people" }
}

extension PeopleList {
    /// The list's name in a sentence: "team leaders", or the path.
    package var words: String {
        switch self {
        case .team(let name): "team \(name)"
        case .file(let path): path
        }
    }
}

package import Membership

/// What the last applied run wanted, and what the policy names now: by the two it is seen what many removals have in common.
package struct PolicyChange: Sendable {
    /// Whom the last run that applied each group wanted there; nothing of groups that none has applied.
    package var before: [GroupKey: AppliedGroup]
    /// Which lists name whom now.
    package var now: PolicyShape

    /// The names that the policy gives or gave to accounts; those of today win.
    var names: [AccountID: String] {
        var names: [AccountID: String] = [:]
        for group in before.values {
            for entry in group.people {
                guard let name = entry.person.name else { continue }
                for account in entry.person.accounts { names[account] = name }
            }
        }
        for (name, number) in now.numbers { names[.phone(number)] = name }
        return names
    }

    /// Describes a change; of nothing by default.
    package init(before: [GroupKey: AppliedGroup] = [:], now: PolicyShape = PolicyShape()) {
        self.before = before
        self.now = now
    }
}

/// A team, file or person by which more is taken away than one change should.
package struct CommonCause: Hashable, Sendable {
    /// What it is.
    package enum Kind: Hashable, Sendable {
        /// A list has lost people: how many it named, and how many it names now.
        case lostPeople(PeopleList, at: SourceLocation, before: Int, now: Int)
        /// A list is gone that groups named.
        case listGone(PeopleList)
        /// Groups no longer name a list, so many of those that did.
        case dropped(PeopleList, groups: Int, of: Int)
        /// Entries for a list no longer count today in so many groups of those that named it.
        case ended(PeopleList, groups: Int, of: Int)
        /// One person would lose something in so many groups, more than are allowed; with their name, where one is known.
        case person(AccountID, name: String?, groups: Int, allowed: Int)
        /// A person's number has changed, by which they would lose something in so many groups, more than are allowed.
        case newNumber(name: String, groups: Int, allowed: Int)
        /// A name has the number that somebody else had.
        case numberOfAnother(name: String)
    }

    /// What it is.
    package var kind: Kind
    /// How many removals and demotions come of it.
    package var planned: Int
    /// Whether some of them would take the last admin besides the session's own account, which no acceptance allows.
    package var takesLastAdmins = false
}

/// Finds what many removals and demotions of a run have in common, and holds these back whole.
struct CommonCauses {
    private let change: PolicyChange
    private let limits: Limits
    private var losses: [Loss] = []

    /// Below so many removals, a share of a small list says nothing.
    private static let fewest = 3

    /// One removal or demotion, planned or held back for the sake of the admins.
    private struct Loss {
        let draft: Int
        let who: AccountID
        let group: GroupKey
        let cause: Cause?
        /// Whether the policy of the last applied run wanted the person there, or is not known.
        let wasWanted: Bool
        /// Whether it is held back for the sake of the admins anyway.
        let isForAdmins: Bool
    }

    /// What is behind one loss.
    private enum Cause: Hashable {
        case list(PeopleList)
        case dropped(PeopleList)
        case ended(PeopleList)
        case number(String)
    }

    /// Withholds in some drafts what comes of one change that takes away more than a change should.
    static func withhold(in drafts: inout [GroupDraft], by change: PolicyChange, limits: Limits) {
        var causes = CommonCauses(change: change, limits: limits)
        causes.gather(drafts)
        let found = causes.found()
        for (index, whole) in found {
            for (who, cause) in whole { drafts[index].withhold(who, .common(cause)) }
        }
    }

    private init(change: PolicyChange, limits: Limits) {
        self.change = change
        self.limits = limits
    }

    private mutating func gather(_ drafts: [GroupDraft]) {
        var entries: [GroupKey: [AccountID: AppliedGroup.Person]] = [:]
        for (index, draft) in drafts.enumerated() {
            let key = draft.plan.key
            for (who, lid, isForAdmins) in draft.losses {
                if change.now.departed.contains(who) || lid.map({ change.now.departed.contains(.lid($0)) }) == true {
                    continue
                }
                if entries[key] == nil { entries[key] = change.before[key]?.byAccount ?? [:] }
                let known = entries[key] ?? [:]
                let entry = known[who] ?? lid.flatMap { known[.lid($0)] }
                let behind = entry.flatMap { self.cause(of: $0, in: key) }
                losses.append(
                    Loss(
                        draft: index, who: who, group: key, cause: behind,
                        wasWanted: entry != nil || change.before[key] == nil, isForAdmins: isForAdmins))
            }
        }
    }

    /// Where the way from the group to the person is broken; nil where the group itself named the person.
    private func cause(of entry: AppliedGroup.Person, in group: GroupKey) -> Cause? {
        let person: PolicyShape.Item = .person(entry.person)
        guard let named = change.now.groups[group] else { return nil }
        if let name = entry.person.name, let number = change.now.numbers[name], let before = entry.person.phone,
            number != before
        {
            return .number(name)
        }
        var items = named[entry.role] ?? []
        for (place, list) in entry.way.enumerated() {
            guard items.contains(.list(list)) else {
                if place > 0 { return .list(entry.way[place - 1]) }
                return change.now.ended[group]?.contains(.list(list)) == true ? .ended(list) : .dropped(list)
            }
            guard let contents = change.now.lists[list] else { return .list(list) }
            items = contents.items
        }
        guard let last = entry.way.last, !items.contains(person) else { return nil }
        return .list(last)
    }

    /// Whom to withhold in each draft, and why.
    private func found() -> [Int: [AccountID: CommonCause]] {
        var found: [Int: [AccountID: CommonCause]] = [:]
        func note(_ some: [Loss], _ kind: CommonCause.Kind) {
            let cause = CommonCause(
                kind: kind, planned: some.count, takesLastAdmins: some.contains { $0.isForAdmins })
            for loss in some where found[loss.draft]?[loss.who] == nil {
                found[loss.draft, default: [:]][loss.who] = cause
            }
        }
        var byCause: [Cause: [Loss]] = [:]
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
        // Whom the policy of the last applied run did not want either is no loss of this change.
        let names = change.names
        for (who, some) in Dictionary(grouping: losses.filter(\.wasWanted), by: \.who) {
            let groups = Set(some.map(\.group)).count
            if groups > limits.removalsPerPerson {
                note(some, .person(who, name: names[who], groups: groups, allowed: limits.removalsPerPerson))
            }
        }
        return found
    }

    /// Whether a list has lost more people than a change should cost it.
    private func judge(_ list: PeopleList, _ losses: [Loss]) -> CommonCause.Kind? {
        let lost = Set(losses.map(\.who)).count
        var named: Set<PolicyShape.Item> = []
        for group in change.before.values {
            for entry in group.people where entry.way.contains(list) { named.insert(.person(entry.person)) }
        }
        let isMany = lost > limits.removalsPerSource
        let isLargeShare = lost * 4 > named.count && losses.count > Self.fewest
        guard lost > 1, isMany || isLargeShare else { return nil }
        guard let now = change.now.lists[list] else { return .listGone(list) }
        return .lostPeople(list, at: now.location, before: named.count, now: now.people)
    }

    /// Whether more groups have stopped naming a list than a change should make.
    private func judgeDropped(_ list: PeopleList, _ losses: [Loss]) -> (groups: Int, of: Int)? {
        let groups = Set(losses.map(\.group)).count
        let before = change.before.values.count { $0.people.contains { $0.way.first == list } }
        guard groups > Self.fewest, groups * 4 > before else { return nil }
        return (groups, before)
    }

    /// Whether the number that a name has now was somebody else's at the last applied run.
    private func isOfAnother(_ name: String) -> Bool {
        guard let number = change.now.numbers[name] else { return false }
        return change.before.values.contains { group in
            group.people.contains { $0.person.phone == number && $0.person.name != name }
        }
    }
}

extension AppliedGroup {
    /// What later runs are to hold the next policy against, after a run by a plan in which some removals were withheld.
    ///
    /// As long as a change of the policy is blocked, the one before it counts: else the next night would take the blocked one for the
    /// rule. Whoever stays for another reason stays among those who were wanted.
    ///
    /// In an additive group whoever was wanted before is still there: an exact mode that comes later has to tell their loss.
    package func remembered(after before: AppliedGroup?, by plan: GroupPlan, isAdditive: Bool) -> AppliedGroup {
        guard let before else { return self }
        let now = byAccount
        var result = self
        if isAdditive {
            result.people += before.people.filter { entry in entry.person.accounts.contains { now[$0] == nil } }
            return result
        }
        if plan.holds.contains(where: \.reason.isOfCommonCause) { return before }
        let known = before.byAccount
        for hold in plan.holds where hold.isWithheld {
            guard let account = hold.who, let person = known[account], now[account] == nil else { continue }
            result.people.append(person)
        }
        return result
    }

    /// Everybody by every account that the policy gave.
    var byAccount: [AccountID: Person] {
        var all: [AccountID: Person] = [:]
        for person in people {
            for account in person.person.accounts { all[account] = person }
        }
        return all
    }
}

extension GroupDraft {
    /// Whoever is to lose something, or would if that left enough admins.
    fileprivate var losses: [(who: AccountID, lid: LID?, isForAdmins: Bool)] {
        let planned = (demotions + removals).map { (who: $0.who, lid: $0.lid, isForAdmins: false) }
        let held = plan.holds.filter(\.reason.isForAdmins).compactMap { hold in
            hold.who.map { (who: $0, lid: hold.lid, isForAdmins: true) }
        }
        return planned + held
    }

    /// Holds back what somebody is to lose.
    fileprivate mutating func withhold(_ who: AccountID, _ cause: WithheldCause) {
        for action in demotions + removals where action.who == who { hold(action, .withheld(action.operation, cause)) }
        demotions.removeAll { $0.who == who }
        removals.removeAll { $0.who == who }
        for index in plan.holds.indices {
            let hold = plan.holds[index]
            guard hold.who == who, hold.reason.isForAdmins, case .withheld(let operation, _) = hold.reason
            else { continue }
            plan.holds[index].reason = .withheld(operation, cause)
        }
    }
}

extension HoldReason {
    /// Whether one change of the policy takes away more than a change should.
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

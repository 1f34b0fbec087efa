package import Membership

/// The heart of the program: policy and roster in, plan out, nothing else.
///
/// It is total and deterministic: the same state gives the same plan, whatever order the gateway listed it in.
package enum Planner {
    /// Compares one group with its policy, before the limits are applied.
    package static func draft(
        _ desired: DesiredGroup, _ seen: GroupObservation, memory: GroupMemory = GroupMemory(), rules: PlanningRules
    ) -> GroupDraft {
        var comparison = Comparison(desired, seen, memory, rules)
        return comparison.draft()
    }

    /// The draft of a group that could not be read.
    package static func draft(_ desired: DesiredGroup, fault: GroupFault) -> GroupDraft {
        GroupDraft(plan: GroupPlan(key: desired.key, name: desired.name, limits: desired.limits, fault: fault))
    }

    /// Applies the limits of a run to its drafts and puts each group's actions in order.
    ///
    /// `acceptedRemovals` lifts the limits on removals and demotions if exactly so many are planned in all; `change` tells what many of
    /// them have in common;
    /// `budgets` say how many adds each session may still send today, where that is bounded, and who has waited longest.
    package static func plan(
        _ drafts: [GroupDraft], policyDigest: String, limits: Limits, acceptedRemovals: Int? = nil,
        change: PolicyChange = PolicyChange(), budgets: [SessionKey: AddBudget] = [:]
    ) -> Plan {
        var drafts = drafts
        for (index, other) in exchanged(drafts) { drafts[index].withholdEverything(.nameOfAnother(other)) }
        let total = drafts.reduce(0) { $0 + $1.takenAway }
        if acceptedRemovals == nil || acceptedRemovals != total {
            CommonCauses.withhold(in: &drafts, by: change, limits: limits)
            for index in drafts.indices { drafts[index].withholdOverGroupLimit() }
            let remaining = drafts.reduce(0) { $0 + $1.takenAway }
            let allowed = limits.removalsAllowed(inRunOver: drafts.reduce(0) { $0 + ($1.plan.size ?? 0) })
            if remaining > allowed {
                let cause = WithheldCause.runLimit(planned: remaining, allowed: allowed)
                for index in drafts.indices { drafts[index].withholdAll(cause) }
            }
        }
        deferAdds(of: &drafts, beyond: budgets)
        let names = change.names
        return Plan(policyDigest: policyDigest, groups: drafts.map { $0.sequenced().named(by: names) })
    }

    /// The drafts of groups to which WhatsApp gives the name that the policy gives to another one, with that name: the ids may have been
    /// exchanged.
    private static func exchanged(_ drafts: [GroupDraft]) -> [Int: String] {
        let names = Set(drafts.compactMap { $0.plan.fault == nil ? $0.plan.name : nil })
        var found: [Int: String] = [:]
        for (index, draft) in drafts.enumerated() {
            for case .nameDiffers(_, let subject) in draft.plan.warnings where names.contains(subject) {
                found[index] = subject
            }
        }
        return found
    }

    /// Puts off the adds that the sessions' budgets do not cover: whoever has waited longest goes first, then the order
    /// of groups and numbers decides.
    private static func deferAdds(of drafts: inout [GroupDraft], beyond budgets: [SessionKey: AddBudget]) {
        for (key, budget) in budgets {
            let ordered = budget.queue(drafts.enumerated().filter { $0.element.plan.key.sessionKey == key })
            var deferred: [Int: Set<PhoneNumber>] = [:]
            for entry in ordered.dropFirst(budget.left) {
                deferred[entry.index, default: []].insert(entry.phone)
            }
            for (index, phones) in deferred { drafts[index].putOff(phones, .deferred(budget: budget.perDay)) }
        }
    }
}

/// The adds that a session may send over a rolling 24 hours.
package struct AddBudget: Hashable, Sendable {
    /// All of them.
    package var perDay: Int
    /// Those that are left.
    package var left: Int
    /// Who has been put off before, and since when.
    package var waiting: [GroupID: [PhoneNumber: Timestamp]]

    /// Takes the whole budget, how much of it has been used, and who has been put off before.
    package init(perDay: Int, used: Int, waiting: [GroupID: [PhoneNumber: Timestamp]] = [:]) {
        self.perDay = perDay
        left = max(0, perDay - used)
        self.waiting = waiting
    }

    /// The adds of some drafts, given with their places, in the order in which the budget is spent on them: whoever has
    /// waited longest goes first, then the order of groups and numbers decides.
    func queue(_ drafts: some Sequence<(offset: Int, element: GroupDraft)>) -> [(index: Int, phone: PhoneNumber)] {
        let adds = drafts.flatMap { index, draft in
            draft.adds.map { add in
                let phone = add.phone
                return (
                    index: index, phone: phone,
                    since: phone.flatMap { waiting[draft.plan.key.group]?[$0]?.milliseconds }
                )
            }
        }
        return adds.enumerated().sorted { left, right in
            let (one, other) = (left.element.since, right.element.since)
            return one == other ? left.offset < right.offset : (one ?? .max) < (other ?? .max)
        }.compactMap { entry in entry.element.phone.map { (index: entry.element.index, phone: $0) } }
    }
}

extension GroupDraft {
    /// Turns the adds of some people into holds, and drops the promotions that hang on them.
    mutating func putOff(_ phones: Set<PhoneNumber>, _ reason: HoldReason) {
        func isPutOff(_ action: PlannedAction) -> Bool { action.phone.map(phones.contains) ?? false }
        for action in adds where isPutOff(action) { hold(action, reason) }
        adds.removeAll(where: isPutOff)
        promotionsOfAdded.removeAll(where: isPutOff)
    }

    /// Holds back what the group's own limit does not allow: all of it, since a limit that is hit means a mistake.
    mutating func withholdOverGroupLimit() {
        let allowed = plan.limits.removalsAllowed(inGroupOf: plan.size ?? 0)
        if takenAway > allowed { withholdAll(.groupLimit(planned: takenAway, allowed: allowed)) }
    }

    /// The group's plan with its actions in the order in which they are safe.
    ///
    /// Add, promote, demote, remove; but where the adds would not fit, the removals that free the places come first,
    /// after the promotions of those who are there.
    func sequenced() -> GroupPlan {
        var draft = self
        // Less than none where the group is larger than it may be: room is only what brings it below that.
        let free = plan.limits.groupSize - (plan.size ?? 0)
        let leaving = min(adds.isEmpty ? 0 : max(0, adds.count - free), draft.removals.count)
        let places = max(0, free + leaving)
        let freeing = draft.removals.prefix(places > 0 ? leaving : 0)
        draft.removals.removeFirst(freeing.count)

        if draft.adds.count > places {
            let left = draft.adds[places...]
            for action in left { draft.hold(action, .groupFull(size: plan.limits.groupSize)) }
            let leftOut = Set(left.map(\.who))
            draft.adds.removeLast(draft.adds.count - places)
            draft.promotionsOfAdded.removeAll { leftOut.contains($0.who) }
        }

        var result = draft.plan
        if freeing.isEmpty {
            let promotions = (draft.promotions + draft.promotionsOfAdded).sorted { $0.who < $1.who }
            result.actions = draft.adds + promotions + draft.demotions + draft.removals
        } else {
            result.actions =
                draft.promotions + freeing + draft.adds + draft.promotionsOfAdded + draft.demotions + draft.removals
        }
        result.holds = draft.plan.holds.sorted(by: Hold.listedBefore)
        return result
    }
}

package import Core

/// Turns a policy and a roster into a plan, and does nothing else.
///
/// It is total and deterministic: the same state gives the same plan, in whatever order the gateway lists it.
package enum Planner {
    /// Compares one group with its policy, before the limits are applied.
    package static func draft(
        _ desired: DesiredGroup, _ seen: GroupObservation, memory: GroupMemory = GroupMemory(), rules: PlanningRules
    ) -> GroupDraft {
        var comparison = Comparison(desired, seen, memory, rules)
        return comparison.draft()
    }

    /// Returns the draft of a group that could not be read.
    package static func draft(_ desired: DesiredGroup, fault: GroupFault) -> GroupDraft {
        GroupDraft(plan: GroupPlan(key: desired.key, name: desired.name, limits: desired.limits, fault: fault))
    }

    /// Applies the limits of a run to its drafts and puts each group's actions in order.
    ///
    /// `acceptedRemovals` lifts the limits if it equals the total of removals and demotions. `change` shows what many
    /// of them have in common. `budgets` are the adds that each session may still send today, if limited, and who has
    /// waited longest.
    package static func plan(
        _ drafts: [GroupDraft], policyDigest: String, limits: Limits, acceptedRemovals: Int? = nil,
        change: PolicyChange = PolicyChange(), budgets: [SessionKey: AddBudget] = [:]
    ) -> Plan {
        var drafts = drafts
        for (index, other) in exchanged(drafts) { drafts[index].withholdEverything(.nameOfAnother(other)) }
        let total = drafts.reduce(0) { $0 + $1.removalCount }
        if acceptedRemovals == nil || acceptedRemovals != total {
            CommonCauses.withhold(in: &drafts, by: change, limits: limits)
            for index in drafts.indices { drafts[index].withholdOverGroupLimit() }
            let remaining = drafts.reduce(0) { $0 + $1.removalCount }
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

    /// Returns the drafts of groups whose name in WhatsApp is another group's name in the policy, with that name.
    ///
    /// Their ids may be swapped.
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

    /// Defers the adds beyond the sessions' budgets: first the longest wait, then the order of groups and numbers.
    private static func deferAdds(of drafts: inout [GroupDraft], beyond budgets: [SessionKey: AddBudget]) {
        for (key, budget) in budgets {
            let ordered = budget.queue(drafts.enumerated().filter { $0.element.plan.key.sessionKey == key })
            var deferred: [Int: Set<PhoneNumber>] = [:]
            for (index, phone) in ordered.dropFirst(budget.left ?? .max) { deferred[index, default: []].insert(phone) }
            for (index, phones) in deferred { drafts[index].putOff(phones, .deferred(budget: budget.perDay)) }
        }
    }
}

/// The adds that a session may send in 24 hours.
package struct AddBudget: Hashable, Sendable {
    /// The whole budget; 0 means no limit.
    package var perDay: Int
    /// What is left of it; nil means no limit.
    package var left: Int?
    /// Who has been deferred before, and since when.
    package var waiting: [GroupID: [PhoneNumber: Timestamp]]

    /// Takes the whole budget, the used part, and who has been deferred before.
    package init(perDay: Int, used: Int, waiting: [GroupID: [PhoneNumber: Timestamp]] = [:]) {
        self.perDay = perDay
        left = perDay > 0 ? max(0, perDay - used) : nil
        self.waiting = waiting
    }

    /// Returns the adds of some drafts, given with their indices, in the order in which the budget is spent.
    ///
    /// The longest wait comes first, then the order of groups and numbers.
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
    /// Turns the adds of some people into holds, and drops their promotions.
    mutating func putOff(_ phones: Set<PhoneNumber>, _ reason: HoldReason) {
        func isPutOff(_ action: PlannedAction) -> Bool { action.phone.map(phones.contains) ?? false }
        for action in adds where isPutOff(action) { hold(action, reason) }
        adds.removeAll(where: isPutOff)
        promotionsOfAdded.removeAll(where: isPutOff)
    }

    /// Blocks all removals and demotions if they exceed the group's own limit, as that usually means a mistake.
    mutating func withholdOverGroupLimit() {
        let allowed = plan.limits.removalsAllowed(inGroupOf: plan.size ?? 0)
        if removalCount > allowed { withholdAll(.groupLimit(planned: removalCount, allowed: allowed)) }
    }

    /// Returns the group's plan with its actions in a safe order.
    ///
    /// Add, promote, demote, remove. If the adds would not fit, the removals that make room come before them, after the
    /// promotions of members.
    func sequenced() -> GroupPlan {
        var draft = self
        // Negative if the group is over its limit: room is only what is below the limit.
        let free = plan.limits.groupSize - (plan.size ?? 0)
        let leaving = min(adds.isEmpty ? 0 : max(0, adds.count - free), draft.removals.count)
        let positions = max(0, free + leaving)
        let freeing = draft.removals.prefix(positions > 0 ? leaving : 0)
        draft.removals.removeFirst(freeing.count)

        if draft.adds.count > positions {
            let left = draft.adds[positions...]
            for action in left { draft.hold(action, .groupFull(size: plan.limits.groupSize)) }
            let leftOut = Set(left.map(\.identity))
            draft.adds.removeLast(draft.adds.count - positions)
            draft.promotionsOfAdded.removeAll { leftOut.contains($0.identity) }
        }

        var result = draft.plan
        if freeing.isEmpty {
            let promotions = (draft.promotions + draft.promotionsOfAdded).sorted { $0.identity < $1.identity }
            result.actions = draft.adds + promotions + draft.demotions + draft.removals
        } else {
            result.actions =
                draft.promotions + freeing + draft.adds + draft.promotionsOfAdded + draft.demotions + draft.removals
        }
        result.holds = draft.plan.holds.sorted(by: Hold.listedBefore)
        return result
    }
}

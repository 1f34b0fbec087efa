package import Membership

/// The heart of the program: policy and roster in, plan out, nothing else.
///
/// It is total and deterministic: the same state gives the same plan, whatever order the gateway listed it in.
package enum Planner {
    /// Compares one group with its policy, before the limits are applied.
    package static func draft(_ desired: DesiredGroup, _ seen: GroupObservation) -> GroupDraft {
        var comparison = Comparison(desired, seen)
        return comparison.draft()
    }

    /// The draft of a group that could not be read.
    package static func draft(_ desired: DesiredGroup, fault: GroupFault) -> GroupDraft {
        GroupDraft(plan: GroupPlan(key: desired.key, name: desired.name, limits: desired.limits, fault: fault))
    }

    /// Applies the limits of a run to its drafts and puts each group's actions in order.
    ///
    /// `acceptedRemovals` lifts the limits on removals and demotions if exactly so many are planned in all;
    /// `budgets` say how many adds each session may still send today, where that is bounded.
    package static func plan(
        _ drafts: [GroupDraft], policyDigest: String, limits: Limits, acceptedRemovals: Int? = nil,
        budgets: [SessionKey: AddBudget] = [:]
    ) -> Plan {
        var drafts = drafts
        let total = drafts.reduce(0) { $0 + $1.takenAway }
        if acceptedRemovals == nil || acceptedRemovals != total {
            for index in drafts.indices { drafts[index].withholdOverGroupLimit() }
            let remaining = drafts.reduce(0) { $0 + $1.takenAway }
            if remaining > limits.removalsPerRun {
                let cause = WithheldCause.runLimit(planned: remaining, allowed: limits.removalsPerRun)
                for index in drafts.indices { drafts[index].withholdAll(cause) }
            }
        }
        var budgets = budgets
        var groups: [GroupPlan] = []
        for var draft in drafts {
            draft.deferAdds(beyond: &budgets[draft.plan.key.sessionKey])
            groups.append(draft.sequenced())
        }
        return Plan(policyDigest: policyDigest, groups: groups)
    }
}

/// The adds that a session may send over a rolling 24 hours.
package struct AddBudget: Hashable, Sendable {
    /// All of them.
    package var perDay: Int
    /// Those that are left.
    package var left: Int

    /// Takes the whole budget and how much of it has been used.
    package init(perDay: Int, used: Int) {
        self.perDay = perDay
        left = max(0, perDay - used)
    }
}

extension GroupDraft {
    /// Puts off the adds that the session's budget does not cover, and counts the others against it.
    mutating func deferAdds(beyond budget: inout AddBudget?) {
        guard let perDay = budget?.perDay, let left = budget?.left else { return }
        let deferred = adds.dropFirst(left)
        for action in deferred { hold(action, .deferred(budget: perDay)) }
        adds.removeLast(deferred.count)
        let leftOut = Set(deferred.map(\.phone))
        promotionsOfAdded.removeAll { leftOut.contains($0.phone) }
        budget?.left = left - adds.count
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
        let size = plan.size ?? 0
        let free = max(0, plan.limits.groupSize - size)
        let wanting = max(0, adds.count - free)
        let freeing = draft.removals.prefix(wanting)
        draft.removals.removeFirst(freeing.count)

        let places = free + freeing.count
        if draft.adds.count > places {
            let left = draft.adds[places...]
            for action in left { draft.hold(action, .groupFull(size: plan.limits.groupSize)) }
            let leftOut = Set(left.map(\.phone))
            draft.adds.removeLast(draft.adds.count - places)
            draft.promotionsOfAdded.removeAll { leftOut.contains($0.phone) }
        }

        var result = draft.plan
        if freeing.isEmpty {
            let promotions = (draft.promotions + draft.promotionsOfAdded).sorted { $0.phone < $1.phone }
            result.actions = draft.adds + promotions + draft.demotions + draft.removals
        } else {
            result.actions =
                draft.promotions + freeing + draft.adds + draft.promotionsOfAdded + draft.demotions + draft.removals
        }
        result.holds = draft.plan.holds.sorted(by: Hold.listedBefore)
        return result
    }
}

package import Core

/// A plan that was saved and reviewed: the maximum that a run may do.
package struct SavedPlan: Hashable, Sendable {
    /// One change that it asks for.
    package struct Step: Hashable, Sendable {
        /// The change.
        package var operation: Operation
        /// The number in the policy or the roster; nil if the person is known only by LID.
        package var phone: PhoneNumber?
        /// The account that the call names.
        package var account: AccountID

        /// Describes a change.
        package init(operation: Operation, phone: PhoneNumber?, account: AccountID) {
            self.operation = operation
            self.phone = phone
            self.account = account
        }
    }

    /// What it asks for in one group.
    package struct Group: Hashable, Sendable {
        /// The group's name at that time.
        package var name: String?
        /// The digest of the roster that it was based on.
        package var rosterDigest: String?
        /// The changes.
        package var steps: [Step]
        /// The accounts whose removal or demotion it blocked.
        package var withheld: Set<AccountID>
        /// Whether the group could not be planned.
        package var isFaulty: Bool

        /// Describes a group's part.
        package init(
            name: String?, rosterDigest: String?, steps: [Step], withheld: Set<AccountID> = [], isFaulty: Bool = false
        ) {
            self.name = name
            self.rosterDigest = rosterDigest
            self.steps = steps
            self.withheld = withheld
            self.isFaulty = isFaulty
        }

        /// Whether there is anything to do or to report.
        package var hasContent: Bool { !steps.isEmpty || !withheld.isEmpty || isFaulty }
    }

    /// The digest of the policies that it is based on.
    package var policyDigest: String
    /// Whether removals and demotions beyond the limits were accepted when it was made.
    package var acceptsRemovals: Bool
    /// Whether people whose adds never appeared are tried again.
    package var retriesDeclined: Bool
    /// The groups with something to do or to report again.
    package var groups: [GroupKey: Group]

    /// Describes a plan.
    package init(policyDigest: String, acceptsRemovals: Bool, retriesDeclined: Bool, groups: [GroupKey: Group]) {
        self.policyDigest = policyDigest
        self.acceptsRemovals = acceptsRemovals
        self.retriesDeclined = retriesDeclined
        self.groups = groups
    }

    /// How many people are removed or demoted.
    package var removalCount: Int {
        groups.values.reduce(0) { $0 + $1.steps.count(where: \.operation.countsAsRemoval) }
    }

    /// Restricts a group's draft to the plan; empty if the plan does not contain the group or no longer fits it.
    package func restrict(_ draft: GroupDraft) -> GroupDraft {
        guard let saved = groups[draft.plan.key] else { return draft.keeping([]) }
        guard draft.plan.fault == nil else { return draft }
        if saved.isFaulty { return draft.stale(.notPlanned) }
        guard !saved.steps.isEmpty else { return draft.keeping([], withholding: saved.withheld) }
        guard draft.plan.rosterDigest == saved.rosterDigest else { return draft.stale(.rosterChanged) }
        let open = Set(saved.steps).subtracting(draft.steps)
        // A hold explains a missing step. A step that nobody asks for now means that the approved plan differs from
        // today's.
        let held = Set(
            draft.plan.holds.flatMap { [$0.phone.map(AccountID.phone), $0.lid.map(AccountID.lid)] }.compactMap(\.self))
        let unasked = open.count { step in
            !held.contains(step.account) && !(step.phone.map { held.contains(.phone($0)) } ?? false)
        }
        guard unasked == 0 else { return draft.stale(.noLongerAskedFor(unasked)) }
        return draft.keeping(Set(saved.steps), withholding: saved.withheld)
    }

    /// Returns a plan with a fault for each saved group with changes that the policies no longer describe.
    package func orphans(besides known: Set<GroupKey>, limits: Limits) -> [GroupPlan] {
        groups.filter { !$0.value.steps.isEmpty && !known.contains($0.key) }.map { key, group in
            GroupPlan(key: key, name: group.name, limits: limits, fault: .stale(.groupNotDescribed))
        }
    }
}

/// Why a saved plan no longer fits a group.
package enum StaleCause: Hashable, Sendable {
    /// Somebody has joined, left or changed roles since.
    case rosterChanged
    /// This many of its changes would not be planned now.
    case noLongerAskedFor(Int)
    /// The policies no longer describe the group.
    case groupNotDescribed
    /// The plan could not be made for the group.
    case notPlanned

    /// What has changed, as a clause.
    var clause: String {
        switch self {
        case .rosterChanged: "the group's member list has changed since the plan was made"
        case .noLongerAskedFor(1): "the policy no longer asks for one of the plan's changes"
        case .noLongerAskedFor(let count): "the policy no longer asks for \(count) of the plan's changes"
        case .groupNotDescribed: "the policies no longer describe the group"
        case .notPlanned: "the group could not be read when the plan was made"
        }
    }
}

extension GroupDraft {
    /// The changes that it asks for.
    fileprivate var steps: [SavedPlan.Step] {
        (adds + promotions + promotionsOfAdded + demotions + removals).map(SavedPlan.Step.init)
    }

    /// Returns the draft with only those changes.
    ///
    /// Removals and demotions that the saved plan blocked stay blocked and are reported again.
    fileprivate func keeping(_ steps: Set<SavedPlan.Step>, withholding withheld: Set<AccountID> = []) -> GroupDraft {
        var draft = self
        for action in demotions + removals where !steps.contains(SavedPlan.Step(action)) {
            guard withheld.contains(action.identity) || withheld.contains(action.account) else { continue }
            draft.hold(action, .withheld(action.operation, .heldInSavedPlan))
        }
        func isLeftOut(_ action: PlannedAction) -> Bool { !steps.contains(SavedPlan.Step(action)) }
        draft.adds.removeAll(where: isLeftOut)
        draft.promotions.removeAll(where: isLeftOut)
        draft.promotionsOfAdded.removeAll(where: isLeftOut)
        draft.demotions.removeAll(where: isLeftOut)
        draft.removals.removeAll(where: isLeftOut)
        return draft
    }

    /// Returns a draft that does nothing, because the saved plan does not fit.
    fileprivate func stale(_ cause: StaleCause) -> GroupDraft {
        GroupDraft(
            plan: GroupPlan(
                key: plan.key, name: plan.name, size: plan.size, rosterDigest: plan.rosterDigest,
                adminCount: plan.adminCount, limits: plan.limits, fault: .stale(cause)))
    }
}

extension SavedPlan.Step {
    /// The change that an action makes.
    package init(_ action: PlannedAction) {
        self.init(operation: action.operation, phone: action.phone, account: action.account)
    }
}

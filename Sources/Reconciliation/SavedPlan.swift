package import Membership

/// A plan that was made and looked at before: the most that a run may do.
package struct SavedPlan: Hashable, Sendable {
    /// One change that it asks for.
    package struct Step: Hashable, Sendable {
        /// What is to be done.
        package var operation: Operation
        /// The number by which the policy or the roster knows the person; nil where they are known by LID alone.
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
        /// The name that the group had.
        package var name: String?
        /// The digest of the roster that it was planned from.
        package var rosterDigest: String?
        /// The changes.
        package var steps: [Step]
        /// Whose removal or demotion it held back.
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

        /// Whether there is anything to do, or to tell of.
        package var isWorthALook: Bool { !steps.isEmpty || !withheld.isEmpty || isFaulty }
    }

    /// The digest of the policies that it was made from.
    package var policyDigest: String
    /// Whether removals and demotions beyond the limits were accepted when it was made.
    package var acceptsRemovals: Bool
    /// Whether people are tried again who are held for having declined.
    package var retriesDeclined: Bool
    /// The groups in which there is something to do, or of which there is something to tell again.
    package var groups: [GroupKey: Group]

    /// Describes a plan.
    package init(
        policyDigest: String, acceptsRemovals: Bool, retriesDeclined: Bool, groups: [GroupKey: Group]
    ) {
        self.policyDigest = policyDigest
        self.acceptsRemovals = acceptsRemovals
        self.retriesDeclined = retriesDeclined
        self.groups = groups
    }

    /// How many people lose something by it.
    package var takenAway: Int {
        groups.values.reduce(0) { $0 + $1.steps.count(where: \.operation.takesAway) }
    }

    /// A group's draft, cut down to what the plan asks for: nothing where it does not speak of the group, or no longer
    /// fits it.
    package func restrict(_ draft: GroupDraft) -> GroupDraft {
        guard let saved = groups[draft.plan.key] else { return draft.keeping([]) }
        guard draft.plan.fault == nil else { return draft }
        if saved.isFaulty { return draft.stale(.notPlanned) }
        guard !saved.steps.isEmpty else { return draft.keeping([], withholding: saved.withheld) }
        guard draft.plan.rosterDigest == saved.rosterDigest else { return draft.stale(.rosterChanged) }
        let open = Set(saved.steps).subtracting(draft.steps)
        // What is held is explained; what nobody asks for any more shows that another plan was approved than would be made now.
        let held = Set(
            draft.plan.holds.flatMap { [$0.phone.map(AccountID.phone), $0.lid.map(AccountID.lid)] }.compactMap(\.self))
        let unasked = open.count { step in
            !held.contains(step.account) && !(step.phone.map { held.contains(.phone($0)) } ?? false)
        }
        guard unasked == 0 else { return draft.stale(.noLongerAskedFor(unasked)) }
        return draft.keeping(Set(saved.steps), withholding: saved.withheld)
    }

    /// The parts for groups that no policy describes any more.
    package func orphans(besides known: Set<GroupKey>, limits: Limits) -> [GroupPlan] {
        groups.filter { !$0.value.steps.isEmpty && !known.contains($0.key) }.map { key, group in
            GroupPlan(key: key, name: group.name, limits: limits, fault: .stale(.groupNotDescribed))
        }
    }
}

/// Why a saved plan no longer fits a group.
package enum StaleCause: Hashable, Sendable {
    /// Somebody has come, gone or changed roles since.
    case rosterChanged
    /// So many of its changes would not be planned now.
    case noLongerAskedFor(Int)
    /// The policies no longer describe the group.
    case groupNotDescribed
    /// The plan could not be made for the group.
    case notPlanned

    /// What has changed, in a clause.
    var clause: String {
        switch self {
        case .rosterChanged: "the group's roster has changed since the plan was made"
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

    /// The draft with those changes alone; what was held back before of the others stays so, and is told again.
    fileprivate func keeping(
        _ steps: Set<SavedPlan.Step>, withholding withheld: Set<AccountID> = []
    ) -> GroupDraft {
        var draft = self
        for action in demotions + removals where !steps.contains(SavedPlan.Step(action)) {
            guard withheld.contains(action.who) || withheld.contains(action.account) else { continue }
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

    /// A draft that does nothing, because a saved plan does not fit.
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

import Core

/// One group's changes before the limits of the run apply, not yet in order.
package struct GroupDraft: Hashable, Sendable {
    /// The plan so far, without actions.
    var plan: GroupPlan
    /// People to be added, whatever their role.
    var adds: [PlannedAction] = []
    /// Members to be made admins.
    var promotions: [PlannedAction] = []
    /// People to be made admins once they are members.
    var promotionsOfAdded: [PlannedAction] = []
    /// Admins to be made ordinary members.
    var demotions: [PlannedAction] = []
    /// Members to be removed, including admins.
    var removals: [PlannedAction] = []
    /// The people to be removed who may be admins, although the gateway lists them as ordinary members.
    var perhapsAdmins: Set<AccountID> = []
    /// Why the member list cannot be trusted for removals and demotions; nil if it can.
    var doubt: WithheldCause?

    /// Whether the roster can be treated as the whole group, even if the own account in it is unknown.
    var hasSoundRoster: Bool { doubt.leavesRosterSound }

    /// How many people are removed or demoted.
    package var removalCount: Int { demotions.count + removals.count }

    /// Whether anybody is to be removed or demoted, including blocked cases.
    package var asksForRemovals: Bool { removalCount > 0 || plan.holds.contains(where: \.isWithheld) }

    /// Whether a blocked member has no name in this group's policy.
    package var holdsSomebodyUnnamed: Bool {
        plan.holds.contains { $0.person == nil && ($0.kind == "withheld" || $0.kind == "unresolved") }
    }

    /// Blocks every removal and demotion for one cause.
    mutating func withholdAll(_ cause: WithheldCause) {
        for action in demotions + removals { hold(action, .withheld(action.operation, cause)) }
        demotions = []
        removals = []
    }

    /// Blocks all changes, including adds and promotions.
    mutating func withholdEverything(_ cause: WithheldCause) {
        withholdAll(cause)
        for action in adds + promotions { hold(action, .withheld(action.operation, cause)) }
        adds = []
        promotions = []
        promotionsOfAdded = []
    }

    /// Turns an action into a hold.
    mutating func hold(_ action: PlannedAction, _ reason: HoldReason) {
        plan.holds.append(Hold(reason: reason, phone: action.phone, lid: action.lid, person: action.person))
    }
}

extension PlannedAction {
    /// The reason to remove a member that the group's policy does not name.
    static let notInPolicy = "not in the policy"
}

extension GroupDraft {
    /// Adds to the reason of removals that an entry outside its dates may name the person, as the number could not be
    /// looked up.
    mutating func allowForTerms() {
        for index in removals.indices where removals[index].reason == PlannedAction.notInPolicy {
            removals[index].reason =
                "not in the policy, or their entry is expired or not started: its number could not be looked up"
        }
    }
}

extension WithheldCause? {
    /// Whether the roster can be treated as the whole group in spite of the cause: only the own account is unknown.
    var leavesRosterSound: Bool { self == nil || self == .ownAccountUnknown }
}

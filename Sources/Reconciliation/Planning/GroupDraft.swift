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
                "not in the policy, or a person whose entry is expired or not started: Rollcall could not look up that "
                + "entry's number"
        }
    }
}

extension WithheldCause? {
    /// Whether the roster can be treated as the whole group in spite of the cause: only the own account is unknown.
    var leavesRosterSound: Bool { self == nil || self == .ownAccountUnknown }
}

extension GroupDraft {
    var isEmpty: Bool {
        adds.isEmpty && promotions.isEmpty && promotionsOfAdded.isEmpty && demotions.isEmpty && removals.isEmpty
    }

    mutating func sortByNumber() {
        adds.sort { $0.identity < $1.identity }
        promotions.sort { $0.identity < $1.identity }
        promotionsOfAdded.sort { $0.identity < $1.identity }
        demotions.sort { $0.identity < $1.identity }
        removals.sort { $0.identity < $1.identity }
    }

    /// Blocks the demotions and removals that would leave too few admins.
    ///
    /// People who are still to be added do not count, as they may never come. People who are to be promoted count only
    /// if the gateway's store will show the promotion.
    mutating func keepEnoughAdmins(of count: Int, own: Int, showsPromotions: Bool) {
        let coming = showsPromotions ? promotions.count : 0
        // Before anyone is removed or demoted, the group is planned again; that plan counts them only if they are members.
        let hoped = showsPromotions ? promotionsOfAdded.count : 0
        // If not all may go, all stay: any choice among them would be arbitrary.
        let going = (demotions + removals).reduce(0) { $0 + $1.adminsRemoved }
        let lacksOthers = count - own + coming + hoped - going < plan.limits.minOtherAdmins
        var left = count + coming
        func keep(_ actions: [PlannedAction], _ operation: Operation) -> [PlannedAction] {
            var kept: [PlannedAction] = []
            for action in actions {
                // A possible admin is not in the count, so that enough are left without them.
                let isPerhapsAdmin = perhapsAdmins.contains(action.account)
                let taken = action.adminsRemoved
                if lacksOthers, taken > 0 || isPerhapsAdmin {
                    hold(action, .withheld(operation, .minOtherAdmins(plan.limits.minOtherAdmins)))
                } else if left - taken < plan.limits.minAdmins, action.removesAdmin || isPerhapsAdmin {
                    hold(action, .withheld(operation, .minAdmins(plan.limits.minAdmins)))
                } else {
                    left -= taken
                    kept.append(action)
                }
            }
            return kept
        }
        demotions = keep(demotions, .demote)
        removals = keep(removals, .remove)
    }
}

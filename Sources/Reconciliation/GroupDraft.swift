import Membership

/// One group's difference before the limits of the run are known: what would be done, not yet in which order.
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
    /// Members to be taken out, admins among them.
    var removals: [PlannedAction] = []
    /// Those of them whom the gateway's list shows as ordinary members, though they may be admins.
    var perhapsAdmins: Set<AccountID> = []
    /// Why the roster is no ground to take anything away; nil where it is.
    var distrust: WithheldCause?

    /// Whether the roster may be taken for the whole group, though it may not be known which of it is the own account.
    var hasSoundRoster: Bool { distrust.leavesRosterSound }

    /// How many people lose something.
    package var takenAway: Int { demotions.count + removals.count }

    /// Whether somebody is to lose something, or would if that left enough admins.
    package var asksToTakeAway: Bool { takenAway > 0 || plan.holds.contains(where: \.isWithheld) }

    /// Whether a member is held whom this group's policy gives no name.
    package var holdsSomebodyUnnamed: Bool {
        plan.holds.contains { $0.person == nil && ($0.kind == "withheld" || $0.kind == "unresolved") }
    }

    /// Holds back every removal and demotion for one cause.
    mutating func withholdAll(_ cause: WithheldCause) {
        for action in demotions + removals { hold(action, .withheld(action.operation, cause)) }
        demotions = []
        removals = []
    }

    /// Holds back all that would be done, adds and promotions too.
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
    /// The reason to remove somebody whom the group's policy does not name.
    static let notInPolicy = "not in the policy"
}

extension GroupDraft {
    /// Says of the removals of strangers that they may be people whose entries do not count today: WhatsApp could not be asked.
    mutating func allowForTerms() {
        for index in removals.indices where removals[index].reason == PlannedAction.notInPolicy {
            removals[index].reason =
                "not in the policy, or outside the dates of an entry whose number could not be looked up"
        }
    }
}

extension WithheldCause? {
    /// Whether the roster may be taken for the whole group in spite of the cause: it may only be unknown who acts.
    var leavesRosterSound: Bool { self == nil || self == .ownAccountUnknown }
}

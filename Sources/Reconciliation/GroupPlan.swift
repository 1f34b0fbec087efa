package import Membership

/// What a run means to do with one group, in the order in which it is done.
package struct GroupPlan: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// The policy's name for it, else its subject; a text from strangers in that case.
    package var name: String?
    /// How many members it has; nil where it could not be read.
    package var size: Int?
    /// The digest of the roster that was planned from; nil where it could not be read.
    package var rosterDigest: String?
    /// How many admins it has, the session's own account included.
    package var adminCount: Int
    /// The limits that hold for it.
    package var limits: Limits
    /// The calls, in order.
    package var actions: [PlannedAction]
    /// What is left alone, and why.
    package var holds: [Hold]
    /// What a person should look at.
    package var warnings: [PlanWarning]
    /// Why there is no plan for the group; nil where there is one.
    package var fault: GroupFault?
    /// The link by which people join the group themselves, where it was asked for; a secret of sorts, never recorded.
    package var inviteLink: String?
    /// The LIDs on the roster, by which a newcomer is known; kept only where people are to be added.
    var rosterLIDs: Set<LID> = []
    /// The roster's entries that are the session's own account: a later roster without them is not the whole one.
    var ownEntries: Set<AccountID> = []
    /// What is known of how the gateway stores the group, by which later looks are read as well.
    var store = StoreMemory()
    /// Why the roster is no ground to take anybody away; nil where it is.
    var doubt: WithheldCause?
    /// Whether the roster may be taken for the whole group, so that who does not show on it afterwards is not there.
    var hasSoundRoster: Bool { doubt.leavesRosterSound }
    /// Whether people whom the policy does not name may be in the group without anybody knowing: it is to be exact, and its roster
    /// cannot be trusted.
    var isUnjudged = false
    /// Whether it is remembered who is seen in the group, because nobody is to rejoin.
    var remembersSightings = false

    /// Describes a group's plan.
    package init(
        key: GroupKey, name: String?, size: Int? = nil, rosterDigest: String? = nil, adminCount: Int = 0,
        limits: Limits, actions: [PlannedAction] = [], holds: [Hold] = [], warnings: [PlanWarning] = [],
        fault: GroupFault? = nil
    ) {
        self.key = key
        self.name = name
        self.size = size
        self.rosterDigest = rosterDigest
        self.adminCount = adminCount
        self.limits = limits
        self.actions = actions
        self.holds = holds
        self.warnings = warnings
        self.fault = fault
    }

    /// Whether a removal or demotion was held back, or would have to be if anybody knew of it.
    package var isWithheld: Bool { isUnjudged || holds.contains(where: \.isWithheld) }
}

extension GroupPlan {
    /// The same with names for those whom this group's policy gives none.
    func named(by names: [AccountID: String]) -> GroupPlan {
        if names.isEmpty { return self }
        func name(_ person: String?, _ phone: PhoneNumber?, _ lid: LID?) -> String? {
            if let person, !person.hasPrefix("~") { return person }
            return phone.flatMap { names[.phone($0)] } ?? lid.flatMap { names[.lid($0)] } ?? person
        }
        var plan = self
        for index in plan.actions.indices {
            let action = plan.actions[index]
            plan.actions[index].person = name(action.person, action.phone, action.lid)
        }
        for index in plan.holds.indices {
            let hold = plan.holds[index]
            plan.holds[index].person = name(hold.person, hold.phone, hold.lid)
        }
        return plan
    }
}

/// The difference between policy and rosters over all groups of a run.
package struct Plan: Hashable, Sendable {
    /// The digest of the policies.
    package var policyDigest: String
    /// The groups, in the order of their keys.
    package var groups: [GroupPlan]

    /// Describes a plan.
    package init(policyDigest: String, groups: [GroupPlan]) {
        self.policyDigest = policyDigest
        self.groups = groups
    }

    /// How many people lose something by it.
    package var takenAway: Int { groups.reduce(0) { $0 + $1.actions.count(where: \.operation.takesAway) } }

    /// What holds removals and demotions back over several groups, with how many, most first.
    package var sharedCauses: [(cause: WithheldCause, count: Int)] {
        var counts: [WithheldCause: (count: Int, groups: Int)] = [:]
        for group in groups {
            var here: [WithheldCause: Int] = [:]
            for hold in group.holds { if case .withheld(_, let cause) = hold.reason { here[cause, default: 0] += 1 } }
            for (cause, count) in here {
                let known = counts[cause] ?? (0, 0)
                counts[cause] = (known.count + count, known.groups + 1)
            }
        }
        return counts.filter { $0.value.groups > 1 }.map { (cause: $0.key, count: $0.value.count) }
            .sorted { ($1.count, $0.cause.message) < ($0.count, $1.cause.message) }
    }

    /// The counts over all groups.
    package var summary: PlanSummary {
        var summary = PlanSummary()
        for group in groups {
            summary.groups += 1
            if !group.actions.isEmpty { summary.changed += 1 }
            for action in group.actions { summary.actions[action.operation, default: 0] += 1 }
            summary.holds += group.holds.count
            if let fault = group.fault { if fault.isStale { summary.stale += 1 } else { summary.errors += 1 } }
        }
        return summary
    }
}

/// The counts of a plan.
package struct PlanSummary: Hashable, Sendable {
    /// Groups looked at.
    package var groups = 0
    /// Groups with at least one action.
    package var changed = 0
    /// Actions by operation.
    package var actions: [Operation: Int] = [:]
    /// What is held back.
    package var holds = 0
    /// Groups that could not be planned.
    package var errors = 0
    /// Groups that a saved plan no longer fits.
    package var stale = 0

    /// Starts from nothing.
    package init() {}

    /// The actions of one operation.
    package func count(_ operation: Operation) -> Int { actions[operation] ?? 0 }

    /// All actions.
    package var total: Int { actions.values.reduce(0, +) }
}

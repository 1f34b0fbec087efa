package import Core

/// What a run will do with one group, in order.
package struct GroupPlan: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// The policy's name for it, else its subject, which is untrusted text.
    package var name: String?
    /// How many members it has; nil if it could not be read.
    package var size: Int?
    /// The digest of the roster that the plan is based on; nil if it could not be read.
    package var rosterDigest: String?
    /// How many admins it has, including the session's own account.
    package var adminCount: Int
    /// The limits of the group.
    package var limits: Limits
    /// The calls, in order.
    package var actions: [PlannedAction]
    /// What is blocked or always kept, and why.
    package var holds: [Hold]
    /// What a person should look at.
    package var warnings: [PlanWarning]
    /// Why there is no plan for the group; nil if there is one.
    package var fault: GroupFault?
    /// The group's invite link, if requested; treated as a secret and never recorded.
    package var inviteLink: String?
    /// The LIDs in the roster, to recognize a newcomer; kept only if people are to be added.
    var rosterLIDs: Set<LID> = []
    /// The roster entries of the session's own account; a later roster without them is incomplete.
    var ownEntries: Set<AccountID> = []
    /// How the gateway stores the group, needed to interpret later reads.
    var store = StoreMemory()
    /// Why the member list cannot be trusted for removals and demotions; nil if it can.
    var doubt: WithheldCause?
    /// Whether the roster can be treated as the whole group, so that a person who is not listed is not in it.
    var hasSoundRoster: Bool { doubt.leavesRosterSound }
    /// Whether the group may have unknown members: its mode is exact and its roster cannot be trusted.
    var isUnjudged = false
    /// Whether members are remembered, because the policy says `rejoin: never`.
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

    /// Whether a removal or demotion is blocked, or might be if the roster could be trusted.
    package var isWithheld: Bool { isUnjudged || holds.contains(where: \.isWithheld) }
}

extension GroupPlan {
    /// Returns the same plan, with names for people that this group's policy does not name.
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

/// The difference between the policy and the rosters, over all groups of a run.
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

    /// How many people are removed or demoted.
    package var removalCount: Int { groups.reduce(0) { $0 + $1.actions.count(where: \.operation.countsAsRemoval) } }

    /// The causes that block removals and demotions in several groups, each with its count, largest first.
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
            .sorted { ($1.count, $0.cause.explanation.text) < ($0.count, $1.cause.explanation.text) }
    }

    /// The counts over all groups.
    package var summary: PlanSummary {
        var summary = PlanSummary()
        for group in groups {
            summary.groups += 1
            if !group.actions.isEmpty { summary.changed += 1 }
            for action in group.actions { summary.actions[action.operation] += 1 }
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
    package var actions = ActionCounts()
    /// Blocked or always kept.
    package var holds = 0
    /// Groups that could not be planned.
    package var errors = 0
    /// Groups that a saved plan no longer fits.
    package var stale = 0

    /// Starts from nothing.
    package init() {}

    /// Returns the actions of one operation.
    package func count(_ operation: Operation) -> Int { actions[operation] }

    /// All actions.
    package var total: Int { actions.total }
}

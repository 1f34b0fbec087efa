package import Core
import RunLedger

/// Plans a group again right before its calls if its plan is old, and before removals and demotions if our calls
/// changed the group.
///
/// Only changes that both plans ask for are sent.
package struct Recheck: Sendable {
    /// When the first plan was made.
    let plannedAt: Timestamp
    private let plan: @Sendable (GroupKey) async -> GroupPlan

    /// The maximum age of a plan without another look, in milliseconds.
    private static let freshness: Int64 = 60_000

    /// Takes the time of the first plan, and a function that plans one group again without limits.
    package init(plannedAt: Timestamp, plan: @Sendable @escaping (GroupKey) async -> GroupPlan) {
        self.plannedAt = plannedAt
        self.plan = plan
    }

    /// Plans the group as it is now.
    func look(at key: GroupKey) async -> GroupPlan { await plan(key) }

    /// Whether what was seen at a moment is too old to act on.
    static func isStale(_ seenAt: Timestamp, now: Timestamp) -> Bool {
        now.milliseconds - seenAt.milliseconds > freshness
    }
}

extension GroupPlan {
    /// Returns the outcomes of actions that a fresh plan does not ask for, by index.
    func noLongerNeeded(by fresh: GroupPlan) -> [Int: ActionOutcome] {
        let wanted = Dictionary(grouping: fresh.actions, by: \.operation).mapValues { Set($0.map(\.account)) }
        var outcomes: [Int: ActionOutcome] = [:]
        for (index, action) in actions.enumerated() where wanted[action.operation]?.contains(action.account) != true {
            let held = fresh.holds.first { hold in
                (hold.phone != nil && hold.phone == action.phone) || (hold.lid != nil && hold.lid == action.lid)
            }
            outcomes[index] =
                if let held {
                    ActionOutcome(status: .skipped, errorCode: held.kind, error: held.message)
                } else if action.operation.countsAsRemoval, let doubt = fresh.doubt {
                    ActionOutcome(status: .skipped, errorCode: "withheld", error: doubt.explanation.text)
                } else {
                    ActionOutcome(
                        status: .skipped, errorCode: ActionOutcome.noLongerNeeded,
                        error: "no longer needed: the group has changed since the plan was made")
                }
        }
        return outcomes
    }
}

extension ActionOutcome {
    /// The code of an action that is no longer needed, which is no error.
    static let noLongerNeeded = "overtaken"

    /// The code of an action that waits until the member list confirms an earlier one, which is no error.
    static let awaited = "accepted"

    /// Whether the action was skipped because it is no longer needed.
    package var isNoLongerNeeded: Bool { status == .skipped && errorCode == Self.noLongerNeeded }

    /// Whether the action was skipped and nothing is wrong.
    package var isHarmless: Bool { isNoLongerNeeded || (status == .skipped && errorCode == Self.awaited) }
}

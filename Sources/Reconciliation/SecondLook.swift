package import Membership
import RunLedger

/// A fresh plan of a group right before its calls, where the first one has grown old while others had their turn, and right
/// before anybody is taken away, where calls of ours have changed the group since.
///
/// Only what both plans ask for is sent: what was shown and agreed to, as far as it is still right.
package struct SecondLook: Sendable {
    /// When the first plan was made.
    let plannedAt: Timestamp
    private let plan: @Sendable (GroupKey) async -> GroupPlan

    /// How old a plan may be without another look, in milliseconds.
    private static let freshness: Int64 = 60_000

    /// Takes the time of the first plan, and a way to plan one group again without limits.
    package init(plannedAt: Timestamp, plan: @Sendable @escaping (GroupKey) async -> GroupPlan) {
        self.plannedAt = plannedAt
        self.plan = plan
    }

    /// The group as it is now.
    func look(at key: GroupKey) async -> GroupPlan { await plan(key) }

    /// Whether what was seen at a moment is too old to act on.
    static func isStale(_ seenAt: Timestamp, now: Timestamp) -> Bool {
        now.milliseconds - seenAt.milliseconds > freshness
    }
}

extension GroupPlan {
    /// What becomes of those actions that a fresh plan does not ask for, by their places.
    func overtaken(by fresh: GroupPlan) -> [Int: ActionOutcome] {
        struct Step: Hashable {
            let operation: Operation
            let who: AccountID
        }
        let wanted = Set(fresh.actions.map { Step(operation: $0.operation, who: $0.account) })
        var outcomes: [Int: ActionOutcome] = [:]
        for (index, action) in actions.enumerated()
        where !wanted.contains(Step(operation: action.operation, who: action.account)) {
            let held = fresh.holds.first { hold in
                (hold.phone != nil && hold.phone == action.phone) || (hold.lid != nil && hold.lid == action.lid)
            }
            outcomes[index] =
                if let held {
                    ActionOutcome(status: .skipped, errorCode: held.kind, error: held.message)
                } else if action.operation.takesAway, let doubt = fresh.doubt {
                    ActionOutcome(status: .skipped, errorCode: "withheld", error: doubt.message)
                } else {
                    ActionOutcome(
                        status: .skipped, errorCode: ActionOutcome.overtaken,
                        error: "no longer called for: the group has changed since it was planned")
                }
        }
        return outcomes
    }
}

extension ActionOutcome {
    /// The code of an action that turned out to be no longer needed, which is no failure.
    static let overtaken = "overtaken"

    /// The code of an action that waits until the gateway's list shows what an earlier one has come to, which is no failure.
    static let awaited = "accepted"

    /// Whether the action was left out because it was no longer needed.
    package var isOvertaken: Bool { status == .skipped && errorCode == Self.overtaken }

    /// Whether the action was left out, and nothing is wrong with that.
    package var isNoTrouble: Bool { isOvertaken || (status == .skipped && errorCode == Self.awaited) }
}

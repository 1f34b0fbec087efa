import Core
import RunLedger

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

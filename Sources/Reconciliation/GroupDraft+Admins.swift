import Membership

extension GroupDraft {
    var isEmpty: Bool {
        adds.isEmpty && promotions.isEmpty && promotionsOfAdded.isEmpty && demotions.isEmpty && removals.isEmpty
    }

    mutating func sortByNumber() {
        adds.sort { $0.phone < $1.phone }
        promotions.sort { $0.phone < $1.phone }
        promotionsOfAdded.sort { $0.phone < $1.phone }
        demotions.sort { $0.phone < $1.phone }
        removals.sort { $0.phone < $1.phone }
    }

    /// Holds back the demotions and removals that would leave too few admins.
    ///
    /// People who are still to be added do not count: they may never come.
    mutating func keepEnoughAdmins(of count: Int) {
        var left = count + promotions.count
        let least = plan.limits.minAdmins
        var kept: [PlannedAction] = []
        for action in demotions {
            if left - 1 < least {
                hold(action, .withheld(.demote, .minAdmins(least)))
            } else {
                left -= 1
                kept.append(action)
            }
        }
        demotions = kept
        kept = []
        for action in removals {
            if action.takesAnAdmin, left - 1 < least {
                hold(action, .withheld(.remove, .minAdmins(least)))
            } else {
                left -= action.takesAnAdmin ? 1 : 0
                kept.append(action)
            }
        }
        removals = kept
    }
}

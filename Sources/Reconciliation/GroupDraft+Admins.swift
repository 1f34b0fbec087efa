import Membership

extension GroupDraft {
    var isEmpty: Bool {
        adds.isEmpty && promotions.isEmpty && promotionsOfAdded.isEmpty && demotions.isEmpty && removals.isEmpty
    }

    mutating func sortByNumber() {
        adds.sort { $0.who < $1.who }
        promotions.sort { $0.who < $1.who }
        promotionsOfAdded.sort { $0.who < $1.who }
        demotions.sort { $0.who < $1.who }
        removals.sort { $0.who < $1.who }
    }

    /// Holds back the demotions and removals that would leave too few admins.
    ///
    /// People who are still to be added do not count: they may never come. Nor do those who are still to be promoted, where the
    /// gateway's store will not show whether they are.
    mutating func keepEnoughAdmins(of count: Int, showsPromotions: Bool) {
        var left = count + (showsPromotions ? promotions.count : 0)
        let least = plan.limits.minAdmins
        var kept: [PlannedAction] = []
        for action in demotions {
            if left - action.adminsTaken < least {
                hold(action, .withheld(.demote, .minAdmins(least)))
            } else {
                left -= action.adminsTaken
                kept.append(action)
            }
        }
        demotions = kept
        kept = []
        for action in removals {
            // Who may be an admin is not among those counted, so that enough are left without them.
            let isPerhapsAdmin = perhapsAdmins.contains(action.account)
            if (action.takesAnAdmin && left - action.adminsTaken < least) || (isPerhapsAdmin && left < least) {
                hold(action, .withheld(.remove, .minAdmins(least)))
            } else {
                left -= action.adminsTaken
                kept.append(action)
            }
        }
        removals = kept
    }
}

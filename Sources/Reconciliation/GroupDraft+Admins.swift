import Core

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

    /// Blocks the demotions and removals that would leave too few admins.
    ///
    /// People who are still to be added do not count, as they may never come. People who are to be promoted count only
    /// if the gateway's store will show the promotion.
    mutating func keepEnoughAdmins(of count: Int, own: Int, showsPromotions: Bool) {
        let coming = showsPromotions ? promotions.count : 0
        // The group is planned again before anyone is removed or demoted, and then they count only if they are members.
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

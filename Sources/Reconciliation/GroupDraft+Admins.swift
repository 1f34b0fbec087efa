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
    mutating func keepEnoughAdmins(of count: Int, own: Int, showsPromotions: Bool) {
        let coming = showsPromotions ? promotions.count : 0
        // Before anybody is taken away the group is planned again, and then they count only if they have come.
        let hoped = showsPromotions ? promotionsOfAdded.count : 0
        var left = AdminCount(all: count + coming, others: count - own + coming + hoped, limits: plan.limits)
        // All of them stay where not all may go: any choice among them would be arbitrary.
        let going = (demotions + removals).filter { $0.takesAnAdmin }.reduce(0) { $0 + $1.adminsTaken }
        let leavesTooFewOthers = going > 0 && left.others - going < plan.limits.minOtherAdmins
        func keep(_ actions: [PlannedAction], _ operation: Operation) -> [PlannedAction] {
            var kept: [PlannedAction] = []
            for action in actions {
                // Who may be an admin is not among those counted, so that enough are left without them.
                let isPerhapsAdmin = perhapsAdmins.contains(action.account)
                let taken = action.takesAnAdmin ? action.adminsTaken : 0
                let cause =
                    leavesTooFewOthers && (taken > 0 || isPerhapsAdmin)
                    ? .minOtherAdmins(plan.limits.minOtherAdmins) : left.cause(without: taken, isPerhapsAdmin)
                if action.takesAnAdmin || isPerhapsAdmin, let cause {
                    hold(action, .withheld(operation, cause))
                } else {
                    left.all -= taken
                    left.others -= taken
                    kept.append(action)
                }
            }
            return kept
        }
        demotions = keep(demotions, .demote)
        removals = keep(removals, .remove)
    }
}

/// The admins who would be left.
private struct AdminCount {
    var all: Int
    var others: Int
    let limits: Limits

    /// Why so many may not go; nil where they may.
    func cause(without taken: Int, _ isPerhapsAdmin: Bool) -> WithheldCause? {
        if all - taken < limits.minAdmins { return .minAdmins(limits.minAdmins) }
        // A group that has no other admin has none to lose.
        if others - taken < limits.minOtherAdmins, taken > 0 || isPerhapsAdmin {
            return .minOtherAdmins(limits.minOtherAdmins)
        }
        return nil
    }
}

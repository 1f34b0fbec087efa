import Core
import Reconciliation
import Testing

@Suite("Group size and session budget") struct SizeAndBudgetTests {
    @Test("Removals that free places come before the adds, and after the promotions") func removalsFirst() throws {
        var scene = try Scene()
        try scene.want([1, 5, 7], as: .admin)
        try scene.want([8])
        scene.have([2, 3, 4, 5])
        scene.desired.limits.groupSize = 6
        #expect(
            try scene.plan().steps
                == ["promote 5", "remove 2", "add 7", "add 8", "promote 7", "remove 3", "remove 4"])
    }

    @Test("Adds without a free place are blocked") func groupFull() throws {
        var scene = try Scene()
        try scene.want([1, 9], as: .admin)
        try scene.want([7, 8])
        scene.desired.limits.groupSize = 3
        let plan = try scene.plan()
        #expect(plan.steps == ["add 7", "add 8"])
        #expect(plan.held == ["group_full 9"])
    }

    @Test(
        "A group above its size is reduced first, before anybody is added",
        arguments: [
            (3, 1, 1, ["remove 2"], ["group_full 7"]), (3, 2, 1, ["remove 2", "remove 3"], ["group_full 7"]),
            (3, 3, 2, ["remove 2", "remove 3", "remove 4", "add 7"], ["group_full 8"]),
            (4, 2, 2, ["remove 2", "remove 3", "add 7"], ["group_full 8"]), (3, 0, 1, [], ["group_full 7"]),
            (3, 2, 0, ["remove 2", "remove 3"], []), (5, 1, 1, ["remove 2", "add 7"], []),
        ])
    func tooLarge(size: Int, leaving: UInt64, coming: UInt64, steps: [String], held: [String]) throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        try scene.want(Array(2 + leaving..<6) + Array(7..<7 + coming))
        scene.have([2, 3, 4, 5])
        scene.desired.limits.groupSize = size
        #expect(try scene.plan().steps == steps)
        #expect(try scene.plan().held == held)
    }

    @Test("Adds beyond the day's budget are put off, with their promotions") func deferred() throws {
        var scene = try Scene()
        try scene.want([1, 9], as: .admin)
        try scene.want([7, 8])
        let key = scene.desired.key.sessionKey
        #expect(try scene.plan(budgets: [key: AddBudget(perDay: 50, used: 48)]).steps == ["add 7", "add 8"])
        #expect(try scene.plan(budgets: [key: AddBudget(perDay: 50, used: 48)]).held == ["deferred 9"])
        #expect(try scene.plan(budgets: [key: AddBudget(perDay: 50, used: 60)]).steps.isEmpty)
    }

    @Test("All groups of a session share one budget") func sharedBudget() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        try scene.want([7, 8])
        let draft = Planner.draft(scene.desired, try scene.observation, rules: scene.rules)
        let plan = Planner.plan(
            [draft, draft], policyDigest: "", limits: Limits(),
            budgets: [scene.desired.key.sessionKey: AddBudget(perDay: 3, used: 0)])
        #expect(plan.groups.map(\.actions.count) == [2, 1])
    }
}

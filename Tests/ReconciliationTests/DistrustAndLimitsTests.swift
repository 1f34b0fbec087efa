import Core
import Reconciliation
import Testing

@Suite("Blocked removals and demotions") struct DistrustAndLimitsTests {
    /// Person 1 is the own account; 7 is to be added, 5 promoted, 4 demoted, 2 removed.
    private func scene() throws -> Scene {
        var scene = try Scene()
        try scene.want([1, 5], as: .admin)
        try scene.want([4, 7])
        scene.have([4], as: .admin)
        scene.have([2, 5])
        return scene
    }

    private func expectWithheld(_ scene: Scene, _ cause: WithheldCause) throws {
        let plan = try scene.plan()
        #expect(plan.steps == ["add 7", "promote 5"])
        #expect(plan.held == ["withheld 2", "withheld 4"])
        #expect(plan.holds.allSatisfy { $0.message.contains(cause.explanation.text) })
        #expect(plan.isWithheld)
    }

    @Test("An empty member list blocks removals, while adds continue, but never of the own account") func emptyRoster()
        throws
    {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        try scene.want([2])
        scene.members = []
        let plan = try scene.plan()
        #expect(plan.steps == ["add 2"])
        #expect(plan.held == ["self 1"])
        // People that the policy does not name may be in the group without anybody knowing.
        #expect(plan.isWithheld)
        #expect(plan.warnings == [.doubtfulRoster(.rosterEmpty)])
        scene.desired.mode = .additive
        #expect(try !scene.plan().isWithheld)
    }

    @Test("An unknown own account blocks removals") func ownUnknown() throws {
        var scene = try scene()
        scene.own = nil
        try expectWithheld(scene, .ownAccountUnknown)
    }

    @Test("A member list without the own account blocks removals") func ownMissing() throws {
        var scene = try scene()
        scene.members.removeFirst()
        scene.desired.members.removeFirst()
        try expectWithheld(scene, .ownAccountMissing)
    }

    @Test("A count that differs from the member list blocks removals", arguments: [-1, 1, 40]) func countDiffers(
        offset: Int
    ) throws {
        var scene = try scene()
        scene.countOffset = offset
        let listed = scene.members.count
        try expectWithheld(scene, .countDiffers(reported: listed + offset, listed: listed))
    }

    @Test("A policy without a current entry blocks removals, unless it means it") func nobodyDesired() throws {
        var scene = try Scene()
        scene.have([2, 3])
        #expect(try scene.plan().held == ["self 1", "withheld 2", "withheld 3"])
        scene.desired.mayBeEmpty = true
        #expect(try scene.plan().steps == ["remove 2", "remove 3"])
    }

    @Test("A group beyond its limit blocks all removals", arguments: [Allowance.count(1), .percent(20)])
    func groupLimit(
        allowance: Allowance
    ) throws {
        var scene = try scene()
        scene.desired.limits.removals = allowance
        scene.desired.limits.removalsFloor = 1
        try expectWithheld(scene, .groupLimit(planned: 2, allowed: 1))
        scene.desired.limits.removalsFloor = 2
        let steps = try scene.plan().steps
        #expect(steps.contains("remove 2") == (allowance == .percent(20)))
    }

    @Test("Removals are done if exactly their number is accepted", arguments: [(1, false), (2, true), (3, false)])
    func accepted(
        count: Int, lifts: Bool
    ) throws {
        var scene = try scene()
        scene.desired.limits.removals = .count(0)
        #expect(try scene.plan(accepted: count).isWithheld == !lifts)
    }

    @Test("A run beyond its limit blocks removals in every group, counting all groups") func runLimit() throws {
        let scene = try scene()
        let draft = Planner.draft(scene.desired, try scene.observation, rules: scene.rules)
        func withheld(_ allowed: Int) -> Int {
            var limits = Limits()
            limits.removalsPerRun = .count(allowed)
            let plan = Planner.plan([draft, draft], policyDigest: "", limits: limits)
            return plan.groups.flatMap(\.holds).count(where: \.isWithheld)
        }
        #expect(withheld(4) == 0)
        #expect(withheld(3) == 4)
    }

    @Test("Steps that would leave too few admins are blocked one by one") func minAdmins() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        try scene.want([2, 9])
        scene.have([2, 3, 4], as: .admin)
        scene.have([9])
        scene.desired.limits.minAdmins = 3
        scene.desired.limits.minOtherAdmins = 0
        let plan = try scene.plan()
        #expect(plan.steps == ["demote 2"])
        #expect(plan.held == ["withheld 3", "withheld 4"])
    }

    @Test("Admins who are still to be added do not count") func adminsToCome() throws {
        var scene = try Scene()
        try scene.want([1, 7], as: .admin)
        scene.have([2], as: .admin)
        scene.desired.limits.minAdmins = 2
        let plan = try scene.plan()
        #expect(plan.steps == ["add 7", "promote 7"])
        #expect(plan.held == ["withheld 2"])
    }
}

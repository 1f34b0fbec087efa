import Core
import GatewayAPI
import Stage
import Testing

@testable import Reconciliation
@testable import RunLedger

@Suite("Quick comparison of a group") struct QuickComparisonTests {
    @Test("A group that matches its policy needs no full comparison")
    func plain() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        try scene.want([2, 3])
        scene.have([2, 3])
        let draft = try #require(try scene.glance())
        #expect(draft == Planner.draft(scene.desired, try scene.observation, rules: scene.rules))
        #expect(draft.isEmpty && draft.plan.holds.isEmpty && draft.plan.size == 3 && draft.plan.adminCount == 1)
    }

    @Test("A group with anything that is not plain has no quick result", arguments: Oddity.allCases)
    func odd(oddity: Oddity) throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        try scene.want([2, 3, 4])
        scene.have([2, 3, 4])
        var memory = SessionMemory()
        try oddity.happen(in: &scene, &memory)
        #expect(try scene.glance(memory) == nil)
    }

    /// Reasons for a full comparison, one at a time.
    enum Oddity: CaseIterable {
        case newcomer, stranger, swappedPeople, otherRole, unknownNumber, sharedNumber, otherCount, noOwnAccount,
            otherOwnNumber
        case otherName, hiddenCreator, shrunk, openCall, declined, asked

        func happen(in scene: inout Scene, _ memory: inout SessionMemory) throws {
            let (group, now) = (scene.desired.key.group, scene.rules.now)
            switch self {
            case .newcomer: try scene.want([5])
            case .stranger: scene.have([5])
            case .swappedPeople:
                try scene.want([5])
                scene.have([6])
            case .otherRole: scene.members[1].role = .admin
            case .unknownNumber: scene.hidden = [3]
            case .sharedNumber: scene.phones[try lid(3)] = try phone(2)
            case .otherCount: scene.countOffset = 1
            case .noOwnAccount: scene.own = nil
            case .otherOwnNumber: scene.own = OwnAccount(phone: try phone(2), lid: try lid(1))
            case .otherName: scene.desired.name = "Class 4c"
            case .hiddenCreator:
                scene.listedByNumber = [4]
                scene.owner = .lid(try lid(9))
            case .shrunk: memory.observations[group] = TrustedRoster(size: 9, observedAt: now)
            case .openCall:
                memory.openCalls[group] = [
                    OpenCall(
                        id: 1, group: group, operation: .remove, phone: try phone(9), account: .phone(try phone(9)),
                        lid: nil, sentAt: now, answeredAt: now, uncertainAttempts: 1, runLived: true, wasAccepted: true)
                ]
            case .declined:
                memory.declined[group] = [
                    try phone(2): DeclinedAdd(tries: 1, lastTriedAt: now, fingerprint: "")
                ]
            case .asked: memory.asked[group] = [try lid(9): now]
            }
        }
    }

    @Test("The quick comparison does not change a survey's findings", arguments: 0..<60)
    func equivalence(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed)
        let town = try QuickComparisonWorld(&dice)
        let (whole, glanced) = (
            try await town.read(glancing: false).readResult, try await town.read(glancing: true).readResult
        )
        #expect(whole.drafts == glanced.drafts)
        #expect(whole.findings == glanced.findings)
        #expect(whole.rates == glanced.rates)
    }

    @Test("The quick comparison settles groups in these towns, and none if it is off")
    func hits() async throws {
        var settled = 0
        for seed: UInt64 in 0..<60 {
            var dice = SeededGenerator(seed: seed)
            let town = try QuickComparisonWorld(&dice)
            settled += try await town.read(glancing: true).settled
            #expect(try await town.read(glancing: false).settled == 0)
        }
        #expect(settled > 100, "of 2,400 groups")
    }
}

extension Scene {
    /// Returns the scene's draft by quick comparison, as if every number were remembered; nil if it cannot decide.
    fileprivate func glance(_ memory: SessionMemory = SessionMemory()) throws -> GroupDraft? {
        let seen = try observation
        let wanted = try #require(DesiredRoles(desired))
        return QuickComparison.draft(
            of: desired.key.group, seen, remembered: KnownNumbers(seen.phones), memory: memory, wanted: { wanted })
    }
}

extension DesiredRoles {
    /// Creates the plain part of a group; nil if there is more to it.
    init?(_ desired: DesiredGroup) {
        guard desired.kept.isEmpty, desired.outOfTerm.isEmpty, desired.rejoin == .always else { return nil }
        self.init(key: desired.key, name: desired.name, limits: desired.limits, expecting: desired.members.count)
        for member in desired.members {
            guard let phone = member.person.phone, member.person.lid == nil else { return nil }
            want(phone, as: member.role)
        }
    }
}

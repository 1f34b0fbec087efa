import Core
import Reconciliation
import RunLedger
import Testing

@Suite("Plans") struct PlannerTests {
    @Test("A plan is empty if the group matches the policy") func noChange() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        try scene.want([2, 3])
        scene.have([2, 3])
        let plan = try scene.plan()
        #expect(plan.steps.isEmpty)
        #expect(plan.held.isEmpty)
        #expect(plan.fault == nil)
    }

    @Test("A plan adds, promotes, demotes and removes in this order, each sorted by number") func order() throws {
        var scene = try Scene()
        try scene.want([1, 7, 5], as: .admin)
        try scene.want([9, 8, 4])
        scene.have([4], as: .admin)
        scene.have([5, 2, 3])
        #expect(
            try scene.plan().steps
                == ["add 7", "add 8", "add 9", "promote 5", "promote 7", "demote 4", "remove 2", "remove 3"])
    }

    @Test("Each action has the policy line that asks for it, and a removal the group's line") func provenance() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        try scene.want([7])
        scene.have([2])
        let plan = try scene.plan()
        #expect(plan.actions.map(\.source.line) == [7, Scene.source.line])
        #expect(plan.actions.map(\.person) == ["p7", nil])
        #expect(plan.actions.last?.reason == "not in the policy")
    }

    @Test("Additive mode removes nobody") func additive() throws {
        var scene = try Scene()
        scene.desired.mode = .additive
        try scene.want([5], as: .admin)
        try scene.want([6, 7])
        scene.have([2, 5])
        scene.have([6], as: .admin)
        let plan = try scene.plan()
        #expect(plan.steps == ["add 7", "promote 5"])
        #expect(plan.held.isEmpty)
    }

    @Test("The own account is never removed or demoted", arguments: [true, false]) func ownAccount(
        byLID: Bool
    ) throws {
        var scene = try Scene()
        scene.own = OwnAccount(phone: byLID ? nil : try phone(1), lid: byLID ? try lid(1) : nil)
        try scene.want([5], as: .admin)
        scene.have([5], as: .admin)
        #expect(try scene.plan().held == ["self 1"])
        try scene.want([1])
        let plan = try scene.plan()
        #expect(plan.held == ["self 1"])
        #expect(plan.steps.isEmpty)
    }

    @Test("The creator, known by number or LID, is never removed or demoted", arguments: [true, false]) func creator(
        byLID: Bool
    ) throws {
        var scene = try Scene()
        scene.owner = byLID ? .lid(try lid(2)) : .phone(try phone(2))
        try scene.want([1], as: .admin)
        scene.have([2], as: .admin)
        #expect(try scene.plan().held == ["creator 2"])
        try scene.want([2])
        let plan = try scene.plan()
        #expect(plan.held == ["creator 2"])
        #expect(plan.steps.isEmpty)
    }

    @Test("The creator is known from the older form of a group id") func creatorFromGroupID() throws {
        var scene = try Scene(group: GroupID("62000000002-1500000000@g.us"))
        try scene.want([1], as: .admin)
        scene.have([2], as: .admin)
        #expect(try scene.plan().held == ["creator 2"])
    }

    @Test("Kept people are never changed, whether they are in the group, wanted, or neither") func keep() throws {
        var scene = try Scene()
        scene.desired.kept = try [2, 3, 4, 5].map { PersonReference(phone: try phone($0), lid: nil, name: nil) }
        try scene.want([1], as: .admin)
        try scene.want([3])
        try scene.want([4], as: .admin)
        scene.have([2], as: .admin)
        scene.have([4])
        let plan = try scene.plan()
        #expect(plan.steps.isEmpty)
        #expect(plan.held == ["keep 2", "keep 3", "keep 4"])
    }

    @Test("A LID without a number is not changed, but shown", arguments: GroupMode.allCases) func unresolved(
        mode: GroupMode
    ) throws {
        var scene = try Scene()
        scene.desired.mode = mode
        try scene.want([1], as: .admin)
        scene.have([2])
        scene.hidden = [2]
        let plan = try scene.plan()
        #expect(plan.steps.isEmpty)
        #expect(plan.held == ["unresolved 2"])
    }

    @Test("A plan warns that a person to add may already be in the group") func maybePresent() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        try scene.want([7])
        scene.have([2])
        scene.hidden = [2]
        #expect(try scene.plan().warnings == [.maybePresent(unresolved: 1)])
    }

    @Test("A LID pinned in the policy belongs to the person") func pinned() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        scene.desired.members.append(
            DesiredMember(
                person: PersonReference(phone: try phone(2), lid: try lid(2), name: "budi"), role: .admin,
                source: Scene.source, reason: nil))
        scene.have([2])
        scene.hidden = [2]
        let plan = try scene.plan()
        #expect(plan.steps == ["promote 2"])
        #expect(plan.held.isEmpty)
    }

    @Test("Nobody is changed whose pinned LID has another number at the gateway") func conflict() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        scene.desired.members.append(
            DesiredMember(
                person: PersonReference(phone: try phone(2), lid: try lid(3), name: "budi"), role: .admin,
                source: Scene.source, reason: nil))
        scene.have([3])
        // Until WhatsApp says whether both numbers are one account, nobody's pin is called wrong.
        var plan = try scene.plan()
        #expect(plan.steps.isEmpty)
        #expect(plan.holds.map(\.reason).filter { $0 == .identityUnasked }.count == 1)
        #expect(plan.warnings.isEmpty)
        scene.checks[try phone(2)] = CheckedNumber(
            isOnWhatsApp: true, account: .phone(try phone(2)), checkedAt: scene.rules.now)
        plan = try scene.plan()
        #expect(plan.steps.isEmpty)
        #expect(plan.held == ["unresolved 2"])
        #expect(plan.warnings == [.identityConflict(person: "budi")])
    }

    @Test("Nobody is changed whose number the gateway gives to two members") func sharedNumber() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        scene.have([2, 3])
        scene.phones = [try lid(2): try phone(4), try lid(3): try phone(4)]
        let plan = try scene.plan()
        #expect(plan.steps.isEmpty)
        #expect(plan.held == ["unresolved 4", "unresolved 4"])
    }

    @Test("A LID is never treated as the number with the same digits") func equalDigits() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        let same = try #require(PhoneNumber(digits: try lid(2).digits))
        scene.desired.members.append(
            DesiredMember(
                person: PersonReference(phone: same, lid: nil, name: nil), role: .member, source: Scene.source,
                reason: nil))
        scene.have([2])
        scene.hidden = [2]
        let plan = try scene.plan()
        #expect(plan.actions.map(\.phone) == [same])
        #expect(plan.held == ["unresolved 2"])
    }

    @Test("A person known only by LID cannot be added, and the plan says so") func lidOnly() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        scene.desired.members.append(
            DesiredMember(
                person: PersonReference(phone: nil, lid: try lid(2), name: nil), role: .member, source: Scene.source,
                reason: nil))
        #expect(try scene.plan().held == ["unresolved 2"])
        scene.have([2])
        #expect(try scene.plan().held.isEmpty)
    }

    @Test("Two entries that reach one account fail the group, naming both") func sameAccount() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        try scene.want([2])
        scene.desired.members.append(
            DesiredMember(
                person: PersonReference(phone: nil, lid: try lid(2), name: nil), role: .member, source: Scene.source,
                reason: nil))
        scene.have([2, 3])
        let plan = try scene.plan()
        #expect(plan.fault?.code == "same_account")
        #expect(plan.fault?.message.contains("policies/a.yaml:2:5") == true)
        #expect(plan.fault?.message.contains("policies/a.yaml:9:3") == true)
        #expect(plan.steps.isEmpty)
    }

    @Test("People outside their dates stay out or are removed with that reason") func terms() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        for (person, from, until) in [(2, nil, "2026-10-01"), (3, "2027-01-01", nil), (4, nil, "2026-10-01")] {
            scene.desired.outOfTerm.append(
                OutOfTermMember(
                    person: PersonReference(phone: try phone(UInt64(person)), lid: nil, name: nil), role: .member,
                    from: from.flatMap(CalendarDate.init(parsing:)), until: until.flatMap(CalendarDate.init(parsing:)),
                    source: SourceLocation(file: "policies/a.yaml", line: person, column: 5)))
        }
        scene.have([4])
        let plan = try scene.plan()
        #expect(plan.held == ["out_of_term 2", "out_of_term 3"])
        #expect(plan.steps == ["remove 4"])
        #expect(plan.actions.first?.source.line == 4)
        #expect(plan.actions.first?.reason == "the entry ended on 2026-10-01")
    }

    @Test("A plan warns if the group's subject differs from the policy's name") func nameDiffers() throws {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        scene.desired.name = "Class 5a"
        #expect(try scene.plan().warnings == [.nameDiffers(policy: "Class 5a", subject: "Class 4b")])
        scene.subject = "Class 5a"
        #expect(try scene.plan().warnings.isEmpty)
    }

    @Test("A group that the own account cannot change fails only if it needs changes")
    func notAdmin() throws {
        var scene = try Scene()
        scene.members = [(1, .member)]
        try scene.want([1])
        #expect(try scene.plan().fault == nil)
        try scene.want([2])
        let plan = try scene.plan()
        #expect(plan.fault == .notAdmin)
        #expect(plan.steps.isEmpty)
    }

    @Test("The order of the member list does not change the plan") func determinism() throws {
        var scene = try Scene()
        try scene.want([1, 7, 5], as: .admin)
        try scene.want([9, 8, 4])
        scene.have([4, 11], as: .admin)
        scene.have([5, 2, 3, 12, 13])
        scene.hidden = [12, 13]
        let first = try scene.plan()
        for _ in 0..<20 {
            scene.members.shuffle()
            #expect(try scene.plan() == first)
        }
    }
}

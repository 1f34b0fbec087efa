import Core
import GatewayAPI
import RunLedger

@testable import Reconciliation

/// One group's policy and what was read of it, in small numbers.
///
/// Person 7 has the number +62000000007 and, unless the scene says otherwise, the LID 9000007.
struct Scene {
    var desired: DesiredGroup
    var members: [(person: UInt64, role: Role)] = []
    var hidden: Set<UInt64> = []
    var listedByNumber: Set<UInt64> = []
    var owner: AccountID?
    var own: OwnAccount?
    var countOffset = 0
    var subject: String? = "Class 4b"
    var phones: [LID: PhoneNumber] = [:]
    var checks: [PhoneNumber: CheckedNumber] = [:]
    var memory = GroupMemory()
    var rules = PlanningRules(now: Timestamp(milliseconds: 1_795_435_200_000))

    static let groupID = GroupID("120363000000000001@g.us")
    static let source = SourceLocation(file: "policies/a.yaml", line: 9, column: 3)

    /// Creates a group whose session's account is person 1, an admin.
    init(group: GroupID? = groupID, session: SessionID? = SessionID("S1")) throws {
        guard let group, let session else { throw SceneError() }
        desired = DesiredGroup(
            key: GroupKey(gateway: .default, session: session, group: group), source: Self.source)
        own = OwnAccount(phone: try phone(1), lid: try lid(1))
        members = [(1, .admin)]
    }

    /// Adds people to the group's policy.
    mutating func want(_ people: [UInt64], as role: Role = .member) throws {
        for person in people {
            desired.members.append(
                DesiredMember(
                    person: PersonReference(phone: try phone(person), lid: nil, name: "p\(person)"), role: role,
                    source: SourceLocation(file: "policies/a.yaml", line: Int(person), column: 5), reason: nil))
        }
    }

    /// Adds people to the member list.
    mutating func have(_ people: [UInt64], as role: Role = .member) {
        members += people.map { ($0, role) }
    }

    var observation: GroupObservation {
        get throws {
            var known = phones
            for (person, _) in members where try !hidden.contains(person) && known[lid(person)] == nil {
                known[try lid(person)] = try phone(person)
            }
            return GroupObservation(
                record: GroupRecord(
                    id: desired.key.group, subject: subject, owner: owner, participantCount: members.count + countOffset
                ),
                roster: Roster(
                    members: try members.map { person, role in
                        let account: AccountID =
                            listedByNumber.contains(person) ? .phone(try phone(person)) : .lid(try lid(person))
                        return RosterMember(account: account, role: role)
                    }),
                phones: IdentityTable(known), own: own, checks: checks)
        }
    }

    /// Returns the plan of this scene alone.
    func plan(limits: Limits? = nil, accepted: Int? = nil, budgets: [SessionKey: AddBudget] = [:]) throws -> GroupPlan {
        let plan = Planner.plan(
            [Planner.draft(desired, try observation, memory: memory, rules: rules)], policyDigest: "sha256:00",
            limits: limits ?? desired.limits,
            acceptedRemovals: accepted, budgets: budgets)
        guard let group = plan.groups.first else { throw SceneError() }
        return group
    }
}

struct SceneError: Error {}

func phone(_ person: UInt64) throws -> PhoneNumber {
    guard let phone = PhoneNumber(digits: 62_000_000_000 + person) else { throw SceneError() }
    return phone
}

func lid(_ person: UInt64) throws -> LID {
    guard let lid = LID(digits: 9_000_000 + person) else { throw SceneError() }
    return lid
}

extension GroupPlan {
    /// The actions in short: `add 7`, `remove 3`.
    var steps: [String] {
        actions.map { "\($0.operation.rawValue) \(($0.phone?.digits ?? 62_000_000_000) - 62_000_000_000)" }
    }

    /// The holds in short: `unresolved 7`; a LID alone counts as its person.
    var held: [String] {
        holds.map { hold in
            let person = hold.phone.map { $0.digits - 62_000_000_000 } ?? hold.lid.map { $0.digits - 9_000_000 } ?? 0
            return "\(hold.kind) \(person)"
        }
    }
}

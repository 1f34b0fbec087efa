import Membership

/// One person's coming and going in one group, action by action.
///
/// What was done twice within thirty days and was to be done again, a plan pointed out. Whether something was done twice
/// since a moment is told by the second latest time, so nothing else has to be kept of each. There may be one of these for
/// every action of a ledger: they are small.
struct Coming {
    /// The number by which the policy or the roster knows the person.
    let phone: PhoneNumber
    /// The group's place.
    let group: UInt32
    private var membershipIsPointedOut = false
    private var roleIsPointedOut = false
    private var counts = SIMD4<UInt32>()
    private var membership = LatestTwo()
    private var role = LatestTwo()
    /// The last row that names them; 0 where none does.
    private(set) var namingRow: Int64 = 0

    init(of phone: PhoneNumber, in group: UInt32) {
        self.phone = phone
        self.group = group
    }

    /// Whether an action was done, or to be done, to them.
    func isAbout(_ action: PersonalAction) -> Bool {
        phone.digits == action.phone.digits && group == action.group
    }

    /// Takes one of their actions, in the order of the rows.
    mutating func take(_ action: PersonalAction) {
        if action.namingRow != 0 { namingRow = action.namingRow }
        let doneAt = action.doneAt
        let since = action.plannedAt.advanced(byMilliseconds: -Turns.window)
        switch action.operation.kind {
        case .membership:
            if membership.areBothLater(than: since) { membershipIsPointedOut = true }
            if let doneAt { membership.take(doneAt) }
        case .role:
            if role.areBothLater(than: since) { roleIsPointedOut = true }
            if let doneAt { role.take(doneAt) }
        }
        if doneAt != nil { counts[action.operation.place] += 1 }
    }

    /// How often what was done that plans pointed out; nil where they pointed nothing out.
    var turns: Turns? {
        guard membershipIsPointedOut || roleIsPointedOut else { return nil }
        // A plan may be older than the turns that were recorded before it: two alone have to be near each other.
        let isNear = membershipIsPointedOut && membership.areNear || roleIsPointedOut && role.areNear
        guard counts.wrappedSum() > Turns.fewest || isNear else { return nil }
        func count(_ operation: ActionOperation, _ isPointedOut: Bool) -> Int {
            isPointedOut ? Int(counts[operation.place]) : 0
        }
        return Turns(
            adds: count(.add, membershipIsPointedOut), removes: count(.remove, membershipIsPointedOut),
            promotes: count(.promote, roleIsPointedOut), demotes: count(.demote, roleIsPointedOut))
    }

    /// What the report says of them who took so many turns.
    func told(_ turns: Turns, in key: GroupKey, name: String?) -> FlappingPerson {
        let never = LatestTwo.never
        let last = max(membershipIsPointedOut ? membership.latest : never, roleIsPointedOut ? role.latest : never)
        return FlappingPerson(
            key: key, phone: phone, person: name, turns: turns, last: Timestamp(milliseconds: last))
    }
}

/// The latest two of some moments, in milliseconds since 1970.
private struct LatestTwo {
    /// Stands for a moment that there is none of.
    static let never = Int64.min

    private(set) var latest = never
    private var before = never

    mutating func take(_ time: Timestamp) {
        before = max(before, min(latest, time.milliseconds))
        latest = max(latest, time.milliseconds)
    }

    /// Whether there are two that are later than a moment.
    func areBothLater(than time: Timestamp) -> Bool { before > time.milliseconds }

    /// Whether there are two, thirty days apart at most.
    var areNear: Bool { before != Self.never && latest - before <= Turns.window }
}

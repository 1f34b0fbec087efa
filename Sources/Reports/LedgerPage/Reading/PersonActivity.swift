import Core
import RunLedger

/// The actions on one person in one group, for finding people who are added and removed repeatedly.
///
/// A plan warns if something was done twice within thirty days and is due again. The second latest time shows this, so
/// only two times are kept: there may be one value for every action in the ledger.
struct PersonActivity {
    /// The person's number, in the policy or the member list.
    let phone: PhoneNumber
    /// The group's index.
    let group: UInt32
    private var membershipWasReported = false
    private var roleWasReported = false
    private var counts = ActionCounts()
    private var membership = LatestTwo()
    private var role = LatestTwo()
    /// The last row that contains the person's name; 0 if there is none.
    private(set) var namingRow: Int64 = 0

    init(of phone: PhoneNumber, in group: UInt32) {
        self.phone = phone
        self.group = group
    }

    /// Whether an action concerns this person in this group.
    func isAbout(_ action: PersonalAction) -> Bool { phone.digits == action.phone.digits && group == action.group }

    /// Adds an action; call in the order of the rows.
    mutating func take(_ action: PersonalAction) {
        if action.namingRow != 0 { namingRow = action.namingRow }
        let doneAt = action.doneAt
        let since = action.plannedAt.advanced(byMilliseconds: -ActionCounts.flappingWindow)
        switch action.operation.kind {
        case .membership:
            if membership.areBothLater(than: since) { membershipWasReported = true }
            if let doneAt { membership.take(doneAt) }
        case .role:
            if role.areBothLater(than: since) { roleWasReported = true }
            if let doneAt { role.take(doneAt) }
        }
        if doneAt != nil { counts[action.operation] += 1 }
    }

    /// The changes that plans warned of; nil if there was no warning.
    var flapping: ActionCounts? {
        guard membershipWasReported || roleWasReported else { return nil }
        // A plan may be older than changes recorded before it, so two changes alone must also be near each other.
        let isNear = membershipWasReported && membership.areNear || roleWasReported && role.areNear
        guard counts.total > ActionCounts.minFlapping || isNear else { return nil }
        if !membershipWasReported { return counts.only(.role) }
        return roleWasReported ? counts : counts.only(.membership)
    }

    /// Returns the report's entry for the person.
    func entry(_ counts: ActionCounts, in key: GroupKey, name: String?) -> FlappingPerson {
        let never = LatestTwo.never
        let last = max(membershipWasReported ? membership.latest : never, roleWasReported ? role.latest : never)
        return FlappingPerson(key: key, phone: phone, person: name, counts: counts, last: Timestamp(milliseconds: last))
    }
}

/// The latest two of several times, in milliseconds since 1970.
private struct LatestTwo {
    /// No time.
    static let never = Int64.min

    private(set) var latest = never
    private var before = never

    mutating func take(_ time: Timestamp) {
        before = max(before, min(latest, time.milliseconds))
        latest = max(latest, time.milliseconds)
    }

    /// Whether both times exist and are later than this.
    func areBothLater(than time: Timestamp) -> Bool { before > time.milliseconds }

    /// Whether both times exist and are at most thirty days apart.
    var areNear: Bool { before != Self.never && latest - before <= ActionCounts.flappingWindow }
}

import Core
import RunLedger

/// A report on the ledger, as it was at one moment.
package struct LedgerReport: Hashable, Sendable {
    /// The number of runs in the ledger; the report may cover fewer.
    var runsInLedger = 0
    /// The covered runs, oldest first: the latest in the ledger.
    var runs: [ReportedRun] = []
    /// The periods of the charts; nil if there is no run.
    var periods: ReportPeriods?
    /// The groups in these runs, ordered by key.
    var groups: [ReportedGroup] = []
    /// The people who could not be added to a group where they belong, longest wait first.
    var absences: [Absence] = []
    /// The groups with blocked removals or demotions; those still blocked come first.
    var withheld: [WithheldGroup] = []
    /// The people who are changed repeatedly, most changes first.
    var flapping: [FlappingPerson] = []
    /// The groups whose changes fail night after night, ordered by key, covered or not.
    var failing: [FailingGroup] = []
    /// The changes that are sent and not confirmed yet, from covered and earlier runs.
    var unseen = UnseenChanges()
}

/// One run and its results.
struct ReportedRun: Hashable, Sendable {
    /// The run's row.
    var record: RunRecord
    /// How many changes its plan called for.
    var called = 0
    /// How many removals and demotions it blocked.
    var withheld = 0
    /// The number of groups by result.
    var groups: [GroupRunStatus: Int] = [:]
    /// The number of holds by kind, ordered by kind.
    var holds: [HeldKind] = []
    /// The first of its changes, in the order of the plan.
    var changes: [ActionRecord] = []
    /// The first of its groups with an error, ordered by key.
    var faults: [GroupRunRecord] = []

    /// The number of its groups with an error.
    var faultCount = 0
}

/// The number of holds of one kind.
struct HeldKind: Hashable, Sendable {
    /// The kind, for example `unresolved`.
    var kind: String
    /// The number.
    var count: Int
}

/// The result of one run for a group.
struct GroupResult: Hashable, Sendable {
    /// The run.
    var run: RunID
    /// The group's result.
    var status: GroupRunStatus
    /// The number of members at the end; nil if the member list could not be read.
    var size: Int?
    /// How many changes were called for or blocked; nil if the member list could not be read.
    var drift: Int?
}

/// One group in the covered runs.
struct ReportedGroup: Hashable, Sendable {
    /// The group.
    var key: GroupKey
    /// Its name as last recorded; untrusted text.
    var name: String?
    /// The last result in each period, with the greatest drift of the period; nil if there was none.
    var results: [GroupResult?]
    /// Why the last run failed for the group, in a sentence; nil if it did not.
    var error: String?
    /// The holds in the last run that could read the member list, by kind.
    var holds: [HeldKind] = []
    /// The changes that the gateway accepted.
    var taken = ActionCounts()

    /// The last result; nil if there was none.
    var latest: GroupResult? { results.last { $0 != nil } ?? nil }
}

/// A person who belongs in a group and is not there.
struct Absence: Hashable, Sendable {
    /// The group.
    var key: GroupKey
    /// The person's number in the policy.
    var phone: PhoneNumber
    /// The policy's name for the person, if a change contains it.
    var person: String?
    /// The kind of hold, or the status of an add that was just tried: `failed`, `declined` or `unknown`.
    var kind: String
    /// The reason, in a sentence.
    var message: String
    /// The first try or hold after the person was last added.
    var since: Timestamp
    /// How many adds were sent since then.
    var tries: Int
}

/// A group with blocked removals or demotions.
struct WithheldGroup: Hashable, Sendable {
    /// The group.
    var key: GroupKey
    /// Whether the last run that could read the member list still blocked them.
    var isCurrent: Bool
    /// How many were blocked in the last such run.
    var people: Int
    /// The reasons in that run, each once.
    var messages: [String]
    /// When the first such run began.
    var first: Timestamp
    /// When the last such run began.
    var last: Timestamp
    /// The number of such runs.
    var runs: Int
}

/// A person who is added and removed, or promoted and demoted, repeatedly.
struct FlappingPerson: Hashable, Sendable {
    /// The group.
    var key: GroupKey
    /// The person's number, in the policy or the member list.
    var phone: PhoneNumber
    /// The policy's name for the person, if a change contains it.
    var person: String?
    /// The number of changes by operation.
    var counts: ActionCounts
    /// When the last change happened.
    var last: Timestamp
}

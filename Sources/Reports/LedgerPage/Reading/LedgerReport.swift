package import Core
package import RunLedger

/// A report on the ledger, as it was at one moment.
package struct LedgerReport: Hashable, Sendable {
    /// The number of runs in the ledger; the report may cover fewer.
    package var runsInLedger: Int
    /// The covered runs, oldest first: the latest in the ledger.
    package var runs: [ReportedRun] = []
    /// The periods of the charts; nil if there is no run.
    package var periods: ReportPeriods?
    /// The groups in these runs, ordered by key.
    package var groups: [ReportedGroup] = []
    /// The people who could not be added to a group where they belong, longest wait first.
    package var absences: [Absence] = []
    /// The groups with blocked removals or demotions; those still blocked come first.
    package var withheld: [WithheldGroup] = []
    /// The people who are changed repeatedly, most changes first.
    package var flapping: [FlappingPerson] = []
    /// The groups whose changes fail night after night, ordered by key, covered or not.
    package var failing: [FailingGroup] = []
    /// The changes that are sent and not confirmed yet, from covered and earlier runs.
    package var unseen = UnseenChanges()

    /// Creates a report without runs.
    package init(runsInLedger: Int = 0) { self.runsInLedger = runsInLedger }
}

/// One run and its results.
package struct ReportedRun: Hashable, Sendable {
    /// The run's row.
    package var record: RunRecord
    /// How many changes its plan called for.
    package var called = 0
    /// How many removals and demotions it blocked.
    package var withheld = 0
    /// The number of groups by result.
    package var groups: [GroupRunStatus: Int] = [:]
    /// The number of holds by kind, ordered by kind.
    package var holds: [HeldKind] = []
    /// The first of its changes, in the order of the plan.
    package var changes: [ActionRecord] = []
    /// The first of its groups with an error, ordered by key.
    package var faults: [GroupRunRecord] = []

    /// Creates a run without results.
    package init(record: RunRecord) { self.record = record }

    /// The number of its groups with an error.
    package var faultCount = 0
}

/// The number of holds of one kind.
package struct HeldKind: Hashable, Sendable {
    /// The kind, for example `unresolved`.
    package var kind: String
    /// The number.
    package var count: Int
}

/// The result of one run for a group.
package struct GroupResult: Hashable, Sendable {
    /// The run.
    package var run: RunID
    /// The group's result.
    package var status: GroupRunStatus
    /// The number of members at the end; nil if the member list could not be read.
    package var size: Int?
    /// How many changes were called for or blocked; nil if the member list could not be read.
    package var drift: Int?
}

/// One group in the covered runs.
package struct ReportedGroup: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// Its name as last recorded; untrusted text.
    package var name: String?
    /// The last result in each period, with the greatest drift of the period; nil if there was none.
    package var results: [GroupResult?]
    /// Why the last run failed for the group, in a sentence; nil if it did not.
    package var error: String?
    /// The holds in the last run that could read the member list, by kind.
    package var holds: [HeldKind] = []
    /// The changes that the gateway accepted.
    package var taken = ActionCounts()

    /// Describes a group.
    package init(key: GroupKey, name: String?, results: [GroupResult?]) {
        self.key = key
        self.name = name
        self.results = results
    }

    /// The last result; nil if there was none.
    package var latest: GroupResult? { results.last { $0 != nil } ?? nil }
}

/// A person who belongs in a group and is not there.
package struct Absence: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// The person's number in the policy.
    package var phone: PhoneNumber
    /// The policy's name for the person, if a change contains it.
    package var person: String?
    /// The kind of hold, or the status of an add that was just tried: `failed`, `declined` or `unknown`.
    package var kind: String
    /// The reason, in a sentence.
    package var message: String
    /// The first try or hold after the person was last added.
    package var since: Timestamp
    /// How many adds were sent since then.
    package var tries: Int
}

/// A group with blocked removals or demotions.
package struct WithheldGroup: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// Whether the last run that could read the member list still blocked them.
    package var isCurrent: Bool
    /// How many were blocked in the last such run.
    package var people: Int
    /// The reasons in that run, each once.
    package var messages: [String]
    /// When the first such run began.
    package var first: Timestamp
    /// When the last such run began.
    package var last: Timestamp
    /// The number of such runs.
    package var runs: Int
}

/// A person who is added and removed, or promoted and demoted, repeatedly.
package struct FlappingPerson: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// The person's number, in the policy or the member list.
    package var phone: PhoneNumber
    /// The policy's name for the person, if a change contains it.
    package var person: String?
    /// The number of changes by operation.
    package var counts: ActionCounts
    /// When the last change happened.
    package var last: Timestamp
}

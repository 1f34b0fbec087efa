package import Membership

/// What a report tells of a ledger, all of it as it was at one moment.
package struct LedgerReport: Hashable, Sendable {
    /// How many runs the ledger holds; the report may cover fewer.
    package var runsInLedger: Int
    /// The runs that are covered, oldest first: the latest ones of the ledger.
    package var runs: [ReportedRun] = []
    /// The stretches of time by which groups and runs are gathered; nil where there is no run.
    package var periods: ReportPeriods?
    /// The groups that these runs looked at, in the order of their keys.
    package var groups: [ReportedGroup] = []
    /// The people who are wanted in a group and could not be added, who has waited longest first.
    package var absences: [Absence] = []
    /// The groups of which removals or demotions were withheld, those first of which it still is so.
    package var withheld: [WithheldGroup] = []
    /// The people to whom the same was done again and again, the most turns first.
    package var flapping: [FlappingPerson] = []
    /// The groups in which nothing can be changed, in the order of their keys, whether covered or not.
    package var failing: [FailingGroup] = []
    /// The changes that wait to be seen, whether of covered runs or of earlier ones.
    package var unseen = UnseenChanges()

    /// Tells of a ledger without runs.
    package init(runsInLedger: Int = 0) { self.runsInLedger = runsInLedger }
}

/// One run, with what it found.
package struct ReportedRun: Hashable, Sendable {
    /// The run's row.
    package var record: RunRecord
    /// How many changes its plan called for.
    package var called = 0
    /// How many removals and demotions it withheld.
    package var withheld = 0
    /// How many groups came out how.
    package var groups: [GroupRunStatus: Int] = [:]
    /// How many people it held back, by kind, in the order of the kinds.
    package var holds: [HeldKind] = []
    /// The first of its changes, in the order of the plan.
    package var changes: [ActionRecord] = []
    /// The first of its groups with an error, in the order of their keys.
    package var faults: [GroupRunRecord] = []

    /// Tells of a run that found nothing.
    package init(record: RunRecord) { self.record = record }

    /// How many of its groups have an error.
    package var faultCount = 0
}

/// How many people were held back for one kind of reason.
package struct HeldKind: Hashable, Sendable {
    /// The kind, for example `unresolved`.
    package var kind: String
    /// How many.
    package var count: Int

    /// Counts a kind.
    package init(kind: String, count: Int) {
        self.kind = kind
        self.count = count
    }
}

/// What one look at a group found.
package struct GroupLook: Hashable, Sendable {
    /// The run.
    package var run: RunID
    /// How the group came out.
    package var status: GroupRunStatus
    /// How many members it had at the end; nil where its roster could not be read.
    package var size: Int?
    /// How many changes were called for or withheld; nil where its roster could not be read.
    package var drift: Int?

    /// Describes a look.
    package init(run: RunID, status: GroupRunStatus, size: Int?, drift: Int?) {
        self.run = run
        self.status = status
        self.size = size
        self.drift = drift
    }
}

/// One group as the runs saw it.
package struct ReportedGroup: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// Its name as last recorded; a text from strangers.
    package var name: String?
    /// For each period the last look in it, with the greatest drift of the period; nil where there was none.
    package var looks: [GroupLook?]
    /// Why the last look failed, in a sentence; nil where it did not.
    package var error: String?
    /// What the last look held back, by kind.
    package var holds: [HeldKind] = []
    /// The changes that the gateway took.
    package var taken = RunTally()

    /// Tells of a group.
    package init(key: GroupKey, name: String?, looks: [GroupLook?]) {
        self.key = key
        self.name = name
        self.looks = looks
    }

    /// The last look; nil only where there was none.
    package var latest: GroupLook? { looks.last { $0 != nil } ?? nil }
}

/// Someone who is wanted in a group and is not there.
package struct Absence: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// The number by which the policy knows the person.
    package var phone: PhoneNumber
    /// The policy's name for the person, where a change named it.
    package var person: String?
    /// The kind of hold, or `failed`, `declined` or `unknown` for an add that was just tried.
    package var kind: String
    /// The reason, in a sentence.
    package var message: String
    /// Since when there is no success: the first try or hold after the person was last added.
    package var since: Timestamp
    /// How often an add was sent since.
    package var tries: Int

    /// Tells of someone.
    package init(
        key: GroupKey, phone: PhoneNumber, person: String?, kind: String, message: String, since: Timestamp, tries: Int
    ) {
        self.key = key
        self.phone = phone
        self.person = person
        self.kind = kind
        self.message = message
        self.since = since
        self.tries = tries
    }
}

/// A group of which removals or demotions were withheld.
package struct WithheldGroup: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// Whether the last look at the group still withheld them.
    package var isCurrent: Bool
    /// How many it was when it was last so.
    package var people: Int
    /// The reasons then, each once.
    package var messages: [String]
    /// When the first of these runs began.
    package var first: Timestamp
    /// When the last of these runs began.
    package var last: Timestamp
    /// How many runs it was so in.
    package var runs: Int

    /// Tells of a group.
    package init(
        key: GroupKey, isCurrent: Bool, people: Int, messages: [String], first: Timestamp, last: Timestamp, runs: Int
    ) {
        self.key = key
        self.isCurrent = isCurrent
        self.people = people
        self.messages = messages
        self.first = first
        self.last = last
        self.runs = runs
    }
}

/// Someone who was added to a group or removed from it, or made an admin or none, and for whom that was asked again and again.
package struct FlappingPerson: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// The number by which the policy or the roster knows the person.
    package var phone: PhoneNumber
    /// The policy's name for the person, where a change named it.
    package var person: String?
    /// How often what was done.
    package var turns: Turns
    /// When it last happened.
    package var last: Timestamp

    /// Tells of someone.
    package init(key: GroupKey, phone: PhoneNumber, person: String?, turns: Turns, last: Timestamp) {
        self.key = key
        self.phone = phone
        self.person = person
        self.turns = turns
        self.last = last
    }
}

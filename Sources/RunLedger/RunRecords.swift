package import Core

/// The status of a run.
package enum RunStatus: String, Sendable, CaseIterable {
    /// Running, or dead.
    case running
    /// Everything was carried out.
    case succeeded
    /// A change failed, was skipped or was declined; the rest was done.
    case incomplete
    /// Removals or demotions were blocked; the rest was done.
    case withheld
    /// A saved plan no longer fits a group; the rest was done.
    case stale
    /// Nothing useful was done.
    case failed
    /// A signal ended it.
    case interrupted
}

/// The result of one group in a run.
package enum GroupRunStatus: String, Sendable, CaseIterable {
    /// The group matches the policy.
    case unchanged
    /// All actions were carried out; in a plan: there are actions.
    case changed
    /// An action failed, was declined or was skipped.
    case incomplete
    /// Removals or demotions were blocked.
    case withheld
    /// The saved plan does not fit the group.
    case stale
    /// The group could not be read, or its calls were refused.
    case failed
    /// The run did not reach the group.
    case skipped
}

/// The status of an action.
package enum ActionStatus: String, Sendable, CaseIterable {
    /// Planned; nothing was sent.
    case planned
    /// About to be sent, or sent without a known answer.
    case sending
    /// The gateway accepted it; no member list shows it yet.
    case accepted
    /// A later member list shows it.
    case confirmed
    /// An accepted add that never showed an effect.
    case declined
    /// Not tried, with the reason.
    case skipped
    /// The gateway refused it.
    case failed
    /// It is unknown whether it took effect.
    case unknown

    /// Whether the gateway accepted it, as the counts of a run define it.
    var isTaken: Bool { self == .accepted || self == .confirmed }
}

/// One row of `runs`.
package struct RunRecord: Hashable, Sendable {
    /// The id.
    package var id: RunID
    /// `plan` or `apply`.
    package var command: String
    /// When it began.
    package var startedAt: Timestamp
    /// When it ended; nil while it runs or if it died.
    package var finishedAt: Timestamp?
    /// How it ended.
    package var status: RunStatus
    /// The exit code; nil while it runs or if it died.
    package var exitCode: Int?
    /// The digest of the policies.
    package var policyDigest: String
    /// The program's version.
    package var version: String
    /// The machine.
    package var host: String
    /// How many changes were planned or carried out.
    package var tally: RunTally

    /// Describes a run.
    package init(
        id: RunID, command: String, startedAt: Timestamp, finishedAt: Timestamp? = nil, status: RunStatus = .running,
        exitCode: Int? = nil, policyDigest: String, version: String, host: String, tally: RunTally = RunTally()
    ) {
        self.id = id
        self.command = command
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.status = status
        self.exitCode = exitCode
        self.policyDigest = policyDigest
        self.version = version
        self.host = host
        self.tally = tally
    }
}

/// The counts of a run: for a plan the changes it asks for, for an apply those that the gateway accepted.
package struct RunTally: Hashable, Sendable {
    /// Changes by operation.
    package var changes: ActionCounts
    /// Holds.
    package var holds: Int
    /// Groups and actions that failed.
    package var errors: Int

    /// Creates counts, zero by default.
    package init(changes: ActionCounts = ActionCounts(), holds: Int = 0, errors: Int = 0) {
        self.changes = changes
        self.holds = holds
        self.errors = errors
    }
}

/// One row of `group_runs`.
package struct GroupRunRecord: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// Its name in the policy, otherwise its subject; untrusted text.
    package var name: String?
    /// The result.
    package var status: GroupRunStatus
    /// Members before; nil if the member list could not be read.
    package var sizeBefore: Int?
    /// Members after; nil if it was not read again.
    package var sizeAfter: Int?
    /// The digest of the member list that the plan used.
    package var rosterDigest: String?
    /// A code for the error; nil if there is none.
    package var errorCode: String?
    /// The error in a sentence.
    package var error: String?

    /// Describes the result of a group.
    package init(
        key: GroupKey, name: String?, status: GroupRunStatus, sizeBefore: Int? = nil, sizeAfter: Int? = nil,
        rosterDigest: String? = nil, errorCode: String? = nil, error: String? = nil
    ) {
        self.key = key
        self.name = name
        self.status = status
        self.sizeBefore = sizeBefore
        self.sizeAfter = sizeAfter
        self.rosterDigest = rosterDigest
        self.errorCode = errorCode
        self.error = error
    }
}

/// One row of `actions`.
package struct ActionRecord: Hashable, Sendable {
    /// The row's id; 0 before it is stored.
    package var id: Int64
    /// The group.
    package var key: GroupKey
    /// The position in the group's plan, from 1.
    package var sequence: Int
    /// The change.
    package var operation: Operation
    /// The person's number, in the policy or the member list; nil if only the LID is known.
    package var phone: PhoneNumber?
    /// The LID, if known.
    package var lid: LID?
    /// The JID in the call.
    package var jid: String
    /// The policy's name for the person.
    package var person: String?
    /// The line of the policy.
    package var source: String
    /// The status.
    package var status: ActionStatus
    /// How many times the call was sent.
    package var attempts: Int
    /// The HTTP status of the last answer.
    package var httpStatus: Int?
    /// A code for the error.
    package var errorCode: String?
    /// The error in a sentence.
    package var error: String?
    /// When it was planned.
    package var plannedAt: Timestamp
    /// When its call was last sent; nil for never.
    package var sentAt: Timestamp?
    /// When its result was known.
    package var finishedAt: Timestamp?

    /// Describes a planned action.
    package init(
        id: Int64 = 0, key: GroupKey, sequence: Int, operation: Operation, phone: PhoneNumber?, lid: LID? = nil,
        jid: String? = nil, person: String? = nil, source: String, status: ActionStatus = .planned, attempts: Int = 0,
        httpStatus: Int? = nil, errorCode: String? = nil, error: String? = nil, plannedAt: Timestamp,
        sentAt: Timestamp? = nil, finishedAt: Timestamp? = nil
    ) {
        self.id = id
        self.key = key
        self.sequence = sequence
        self.operation = operation
        self.phone = phone
        self.lid = lid
        self.jid = jid ?? phone?.jid ?? lid?.description ?? ""
        self.person = person
        self.source = source
        self.status = status
        self.attempts = attempts
        self.httpStatus = httpStatus
        self.errorCode = errorCode
        self.error = error
        self.plannedAt = plannedAt
        self.sentAt = sentAt
        self.finishedAt = finishedAt
    }
}

/// One row of `holds`.
package struct HoldRecord: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// The kind, for example `unresolved`.
    package var kind: String
    /// The number, if known.
    package var phone: PhoneNumber?
    /// The LID, if known.
    package var lid: LID?
    /// The name, if known.
    package var person: String?
    /// The reason, in a sentence.
    package var message: String

    /// Describes a hold.
    package init(key: GroupKey, kind: String, phone: PhoneNumber?, lid: LID?, person: String? = nil, message: String) {
        self.person = person
        self.key = key
        self.kind = kind
        self.phone = phone
        self.lid = lid
        self.message = message
    }
}

/// The result of one attempt at a call.
package enum AttemptStatus: String, Sendable, CaseIterable {
    /// The gateway accepted the call.
    case accepted
    /// It had no effect.
    case failed
    /// The answer does not show whether it took effect.
    case unknown
}

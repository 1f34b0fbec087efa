package import Membership

/// How a run ended, or that it has not.
package enum RunStatus: String, Sendable, CaseIterable {
    /// It is at work, or died.
    case running
    /// All was carried out.
    case succeeded
    /// Something failed, was skipped or was declined; the rest was done.
    case incomplete
    /// Removals or demotions were held back; the rest was done.
    case withheld
    /// A saved plan no longer fitted some group; the rest was done.
    case stale
    /// Nothing useful was done.
    case failed
    /// A signal ended it.
    case interrupted
}

/// How one group came out of a run.
package enum GroupRunStatus: String, Sendable, CaseIterable {
    /// It is as the policy says.
    case unchanged
    /// All actions were carried out; in a plan, there are actions.
    case changed
    /// Some action failed, was declined or was skipped.
    case incomplete
    /// Removals or demotions were held back.
    case withheld
    /// The saved plan did not fit it.
    case stale
    /// It could not be read, or its calls were refused.
    case failed
    /// The run did not get to it.
    case skipped
}

/// How far an action has come.
package enum ActionStatus: String, Sendable, CaseIterable {
    /// In the plan, nothing sent.
    case planned
    /// About to be sent, or sent: the state before the answer is known.
    case sending
    /// The gateway took it; no roster has shown it yet.
    case accepted
    /// A later roster shows it.
    case confirmed
    /// An accepted add that never showed.
    case declined
    /// Left out, with the reason.
    case skipped
    /// The gateway refused it.
    case failed
    /// Whether it took effect cannot be told.
    case unknown

    /// Whether the gateway took it, as the counts of a run mean it.
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
    /// When it ended; nil while it runs, or where it died.
    package var finishedAt: Timestamp?
    /// How it ended.
    package var status: RunStatus
    /// The exit code; nil while it runs.
    package var exitCode: Int?
    /// The digest of the policies.
    package var policyDigest: String
    /// The program's version.
    package var version: String
    /// The machine.
    package var host: String
    /// How much was planned, or carried out.
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

/// The counts of a run: of a plan what it asks for, of an apply what the gateway took.
package struct RunTally: Hashable, Sendable {
    /// People added.
    package var adds: Int
    /// Members made admins.
    package var promotes: Int
    /// Admins made ordinary members.
    package var demotes: Int
    /// People removed.
    package var removes: Int
    /// What was held back.
    package var holds: Int
    /// Groups and actions that failed.
    package var errors: Int

    /// Counts nothing unless told.
    package init(
        adds: Int = 0, promotes: Int = 0, demotes: Int = 0, removes: Int = 0, holds: Int = 0, errors: Int = 0
    ) {
        self.adds = adds
        self.promotes = promotes
        self.demotes = demotes
        self.removes = removes
        self.holds = holds
        self.errors = errors
    }
}

/// One row of `group_runs`.
package struct GroupRunRecord: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// Its name: the policy's, else the subject; a text from strangers.
    package var name: String?
    /// How it came out.
    package var status: GroupRunStatus
    /// Members before; nil where the roster could not be read.
    package var sizeBefore: Int?
    /// Members after; nil where it was not read again.
    package var sizeAfter: Int?
    /// The digest of the roster that was planned from.
    package var rosterDigest: String?
    /// A word for what went wrong; nil where nothing did.
    package var errorCode: String?
    /// A sentence for it.
    package var error: String?

    /// Describes how a group came out.
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
    /// The place in the group's order, from 1.
    package var sequence: Int
    /// `add`, `promote`, `demote` or `remove`.
    package var operation: String
    /// The number by which the policy or the roster knows the person; nil where they are known by LID alone.
    package var phone: PhoneNumber?
    /// The LID where it is known.
    package var lid: LID?
    /// The JID that the call names.
    package var jid: String
    /// The policy's name for the person.
    package var person: String?
    /// The policy line.
    package var source: String
    /// How far it has come.
    package var status: ActionStatus
    /// How often the call was sent.
    package var attempts: Int
    /// The status of the last answer.
    package var httpStatus: Int?
    /// A word for what went wrong.
    package var errorCode: String?
    /// A sentence for it.
    package var error: String?
    /// When it was planned.
    package var plannedAt: Timestamp
    /// When its call was last sent; nil where it never was.
    package var sentAt: Timestamp?
    /// When its outcome was known.
    package var finishedAt: Timestamp?

    /// Describes a planned action.
    package init(
        id: Int64 = 0, key: GroupKey, sequence: Int, operation: String, phone: PhoneNumber?, lid: LID? = nil,
        jid: String? = nil,
        person: String? = nil, source: String, status: ActionStatus = .planned, attempts: Int = 0,
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
    /// The number where it is known.
    package var phone: PhoneNumber?
    /// The LID where it is known.
    package var lid: LID?
    /// The name where one is known.
    package var person: String?
    /// The reason, in a sentence.
    package var message: String

    /// Describes a hold.
    package init(
        key: GroupKey, kind: String, phone: PhoneNumber?, lid: LID?, person: String? = nil, message: String
    ) {
        self.person = person
        self.key = key
        self.kind = kind
        self.phone = phone
        self.lid = lid
        self.message = message
    }
}

package import Membership

/// What WhatsApp said of a number when it was last asked.
package struct CheckedNumber: Hashable, Sendable {
    /// Whether an account has the number.
    package var isOnWhatsApp: Bool
    /// The account as WhatsApp knows it; nil where it did not say.
    package var account: AccountID?
    /// When it was asked.
    package var checkedAt: Timestamp

    /// Describes an answer.
    package init(isOnWhatsApp: Bool, account: AccountID?, checkedAt: Timestamp) {
        self.isOnWhatsApp = isOnWhatsApp
        self.account = account
        self.checkedAt = checkedAt
    }
}

/// The adds of one person to one group that never showed.
package struct DeclinedAdd: Hashable, Sendable {
    /// How often it was tried.
    package var tries: Int
    /// When it was last tried.
    package var lastTriedAt: Timestamp
    /// What the policy's entry said then: another entry is another question.
    package var fingerprint: String

    /// Describes the tries so far.
    package init(tries: Int, lastTriedAt: Timestamp, fingerprint: String) {
        self.tries = tries
        self.lastTriedAt = lastTriedAt
        self.fingerprint = fingerprint
    }
}

/// The last roster of a group that could be trusted, and the much smaller one that is seen since.
package struct GoodObservation: Hashable, Sendable {
    /// How many members it had.
    package var size: Int
    /// When it was read.
    package var observedAt: Timestamp
    /// The roster of less than half the size; nil while there is none.
    package var shrinkage: Shrinkage?
    /// When the ledger last noted which LIDs the roster lists; nil if it never did.
    package var membersSeenAt: Timestamp?

    /// Describes an observation.
    package init(size: Int, observedAt: Timestamp, shrinkage: Shrinkage? = nil, membersSeenAt: Timestamp? = nil) {
        self.size = size
        self.observedAt = observedAt
        self.shrinkage = shrinkage
        self.membersSeenAt = membersSeenAt
    }
}

/// A roster that has lost more than half, for as long as it has lost little more.
package struct Shrinkage: Hashable, Sendable {
    /// Since when it has been like this.
    package var since: Timestamp
    /// The most members that it has listed since then.
    package var size: Int

    /// Describes a roster that has shrunk.
    package init(since: Timestamp, size: Int) {
        self.since = since
        self.size = size
    }
}

/// The moment at which the gateway last read a whole group from WhatsApp, with the roles of that moment: they are gone from the
/// gateway's store for whoever writes afterwards.
package struct GroupSnapshot: Hashable, Sendable {
    /// When it was taken, by the gateway's clock.
    package var takenAt: Timestamp
    /// How many participants the group had.
    package var size: Int
    /// Who was an admin.
    package var admins: Set<AccountID>
    /// Who had created the group, as far as the roster told; one of the admins.
    package var creator: AccountID?
    /// Who may have been an admin: they had written before the snapshot was first seen here.
    package var uncertain: Set<AccountID>
    /// When a run first saw it, by the clock here: it tells nothing of what was done later, whatever the gateway's clock says.
    package var seenAt: Timestamp?

    /// Describes a snapshot.
    package init(
        takenAt: Timestamp, size: Int, admins: Set<AccountID> = [], creator: AccountID? = nil,
        uncertain: Set<AccountID> = [], seenAt: Timestamp? = nil
    ) {
        self.seenAt = seenAt
        self.takenAt = takenAt
        self.size = size
        self.admins = admins
        self.creator = creator
        self.uncertain = uncertain
    }
}

/// Someone who was seen in a group, and whether it was us who took them out since.
package struct Sighting: Hashable, Sendable {
    /// When they were last seen.
    package var lastSeenAt: Timestamp
    /// Whether a removal of ours came after that.
    package var wasRemovedByUs: Bool

    /// Describes a sighting.
    package init(lastSeenAt: Timestamp, wasRemovedByUs: Bool) {
        self.lastSeenAt = lastSeenAt
        self.wasRemovedByUs = wasRemovedByUs
    }
}

/// All that earlier runs have learned of one session and its groups.
package struct SessionMemory: Hashable, Sendable {
    /// The numbers behind LIDs.
    package var phones = IdentityTable()
    /// The numbers by which LIDs were known before, the last first.
    package var formerPhones: [LID: [PhoneNumber]] = [:]
    /// The LIDs of each group whose numbers the gateway did not know, and when it was asked.
    package var asked: [GroupID: [LID: Timestamp]] = [:]
    /// What WhatsApp said of numbers.
    package var checks: [PhoneNumber: CheckedNumber] = [:]
    /// The adds that never showed.
    package var declined: [GroupID: [PhoneNumber: DeclinedAdd]] = [:]
    /// Whoever waits to be added, and since when.
    package var deferred: [GroupID: [PhoneNumber: Timestamp]] = [:]
    /// The last good roster of each group.
    package var observations: [GroupID: GoodObservation] = [:]
    /// Who was seen in groups that nobody is to rejoin.
    package var sightings: [GroupID: [PhoneNumber: Sighting]] = [:]
    /// Who was seen there by LID, while nobody knew the number.
    package var lidSightings: [GroupID: [LID: Sighting]] = [:]
    /// The calls whose outcome is not known.
    package var openCalls: [GroupID: [OpenCall]] = [:]
    /// When each group was last read from WhatsApp, as far as it was seen.
    package var snapshots: [GroupID: GroupSnapshot] = [:]
    /// Whether the session's store was seen to follow changes by itself.
    package var storeFollows = false

    /// Knows nothing.
    package init() {}
}

/// What a run has learned of one session, to be remembered.
package struct SessionFindings: Hashable, Sendable {
    /// The numbers behind LIDs.
    package var phones = IdentityTable()
    /// The LIDs of each group whose numbers the gateway did not know when it was asked.
    package var asked: [GroupID: Set<LID>] = [:]
    /// What WhatsApp said of numbers.
    package var checks: [PhoneNumber: CheckedNumber] = [:]
    /// Groups whose roster could be trusted, with its size.
    package var sizes: [GroupID: Int] = [:]
    /// The LIDs that rosters list, for groups in which this was not noted for a while.
    package var members: [GroupID: Set<LID>] = [:]
    /// Groups of which less than half is seen.
    package var shrunk: [GroupID: Shrinkage] = [:]
    /// People who were seen in groups that nobody is to rejoin.
    package var sighted: [GroupID: Set<PhoneNumber>] = [:]
    /// LIDs without a known number that were seen there.
    package var sightedLIDs: [GroupID: Set<LID>] = [:]
    /// People whose add never showed before, and who are there now.
    package var arrived: [GroupID: Set<PhoneNumber>] = [:]
    /// The rows of calls of earlier runs that have taken effect after all.
    package var confirmed: Set<Int64> = []
    /// Adds of earlier runs that the gateway took and a trusted roster does not show, by group and number.
    package var neverShown: [GroupID: [PhoneNumber: NeverShownAdd]] = [:]
    /// The rows of calls of earlier runs that a later snapshot shows to have had no effect.
    package var withoutEffect: Set<Int64> = []
    /// Snapshots that were not known yet.
    package var snapshots: [GroupID: GroupSnapshot] = [:]
    /// Whether the session's store was seen to follow changes by itself, or not to; nil where nothing was seen of that.
    package var storeFollows: Bool?

    /// Has learned nothing.
    package init() {}
}

/// What a confirmed or missing change means for later runs.
package enum MemoryNote: Hashable, Sendable {
    /// Someone was added and shows; whether sightings are kept for the group, and the LID and number by which the gateway lists them,
    /// where it tells both.
    case joined(isSighted: Bool, as: PersonReference?)
    /// Someone was added and does not show; with what the policy's entry says.
    case didNotShow(fingerprint: String)
    /// Someone's turn to be added has come, whatever became of it: they wait no longer.
    case hadTurn
    /// Someone was taken out by us.
    case removed
}

/// What has become of one action at the end of its group's run.
package struct SettledAction: Hashable, Sendable {
    /// The action's row.
    package var id: Int64
    /// The number by which the policy knows the person; nil where they are known by LID alone.
    package var phone: PhoneNumber?
    /// What has become of it.
    package var outcome: ActionOutcome
    /// What later runs are to know; nil for nothing.
    package var note: MemoryNote?

    /// Describes an outcome.
    package init(id: Int64, phone: PhoneNumber?, outcome: ActionOutcome, note: MemoryNote? = nil) {
        self.id = id
        self.phone = phone
        self.outcome = outcome
        self.note = note
    }
}

/// An add that the gateway took and that a later roster, to be trusted, does not show.
package struct NeverShownAdd: Hashable, Sendable {
    /// The rows of its tries.
    package var rows: Set<Int64>
    /// The tries so far, these included.
    package var tries: DeclinedAdd

    /// Describes the tries.
    package init(rows: Set<Int64>, tries: DeclinedAdd) {
        self.rows = rows
        self.tries = tries
    }
}

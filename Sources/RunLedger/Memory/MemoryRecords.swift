package import Core

/// WhatsApp's last answer about a number.
package struct CheckedNumber: Hashable, Sendable {
    /// Whether an account has the number.
    package var isOnWhatsApp: Bool
    /// The account as WhatsApp knows it; nil if it did not say.
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

/// The adds of one person to one group that never showed an effect.
package struct DeclinedAdd: Hashable, Sendable {
    /// The number of tries.
    package var tries: Int
    /// When the last try was.
    package var lastTriedAt: Timestamp
    /// The policy's entry at that time; another entry starts new tries.
    package var fingerprint: String

    /// Describes the tries so far.
    package init(tries: Int, lastTriedAt: Timestamp, fingerprint: String) {
        self.tries = tries
        self.lastTriedAt = lastTriedAt
        self.fingerprint = fingerprint
    }
}

/// The last trusted member list of a group, and the much smaller one that was seen since.
package struct TrustedRoster: Hashable, Sendable {
    /// The number of members.
    package var size: Int
    /// When it was read.
    package var observedAt: Timestamp
    /// The member list of less than half the size; nil if there is none.
    package var shrinkage: Shrinkage?
    /// When the ledger last noted which LIDs the roster lists; nil if it never did.
    package var membersSeenAt: Timestamp?
}

/// A member list that lost over half its members and has shrunk little since.
package struct Shrinkage: Hashable, Sendable {
    /// Since when it is this small.
    package var since: Timestamp
    /// The most members in it since then.
    package var size: Int

    /// Describes a smaller member list.
    package init(since: Timestamp, size: Int) {
        self.since = since
        self.size = size
    }
}

/// The moment when the gateway last read a whole group from WhatsApp, with the roles at that moment: its store loses
/// the role of anyone who writes later.
package struct GroupSnapshot: Hashable, Sendable {
    /// When it was taken, by the gateway's clock.
    package var takenAt: Timestamp
    /// How many participants the group had.
    package var size: Int
    /// The admins.
    package var admins: Set<AccountID>
    /// The creator, one of the admins, if the member list shows it.
    package var creator: AccountID?
    /// Possible admins: they had written before a run first saw the snapshot.
    package var uncertain: Set<AccountID>
    /// When a run first saw it, by the local clock: it shows no later change, whatever the gateway's clock says.
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

/// A person seen in a group, and whether Rollcall removed them since.
package struct Sighting: Hashable, Sendable {
    /// When they were last seen.
    package var lastSeenAt: Timestamp
    /// Whether Rollcall removed them after that.
    package var wasRemovedByUs: Bool
}

/// All that earlier runs learned of one session and its groups.
package struct SessionMemory: Hashable, Sendable {
    /// The numbers behind LIDs.
    package var phones = IdentityTable()
    /// The earlier numbers of LIDs, latest first.
    package var formerPhones: [LID: [PhoneNumber]] = [:]
    /// The LIDs of each group whose number the gateway did not know, and when it was asked.
    package var asked: [GroupID: [LID: Timestamp]] = [:]
    /// WhatsApp's answers about numbers.
    package var checks: [PhoneNumber: CheckedNumber] = [:]
    /// The adds that never showed an effect.
    package var declined: [GroupID: [PhoneNumber: DeclinedAdd]] = [:]
    /// The people who wait to be added, and since when.
    package var deferred: [GroupID: [PhoneNumber: Timestamp]] = [:]
    /// The last trusted member list of each group.
    package var observations: [GroupID: TrustedRoster] = [:]
    /// The people seen in groups with `rejoin: never`.
    package var sightings: [GroupID: [PhoneNumber: Sighting]] = [:]
    /// The LIDs without a known number seen in these groups.
    package var lidSightings: [GroupID: [LID: Sighting]] = [:]
    /// The calls with an unknown result.
    package var openCalls: [GroupID: [OpenCall]] = [:]
    /// When the gateway last read each group from WhatsApp, if a run saw it.
    package var snapshots: [GroupID: GroupSnapshot] = [:]
    /// Whether the gateway's store shows changes of the session's groups without a backfill.
    package var storeFollows = false

    /// Creates an empty memory.
    package init() {}
}

/// What a run learned of one session and records.
package struct SessionFindings: Hashable, Sendable {
    /// The numbers behind LIDs.
    package var phones = IdentityTable()
    /// The LIDs of each group whose number the gateway did not know.
    package var asked: [GroupID: Set<LID>] = [:]
    /// WhatsApp's answers about numbers.
    package var checks: [PhoneNumber: CheckedNumber] = [:]
    /// The sizes of trusted member lists.
    package var sizes: [GroupID: Int] = [:]
    /// The groups whose listed LIDs were not noted for a while.
    package var noted: [GroupID] = []
    /// The LIDs that the member lists of these groups have; a LID may be in it several times.
    package var members: [LID] = []
    /// The groups whose member list has less than half its size.
    package var shrunk: [GroupID: Shrinkage] = [:]
    /// The people seen in groups with `rejoin: never`.
    package var sighted: [GroupID: Set<PhoneNumber>] = [:]
    /// The LIDs without a known number seen in these groups.
    package var sightedLIDs: [GroupID: Set<LID>] = [:]
    /// The people who are now in a group where their add had not shown an effect.
    package var arrived: [GroupID: Set<PhoneNumber>] = [:]
    /// The rows of earlier calls that did take effect.
    package var confirmed: Set<Int64> = []
    /// Earlier adds that the gateway accepted and a trusted member list does not show, by group and number.
    package var neverShown: [GroupID: [PhoneNumber: NeverShownAdd]] = [:]
    /// The rows of earlier calls that had no effect, as a later snapshot shows.
    package var withoutEffect: Set<Int64> = []
    /// New snapshots.
    package var snapshots: [GroupID: GroupSnapshot] = [:]
    /// Whether the gateway's store shows changes of the session's groups without a backfill; nil if unknown.
    package var storeFollows: Bool?

    /// Creates empty findings.
    package init() {}
}

/// What a change means for later runs.
package enum MemoryNote: Hashable, Sendable {
    /// The person was added and is in the member list; with whether the group records sightings, and the LID and number
    /// in the member list if it has both.
    case joined(isSighted: Bool, as: PersonReference?)
    /// The person was added and is not in the member list; with the policy's entry.
    case didNotShow(fingerprint: String)
    /// The person no longer waits to be added, whatever the result.
    case hadTurn
    /// Rollcall removed the person.
    case removed
}

/// The result of one action at the end of its group's run.
package struct SettledAction: Hashable, Sendable {
    /// The id of the action's row.
    package var id: Int64
    /// The person's number in the policy; nil if only the LID is known.
    package var phone: PhoneNumber?
    /// The result.
    package var outcome: ActionOutcome
    /// What later runs must know; nil for nothing.
    package var note: MemoryNote?

    /// Describes a result.
    package init(id: Int64, phone: PhoneNumber?, outcome: ActionOutcome, note: MemoryNote? = nil) {
        self.id = id
        self.phone = phone
        self.outcome = outcome
        self.note = note
    }
}

/// An add that the gateway accepted and a later trusted member list does not show.
package struct NeverShownAdd: Hashable, Sendable {
    /// The rows of its tries.
    package var rows: Set<Int64>
    /// All tries so far, including these.
    package var tries: DeclinedAdd

    /// Describes the tries.
    package init(rows: Set<Int64>, tries: DeclinedAdd) {
        self.rows = rows
        self.tries = tries
    }
}

package import Core
package import GatewayAPI
package import RunLedger

/// The account of a session: by number, by LID, or by both.
package struct OwnAccount: Hashable, Sendable {
    /// The number; nil if it is not known.
    package let phone: PhoneNumber?
    /// The LID; nil if it is not known.
    package let lid: LID?

    /// Creates an account; nil if neither is known.
    package init?(phone: PhoneNumber?, lid: LID?) {
        guard phone != nil || lid != nil else { return nil }
        self.phone = phone
        self.lid = lid
    }
}

/// All that was read of one group at one moment.
package struct GroupObservation: Hashable, Sendable {
    /// The group's own record.
    package var record: GroupRecord
    /// What the gateway's rows prove.
    package var stored: StoredRoster
    /// The calls of earlier runs and of this one that are not confirmed yet.
    package var calls: [OpenCall]
    /// The numbers behind LIDs, if the gateway knows them.
    package var phones: IdentityTable
    /// The LIDs whose number comes from an earlier run only; calls name these members by LID.
    package var recalled: Set<LID> = []
    /// LIDs whose number differs from the number that the policy has for the person.
    package var changed: Set<LID> = []
    /// The numbers that contacts of other groups and sessions gave in this run.
    package var knownElsewhere: [LID: [PhoneNumber]] = [:]
    /// The group's contacts that have a nickname, ordered by LID; empty if the contacts were not read.
    package var nicknamed: [ContactRecord] = []
    /// The session's own account; nil if unknown.
    package var own: OwnAccount?
    /// The gateway's word for the session's state; nil if the token may not ask.
    package var sessionStatus: String?
    /// What WhatsApp says about the numbers of people who were not found.
    package var checks: [PhoneNumber: CheckedNumber]

    /// Describes what was read.
    package init(
        record: GroupRecord, roster: Roster, phones: IdentityTable, own: OwnAccount?,
        sessionStatus: String? = nil, checks: [PhoneNumber: CheckedNumber] = [:], store: StoreMemory = StoreMemory()
    ) {
        self.record = record
        stored = StoredRoster(roster, record: record, remembered: store.snapshot, followsChanges: store.followsChanges)
        calls = store.calls
        self.phones = phones
        self.own = own
        self.sessionStatus = sessionStatus
        self.checks = checks
    }
}

extension GroupObservation {
    /// The members and their roles, as the rows prove them.
    package var roster: Roster { stored.roster }
}

/// What earlier runs know about how a gateway stores a group, needed to interpret its rows.
package struct StoreMemory: Hashable, Sendable {
    /// The last snapshot of the group that a run saw.
    package var snapshot: GroupSnapshot?
    /// Whether the gateway's store shows changes of the session's groups without a backfill.
    package var followsChanges = false
    /// The calls that are not confirmed yet.
    package var calls: [OpenCall] = []
}

extension StoreMemory {
    /// Takes one group's part of a session's memory.
    init(_ memory: SessionMemory, of group: GroupID) {
        self.init(
            snapshot: memory.snapshots[group], followsChanges: memory.storeFollows, calls: memory.openCalls[group] ?? []
        )
    }
}

/// What earlier runs know about a group, as needed for a plan.
package struct GroupMemory: Sendable {
    /// The adds that never appeared.
    package var declined: [PhoneNumber: DeclinedAdd] = [:]
    /// Who was seen in the group, if the policy says `rejoin: never`.
    package var sightings: [PhoneNumber: Sighting] = [:]
    /// Who was seen by LID while the number was unknown.
    package var lidSightings: [LID: Sighting] = [:]
    /// The numbers that LIDs have or had, of members or not.
    var identities = KnownIdentities()
    /// The last roster that could be trusted.
    package var lastGood: TrustedRoster?
    /// When each accepted add was sent that no trusted roster has judged since.
    package var unconfirmedAdds: [PhoneNumber: Timestamp] = [:]
    /// Demotions and removals of the last day that the roster may not show yet.
    package var recentRemovals: [OpenCall] = []
    /// How many people may have been removed since `lastGood` by unconfirmed calls.
    package var removedSince = 0
    /// How the gateway stores the group.
    package var store = StoreMemory()

    /// Knows nothing.
    package init() {}

    /// Takes one group's part of a session's memory, and the known identities.
    init(_ memory: SessionMemory, of group: GroupID, _ identities: KnownIdentities = KnownIdentities()) {
        declined = memory.declined[group] ?? [:]
        sightings = memory.sightings[group] ?? [:]
        lastGood = memory.observations[group]
        removedSince = (memory.openCalls[group] ?? []).count { call in
            call.operation == .remove && lastGood.map { call.sentAt >= $0.observedAt } ?? false
        }
        store = StoreMemory(memory, of: group)
        self.identities = identities
        lidSightings = memory.lidSightings[group] ?? [:]
        markRemoved(by: memory.openCalls[group] ?? [])
    }

    /// Marks people as removed by us if they were not seen since our removal was sent, even if it is not confirmed yet.
    private mutating func markRemoved(by calls: [OpenCall]) {
        for call in calls where call.operation == .remove {
            if let phone = call.phone, let sighting = sightings[phone], call.sentAt >= sighting.lastSeenAt {
                sightings[phone]?.wasRemovedByUs = true
            }
            if let lid = call.lid, let sighting = lidSightings[lid], call.sentAt >= sighting.lastSeenAt {
                lidSightings[lid]?.wasRemovedByUs = true
            }
        }
    }

    /// Returns when an account was last seen in the group, by its LID or any number that it has or had; nil if never.
    func sighting(of account: AccountID) -> Sighting? {
        if sightings.isEmpty, lidSightings.isEmpty { return nil }
        let lids = account.lid.map { [$0] } ?? account.phone.map(identities.lids) ?? []
        let phones = Set(lids.flatMap(identities.numbers) + [account.phone].compactMap(\.self))
        return (phones.map { sightings[$0] } + lids.map { lidSightings[$0] }).compactMap(\.self).latest
    }
}

/// The time of a plan and the rules that depend on it.
package struct PlanningRules: Hashable, Sendable {
    /// Now.
    package var now: Timestamp
    /// When to try people again whose add never appeared.
    package var declined = DeclinedRule()
    /// Whether to try them now, whatever the rule says.
    package var retriesDeclined = false
}

extension PlanningRules {
    /// How long an answer about a number is recent, in milliseconds.
    private static let recency: Int64 = 3_600_000

    /// Whether WhatsApp has just said which account a number reaches, or that it reaches none.
    func isRecent(_ check: CheckedNumber?) -> Bool {
        guard let check, check.namesAccount else { return false }
        return now < check.checkedAt.advanced(byMilliseconds: Self.recency)
    }

    /// Whether an answer about a number is still valid.
    ///
    /// An answer that it reaches another number's account is valid for an hour only, as that number may change hands.
    func stands(_ check: CheckedNumber?, for phone: PhoneNumber) -> Bool {
        guard let check, check.namesAccount else { return false }
        guard let account = check.account?.phone, account != phone else { return true }
        return isRecent(check)
    }
}

extension [Sighting] {
    /// The latest sighting; of two at the same time, the one that our removal ended.
    var latest: Sighting? {
        self.max { left, right in
            left.lastSeenAt == right.lastSeenAt
                ? !left.wasRemovedByUs && right.wasRemovedByUs : left.lastSeenAt < right.lastSeenAt
        }
    }
}

extension Shrinkage {
    /// After this long, a roster that lost more than half of its members counts as real, in milliseconds.
    private static let lifetime: Int64 = 86_400_000

    /// When the roster counts as real, unless it shrinks further before.
    var clearsAt: Timestamp { since.advanced(byMilliseconds: Self.lifetime) }

    /// Whether a roster of a size is still like this: it may be up to a tenth smaller, rounded up.
    fileprivate func covers(_ listed: Int) -> Bool { listed >= size - (size + 9) / 10 }
}

extension TrustedRoster {
    /// Whether a roster has lost more than half of its members, not counting our removals; false below four members.
    func hasShrunk(to listed: Int, removedSince: Int = 0) -> Bool { size >= 4 && listed * 2 < size - removedSince }

    /// Returns since when a roster is small, and its largest size since it last shrank by more than a tenth.
    func shrinkage(to listed: Int, at now: Timestamp) -> Shrinkage {
        guard let shrinkage, shrinkage.covers(listed) else { return Shrinkage(since: now, size: listed) }
        return Shrinkage(since: shrinkage.since, size: max(shrinkage.size, listed))
    }
}

package import GatewayAPI
package import Membership
package import RunLedger

/// The account that a session acts as: by number, by LID, or by both.
package struct OwnAccount: Hashable, Sendable {
    /// The number; nil where it is not known.
    package let phone: PhoneNumber?
    /// The LID; nil where it is not known.
    package let lid: LID?

    /// Takes what is known; nil where that is nothing.
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
    /// What the rows prove that the gateway stores of it.
    package var stored: StoredRoster
    /// The calls of earlier runs, and of this one, of whose effect nothing is known yet.
    package var calls: [OpenCall]
    /// The numbers behind LIDs, as far as the gateway knows them.
    package var phones: IdentityTable
    /// Those of them that an earlier run has learned and nothing tells now: a call names such a member by LID.
    package var recalled: Set<LID> = []
    /// LIDs that the gateway gives another number than the one by which the policy asks for the person.
    package var changed: Set<LID> = []
    /// What the contacts of other groups, of this session or others, have told in this run.
    package var toldElsewhere: [LID: [PhoneNumber]] = [:]
    /// What people call themselves, with a `~` in front: texts from strangers, as far as the contacts of the group were asked for.
    package var nicknames: [AccountID: String] = [:]
    /// The account that acts; nil where it is not known.
    package var own: OwnAccount?
    /// The gateway's word for the session's state; nil where it may not be asked.
    package var sessionStatus: String?
    /// What WhatsApp says of the numbers of people who were not found.
    package var checks: [PhoneNumber: CheckedNumber]

    /// Describes what was read.
    package init(
        record: GroupRecord, roster: Roster, phones: IdentityTable, own: OwnAccount?,
        sessionStatus: String? = nil, checks: [PhoneNumber: CheckedNumber] = [:],
        store: StoreMemory = StoreMemory()
    ) {
        self.record = record
        stored = StoredRoster(roster, record: record, remembered: store.snapshot, follows: store.follows)
        calls = store.calls
        self.phones = phones
        self.own = own
        self.sessionStatus = sessionStatus
        self.checks = checks
    }
}

extension GroupObservation {
    /// The members and their roles, as far as the rows prove them.
    package var roster: Roster { stored.roster }
}

/// What earlier runs know of how a gateway stores a group, by which its rows are read.
package struct StoreMemory: Hashable, Sendable {
    /// When the group was last read from WhatsApp, as far as it was seen.
    package var snapshot: GroupSnapshot?
    /// Whether the session's store was seen to follow changes by itself.
    package var follows: Bool
    /// The calls of whose effect nothing is known yet.
    package var calls: [OpenCall]

    /// Describes what is known; nothing by default.
    package init(snapshot: GroupSnapshot? = nil, follows: Bool = false, calls: [OpenCall] = []) {
        self.snapshot = snapshot
        self.follows = follows
        self.calls = calls
    }

    /// What a session's memory holds of one of its groups.
    init(_ memory: SessionMemory, of group: GroupID) {
        self.init(
            snapshot: memory.snapshots[group], follows: memory.storeFollows, calls: memory.openCalls[group] ?? [])
    }
}

/// What earlier runs know of a group, as far as a plan depends on it.
package struct GroupMemory: Sendable {
    /// The adds that never showed.
    package var declined: [PhoneNumber: DeclinedAdd]
    /// Who was seen in the group, where nobody is to rejoin.
    package var sightings: [PhoneNumber: Sighting]
    /// Who was seen there by LID, while nobody knew the number.
    package var lidSightings: [LID: Sighting] = [:]
    /// The numbers by which LIDs are known today or were before, of members or not.
    var identities = KnownIdentities()
    /// The last roster that could be trusted.
    package var lastGood: GoodObservation?
    /// Adds that the gateway took, and when, of which no roster that can be trusted has told anything.
    package var unconfirmedAdds: [PhoneNumber: Timestamp] = [:]
    /// Demotions and removals of the last day that the roster may not show yet.
    package var takenAway: [OpenCall] = []
    /// How many people may have been removed since then by calls whose outcome no run has seen.
    package var removedSince = 0
    /// What is known of how the gateway stores the group.
    package var store = StoreMemory()

    /// Describes what is known; nothing by default.
    package init(
        declined: [PhoneNumber: DeclinedAdd] = [:], sightings: [PhoneNumber: Sighting] = [:],
        lastGood: GoodObservation? = nil
    ) {
        self.declined = declined
        self.sightings = sightings
        self.lastGood = lastGood
    }

    /// What a session's memory holds of one of its groups, and what is known of who is behind LIDs.
    init(_ memory: SessionMemory, of group: GroupID, _ identities: KnownIdentities = KnownIdentities()) {
        self.init(
            declined: memory.declined[group] ?? [:], sightings: memory.sightings[group] ?? [:],
            lastGood: memory.observations[group])
        removedSince = (memory.openCalls[group] ?? []).count { call in
            call.operation == Operation.remove.rawValue && lastGood.map { call.sentAt >= $0.observedAt } ?? false
        }
        store = StoreMemory(memory, of: group)
        self.identities = identities
        lidSightings = memory.lidSightings[group] ?? [:]
        takeForRemoved(by: memory.openCalls[group] ?? [])
    }

    /// Whoever has not been seen since a removal of ours was sent has not left without our doing, though no run has seen yet
    /// what became of it.
    private mutating func takeForRemoved(by calls: [OpenCall]) {
        for call in calls where call.operation == Operation.remove.rawValue {
            if let phone = call.phone, let sighting = sightings[phone], call.sentAt >= sighting.lastSeenAt {
                sightings[phone]?.wasRemovedByUs = true
            }
            if let lid = call.lid, let sighting = lidSightings[lid], call.sentAt >= sighting.lastSeenAt {
                lidSightings[lid]?.wasRemovedByUs = true
            }
        }
    }

    /// When an account was last seen in the group, by its LID and by every number that it has or had; nil where it was not.
    func sighting(of account: AccountID) -> Sighting? {
        if sightings.isEmpty, lidSightings.isEmpty { return nil }
        let lids = account.lid.map { [$0] } ?? account.phone.map(identities.lids) ?? []
        let phones = Set(lids.flatMap(identities.numbers) + [account.phone].compactMap(\.self))
        return (phones.map { sightings[$0] } + lids.map { lidSightings[$0] }).compactMap(\.self).latest
    }
}

/// The moment of a plan and the rules that depend on it.
package struct PlanningRules: Hashable, Sendable {
    /// Now.
    package var now: Timestamp
    /// When people whose add never showed are tried again.
    package var declined: DeclinedRule
    /// Whether they are tried again now, whatever the rule says.
    package var retriesDeclined: Bool

    /// Describes the rules.
    package init(now: Timestamp, declined: DeclinedRule = DeclinedRule(), retriesDeclined: Bool = false) {
        self.now = now
        self.declined = declined
        self.retriesDeclined = retriesDeclined
    }
}

extension PlanningRules {
    /// How long an answer about a number is recent, in milliseconds.
    private static let recency: Int64 = 3_600_000

    /// Whether WhatsApp has just said which account a number reaches, or that it reaches none.
    func isRecent(_ check: CheckedNumber?) -> Bool {
        guard let check, check.tellsAccount else { return false }
        return now < check.checkedAt.advanced(byMilliseconds: Self.recency)
    }

    /// Whether what WhatsApp said of a number may still be relied on: that it reaches the account of another number, which may be a
    /// stranger's at any time, only for an hour.
    func stands(_ check: CheckedNumber?, for phone: PhoneNumber) -> Bool {
        guard let check, check.tellsAccount else { return false }
        guard let account = check.account?.phone, account != phone else { return true }
        return isRecent(check)
    }
}

extension [Sighting] {
    /// The last of them; of two that are equally late, the one that a removal of ours has ended.
    var latest: Sighting? {
        self.max { left, right in
            left.lastSeenAt == right.lastSeenAt
                ? !left.wasRemovedByUs && right.wasRemovedByUs : left.lastSeenAt < right.lastSeenAt
        }
    }
}

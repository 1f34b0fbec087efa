import Core
import GatewayAPI
import RunLedger

/// One group as it was read and compared with its policy.
struct GroupReading: Sendable {
    let index: Int
    let key: GroupKey
    var draft: GroupDraft
    /// What was read; kept only if a second comparison may help.
    var observation: GroupObservation?
    /// The numbers behind the members' LIDs; kept as long as `observation`.
    var identities: Identities?
    /// The numbers that the gateway reported for this group in this run.
    var learned = IdentityTable()
    /// The LIDs that were looked up without an answer.
    var asked: Set<LID> = []
    /// The members with unknown numbers.
    var unresolved: Set<LID> = []
    /// Numbers of wanted and kept people, and the creator's, that the roster does not show.
    var unseen: [PhoneNumber] = []
    /// The policy's numbers of people to be removed who are known only by `lid:`, if a wanted person is not seen; both
    /// may be one person.
    var removedByPolicyNumber: [PhoneNumber] = []
    /// The policy's numbers for listed LIDs that the gateway reports differently, if WhatsApp has not said whether both
    /// are one account.
    var uncheckedPolicyNumbers: [PhoneNumber] = []
    /// The unseen numbers of people under `keep:`.
    var unseenKept: [PhoneNumber] = []
    /// Numbers of entries whose dates exclude today and that the roster does not show.
    var unseenOutOfTerm: [PhoneNumber] = []
    /// People whose earlier adds never appeared, and who are in the group now.
    var arrived: Set<PhoneNumber> = []
    /// Unconfirmed calls of earlier runs that have taken effect.
    var confirmed: Set<Int64> = []
    /// Accepted adds of earlier runs that a trusted roster does not show.
    var neverShown: [PhoneNumber: NeverShownAdd] = [:]
    /// The members with known numbers, if the policy says `rejoin: never`.
    var sighted: Set<PhoneNumber> = []
    /// The other members, if the policy says `rejoin: never`.
    var sightedLIDs: Set<LID> = []
    /// Calls of earlier runs that had no effect, as a later snapshot shows.
    var withoutEffect: Set<Int64> = []
    /// The LIDs that the roster lists, if it is time to note them in the ledger.
    var members: [LID]?
    /// The newest snapshot of the group, if it is new to Rollcall.
    var snapshot: GroupSnapshot?
    /// Whether the gateway's store shows changes without a backfill, if that is new to Rollcall.
    var storeFollows: Bool?

    init(index: Int, key: GroupKey, draft: GroupDraft) {
        self.index = index
        self.key = key
        self.draft = draft
    }
}

extension ReadRequest {
    /// How long an answer about a number or a LID is used without asking again, in milliseconds.
    static let identityLifetime: Int64 = 7 * 86_400_000
    /// How long "no account" is used without asking again, in milliseconds.
    static let absenceLifetime: Int64 = 86_400_000
    /// How often the ledger notes which LIDs a roster lists, in milliseconds; a third of `Ledger.minimumRetention`.
    static let memberInterval: Int64 = 30 * 86_400_000
    /// How many expired answers a session refreshes in one run.
    ///
    /// With the session, its groups and their rosters, a run over N unchanged groups costs at most N + 4 reads.
    static let refreshesPerRun = 2

    func memory(of key: GroupKey) -> SessionMemory { memory[key.sessionKey] ?? SessionMemory() }

    func isPast(_ time: Timestamp, lifetime: Int64) -> Bool { time.advanced(byMilliseconds: lifetime) <= rules.now }

    /// Returns the session's LIDs whose lookup without an answer is oldest, with their groups.
    func lidsToRefresh(of session: SessionKey) -> [(group: GroupID, lid: LID)] {
        guard let asked = memory[session]?.asked, !asked.isEmpty else { return [] }
        var due: [(time: Timestamp, group: GroupID, lid: LID)] = []
        for key in groups where key.sessionKey == session {
            for (lid, time) in asked[key.group] ?? [:] where isPast(time, lifetime: Self.identityLifetime) {
                due.append((time, key.group, lid))
            }
        }
        let longest = due.sorted { ($0.time, $0.group, $0.lid) < ($1.time, $1.group, $1.lid) }
        return longest.prefix(Self.refreshesPerRun).map { ($0.group, $0.lid) }
    }

    /// Returns the LIDs that a roster lists, if the ledger has not noted them for a while; nil otherwise.
    func membersToNote(_ seen: GroupObservation, of key: GroupKey) -> [LID]? {
        if let notedAt = memory(of: key).observations[key.group]?.membersSeenAt,
            !isPast(notedAt, lifetime: Self.memberInterval)
        {
            return nil
        }
        return seen.roster.members.compactMap(\.account.lid)
    }
}

extension GroupReading {
    /// Stores what later steps or later runs need to know about the group.
    mutating func note(_ desired: DesiredGroup, _ seen: GroupObservation, _ memory: SessionMemory) {
        let evidence = Evidence(seen)
        unresolved = evidence.unresolved
        unseen = evidence.unseen(by: desired, owner: seen.record.owner)
        let pinned = draft.removals.filter { $0.account.lid != nil }
            .compactMap { $0.lid.flatMap { desired.named[$0]?.phone } }
        uncheckedPolicyNumbers = evidence.uncheckedPolicyNumbers(of: desired)
        removedByPolicyNumber = unseen.isEmpty ? [] : Set(pinned).sorted()
        unseenKept = desired.kept.filter { evidence.entries(of: $0).isEmpty }.compactMap(\.phone).sorted()
        unseenOutOfTerm = desired.outOfTerm.filter { evidence.entries(of: $0.person).isEmpty }
            .compactMap(\.person.phone).sorted()
        arrived = Set((memory.declined[key.group] ?? [:]).keys.filter { evidence.shows($0) })
        neverShown = draft.hasSoundRoster ? memory.addsNotShown(by: evidence, desired) : [:]
        let calls = memory.openCalls[key.group] ?? []
        confirmed = Set(calls.filter { evidence.verdict(on: $0) == .shown }.map(\.id))
        let isLater = evidence.stored.basis != .list
        withoutEffect = Set(
            calls.filter { isLater && $0.operation != .add && evidence.verdict(on: $0) == .notShown }.map(\.id))
        sighted = desired.rejoin == .never ? evidence.everyone(wantedBy: desired) : []
        sightedLIDs = desired.rejoin == .never ? unresolved : []
        let mayLearnMore =
            !unresolved.isEmpty || !draft.adds.isEmpty || draft.removalCount > 0 || draft.doubt == .ownAccountMissing
            || (!draft.isEmpty && !unseenKept.isEmpty) || !uncheckedPolicyNumbers.isEmpty
            || draft.plan.holds.contains { hold in
                hold.reason == .notOnWhatsApp || hold.reason.isOfTwoNumbers
                    || hold.isOfDeclined && hold.phone.map { memory.checks[$0]?.namesAccount != true } ?? false
            }
        observation = mayLearnMore ? seen : nil
        if !mayLearnMore { identities = nil }
    }
}

extension SessionMemory {
    /// Returns the adds of earlier runs that the roster does not show, counted as tries of today's entry.
    ///
    /// A single add whose answer was lost in a dead or interrupted run may never have been sent, so it is not a try.
    func addsNotShown(by evidence: Evidence, _ desired: DesiredGroup) -> [PhoneNumber: NeverShownAdd] {
        let group = desired.key.group
        guard let calls = openCalls[group]?.filter({ $0.operation == .add }), !calls.isEmpty else { return [:] }
        // An add that failed with an error of the gateway is not a decline.
        let missing = calls.filter { !$0.failedUnclearly && evidence.verdict(on: $0) == .notShown }
        var adds: [PhoneNumber: NeverShownAdd] = [:]
        for (phone, open) in Dictionary(grouping: missing, by: \.phone) {
            guard let phone else { continue }
            let certain = open.count { $0.wasAccepted || ($0.runLived && $0.uncertainAttempts > 1) }
            let tries = certain + max(0, open.count - certain - 1)
            guard tries > 0, let member = desired.members.first(where: { $0.person.phone == phone }),
                let last = open.map(\.sentAt).max()
            else { continue }
            let known = declined[group]?[phone]
            let before = known?.fingerprint == member.fingerprint ? known?.tries ?? 0 : 0
            adds[phone] = NeverShownAdd(
                rows: Set(open.map(\.id)),
                tries: DeclinedAdd(
                    tries: before + tries, lastTriedAt: max(last, known?.lastTriedAt ?? last),
                    fingerprint: member.fingerprint))
        }
        return adds
    }
}

import Membership
import RunLedger

/// One group as a survey has read and compared it.
struct Examination: Sendable {
    let index: Int
    let key: GroupKey
    var draft: GroupDraft
    /// What was read, kept only while a second look may be worth it.
    var observation: GroupObservation?
    /// Who is behind the members' LIDs, kept as long.
    var identities: Identities?
    /// The numbers that the gateway told for this group in this run.
    var learned = IdentityTable()
    /// The LIDs whose numbers it was asked for in vain.
    var asked: Set<LID> = []
    /// Members whose numbers nobody knows.
    var unresolved: Set<LID> = []
    /// Numbers that the policy wants or keeps, and the creator's, that the roster does not show.
    var unseen: [PhoneNumber] = []
    /// The numbers of people who are to go and whom the policy's `lid:` alone names, where somebody is not seen: they may be the same.
    var removedByPin: [PhoneNumber] = []
    /// The numbers by which the policy pins members whom the gateway gives another one, where WhatsApp has not said whether they are one.
    var unaskedPins: [PhoneNumber] = []
    /// Those of the unseen whom the policy keeps.
    var unseenKept: [PhoneNumber] = []
    /// Numbers that the policy names for other days, and that the roster does not show.
    var unseenOutOfTerm: [PhoneNumber] = []
    /// People whose adds never showed before and who are there.
    var arrived: Set<PhoneNumber> = []
    /// Calls of earlier runs whose outcome was not known and that have taken effect.
    var confirmed: Set<Int64> = []
    /// Adds of earlier runs that the gateway took and a trusted roster does not show.
    var neverShown: [PhoneNumber: NeverShownAdd] = [:]
    /// Everyone whose number is known, where nobody is to rejoin.
    var sighted: Set<PhoneNumber> = []
    /// Everyone else, where nobody is to rejoin.
    var sightedLIDs: Set<LID> = []
    /// Calls of earlier runs that a later snapshot shows to have had no effect.
    var withoutEffect: Set<Int64> = []
    /// The LIDs that the roster lists, if it is time to note them in the ledger.
    var members: Set<LID>?
    /// When the group was last read from WhatsApp, where that was not known yet.
    var snapshot: GroupSnapshot?
    /// Whether the session's store was seen to follow changes, or not to, where that was not known yet.
    var storeFollows: Bool?

    init(index: Int, key: GroupKey, draft: GroupDraft) {
        self.index = index
        self.key = key
        self.draft = draft
    }
}

extension SurveyRequest {
    /// How long an answer about a number or a LID is taken for good, in milliseconds.
    static let identityLifetime: Int64 = 7 * 86_400_000
    /// How long it is taken for good that a number has no account, in milliseconds.
    static let absenceLifetime: Int64 = 86_400_000
    /// How often the ledger notes which LIDs a roster lists, in milliseconds; a third of the shortest time that it is kept.
    static let memberInterval: Int64 = 30 * 86_400_000
    /// How many answers past their lifetime are asked for anew in one run of a session: with the session, its groups and
    /// their rosters, a run over N groups in which nothing changes costs N + 4 reads at most.
    static let refreshesPerRun = 2

    func memory(of key: GroupKey) -> SessionMemory { memory[key.sessionKey] ?? SessionMemory() }

    func isPast(_ time: Timestamp, lifetime: Int64) -> Bool { time.advanced(byMilliseconds: lifetime) <= rules.now }

    /// The LIDs of a session that have waited longest since the gateway did not know their numbers, with their groups.
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

    /// The LIDs that a roster lists, if the ledger has not noted them for a while; nil otherwise.
    func membersToNote(_ seen: GroupObservation, of key: GroupKey) -> Set<LID>? {
        if let notedAt = memory(of: key).observations[key.group]?.membersSeenAt,
            !isPast(notedAt, lifetime: Self.memberInterval)
        {
            return nil
        }
        return Set(seen.roster.members.compactMap(\.account.lid))
    }
}

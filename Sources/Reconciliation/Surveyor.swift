package import GatewayAPI
package import Membership
package import RunLedger

/// A gateway as a run may read it.
package struct ReadableGateway: Sendable {
    /// The reading port; there is no other way to the gateway from here.
    package let reading: any GatewayReading
    /// The sessions' own numbers as the configuration gives them.
    package let ownAccounts: [SessionID: PhoneNumber]

    /// Describes a gateway.
    package init(reading: any GatewayReading, ownAccounts: [SessionID: PhoneNumber]) {
        self.reading = reading
        self.ownAccounts = ownAccounts
    }
}

extension GatewayReading {
    /// The account that a session acts as, by the gateway and by the configuration; nil where neither tells.
    func ownAccount(of session: SessionID, configured: PhoneNumber?) async throws(GatewayError) -> OwnAccount? {
        do {
            let record = try await self.session(session)
            return OwnAccount(phone: record.ownPhone ?? configured, lid: record.ownLID)
        } catch {
            // Most often the token lacks `manage`; then only the configuration tells.
            if error.endsEverything { throw error }
            return OwnAccount(phone: configured, lid: nil)
        }
    }
}

extension GatewayError {
    /// Whether no other call could fare better: the token was rejected, or the run is to end.
    var endsEverything: Bool {
        switch self {
        case .refused(_, let refusal): refusal.status == 401
        case .cancelled: true
        case .unreadable, .noAnswer: false
        }
    }
}

/// Why a whole run ends before anything is planned.
package enum SurveyFault: Error, Hashable, Sendable {
    /// A gateway rejected the token; nothing else is tried.
    case credentialsRejected(GatewayName, GatewayError)
    /// The run was interrupted.
    case interrupted
}

/// What a survey is about: the groups, and what is known before anything is read.
package struct SurveyRequest: Sendable {
    /// The groups, in the order of the plan.
    package var groups: [GroupKey]
    /// What the policy says of the group at a place of `groups`; asked for when it is needed and let go.
    package var desired: @Sendable (Int) -> DesiredGroup
    /// The plain part of that, where there is nothing more to it; else nil.
    package var plain: @Sendable (Int) -> PlainGroup?
    /// What earlier runs have learned.
    package let memory: [SessionKey: SessionMemory]
    /// The moment, and the rules that depend on it.
    package var rules: PlanningRules
    /// How many adds each session may still send, beyond which nobody need be looked up.
    package var budgets: [SessionKey: AddBudget]
    /// Whether WhatsApp may be asked about numbers.
    package var looksUpNumbers: Bool
    /// Changes a minute and session, from which the pace of the look-ups follows; 0 for no pauses.
    package var callsPerMinute: Int
    /// What earlier runs have learned of the numbers behind LIDs.
    private let remembered: [SessionKey: RememberedNumbers]

    /// Describes a survey.
    package init(
        groups: [GroupKey], desired: @Sendable @escaping (Int) -> DesiredGroup,
        plain: @Sendable @escaping (Int) -> PlainGroup?,
        memory: [SessionKey: SessionMemory], rules: PlanningRules,
        budgets: [SessionKey: AddBudget], looksUpNumbers: Bool, callsPerMinute: Int
    ) {
        self.groups = groups
        self.desired = desired
        self.plain = plain
        self.memory = memory
        self.rules = rules
        self.budgets = budgets
        self.looksUpNumbers = looksUpNumbers
        self.callsPerMinute = callsPerMinute
        remembered = memory.mapValues { RememberedNumbers($0.phones, former: $0.formerPhones) }
    }

    func remembered(of key: GroupKey) -> RememberedNumbers { remembered[key.sessionKey] ?? RememberedNumbers([:]) }

    /// What earlier runs have learned of who is behind LIDs, through whichever session of the gateway, and what this run has learned.
    func identities(of key: GroupKey, learned: [LID: [PhoneNumber]] = [:]) -> KnownIdentities {
        KnownIdentities([remembered(of: key)] + rememberedElsewhere(than: key), learned: learned)
    }

    /// What earlier runs have learned through the other sessions of the same gateway.
    func rememberedElsewhere(than key: GroupKey) -> [RememberedNumbers] {
        remembered.filter { $0.key.gateway == key.gateway && $0.key != key.sessionKey }.sorted { $0.key < $1.key }
            .map(\.value)
    }
}

/// What a survey has found.
package struct Survey: Sendable {
    /// The groups' drafts, in their order.
    package var drafts: [GroupDraft]
    /// What is worth remembering of each session.
    package var findings: [SessionKey: SessionFindings]
    /// Changes a minute for which a session itself is configured, where it tells.
    package var rates: [SessionKey: Int]
}

/// Reads the groups of a run, several at a time, and compares each with its policy as it arrives.
///
/// The reading port is all it holds. What it finds does not depend on the order in which answers come.
package struct Surveyor: Sendable {
    let gateways: [GatewayName: ReadableGateway]
    let concurrency: Int
    let time: any TimeSource
    private let progress: any ProgressReporting
    let breaker = ReadBreaker()
    let slots: Slots

    /// While as many groups as may be are read, so many others may be compared: the gateway need not wait for that.
    private static let comparedMeanwhile = 4

    /// Reads from the gateways with so many calls at a time.
    package init(
        gateways: [GatewayName: ReadableGateway], concurrency: Int, time: any TimeSource,
        progress: any ProgressReporting
    ) {
        self.gateways = gateways
        self.concurrency = concurrency
        slots = Slots(concurrency)
        self.time = time
        self.progress = progress
    }

    /// Reads every group and drafts its plan.
    package func survey(_ request: SurveyRequest) async throws(SurveyFault) -> Survey {
        let counter = GroupCounter(total: request.groups.count, progress: progress)
        do {
            let sessions = try await readSessions(of: request.groups)
            let refreshed = Dictionary(uniqueKeysWithValues: sessions.keys.map { ($0, request.lidsToRefresh(of: $0)) })
            let groups = Array(request.groups.indices)
            var examinations = try await concurrentMap(groups, limit: concurrency + Self.comparedMeanwhile) { index in
                let examination = try await examine(
                    index, of: request, in: sessions, refreshing: refreshed[request.groups[index].sessionKey] ?? [])
                counter.countOne()
                return examination
            }
            leaveAlone(&examinations, of: request, whose: disconnections(sessions, examinations))
            shareIdentities(among: &examinations, of: request)
            let checks = try await lookUpNumbers(for: &examinations, of: request, in: sessions)
            return Survey(
                drafts: examinations.map(\.draft), findings: findings(of: examinations, checks: checks, request),
                rates: sessions.compactMapValues(\.ratePerMinute))
        } catch let fault as SurveyFault {
            throw fault
        } catch {
            throw .interrupted
        }
    }

    /// A rejected token or an interruption ends the whole survey.
    func rethrowIfFatal(_ error: GatewayError, from gateway: GatewayName) throws(SurveyFault) {
        switch error {
        case .refused(_, let refusal) where refusal.status == 401: throw .credentialsRejected(gateway, error)
        case .cancelled: throw .interrupted
        case .refused, .unreadable, .noAnswer: return
        }
    }
}

package import Core
package import GatewayAPI
package import RunLedger

/// A gateway that a run may read.
package struct ReadableGateway: Sendable {
    /// The reading port; a reader has no other access to the gateway.
    package let reading: any GatewayReading
    /// The sessions' own numbers in the configuration.
    package let ownAccounts: [SessionID: PhoneNumber]

    /// Describes a gateway.
    package init(reading: any GatewayReading, ownAccounts: [SessionID: PhoneNumber]) {
        self.reading = reading
        self.ownAccounts = ownAccounts
    }
}

extension GatewayReading {
    /// Returns the session's own account, from the gateway and the configuration; nil if neither has it.
    func ownAccount(of session: SessionID, configured: PhoneNumber?) async throws(GatewayError) -> OwnAccount? {
        do {
            let record = try await self.session(session)
            return OwnAccount(phone: record.ownPhone ?? configured, lid: record.ownLID)
        } catch {
            // Most often the token lacks `manage`; then only the configuration has it.
            if error.kind.endsEverything { throw error }
            return OwnAccount(phone: configured, lid: nil)
        }
    }
}

/// What to read: the groups, and what is known before anything is read.
package struct ReadRequest: Sendable {
    /// The groups, in the order of the plan.
    let groups: [GroupKey]
    private let policy: any DesiredState
    private let positions: [Int]
    private let day: CalendarDate
    /// What earlier runs have learned.
    package let memory: [SessionKey: SessionMemory]
    /// The time, and the rules that depend on it.
    package var rules: PlanningRules
    /// How many adds each session may still send; people beyond that are not looked up.
    package var budgets: [SessionKey: AddBudget]
    /// Whether WhatsApp may be asked about numbers.
    package var looksUpNumbers: Bool
    /// The changes a minute and session that set the pace of the lookups; 0 for no pauses.
    package var callsPerMinute: Int
    /// What earlier runs learned about the numbers behind LIDs.
    private let remembered: [SessionKey: KnownNumbers]

    /// Describes a request for the groups at some positions of a policy.
    package init(
        of policy: any DesiredState, at positions: [Int], memory: [SessionKey: SessionMemory], rules: PlanningRules,
        budgets: [SessionKey: AddBudget], looksUpNumbers: Bool, callsPerMinute: Int
    ) {
        self.policy = policy
        self.positions = positions
        groups = positions.map { policy.groups[$0] }
        day = rules.now.date
        self.memory = memory
        self.rules = rules
        self.budgets = budgets
        self.looksUpNumbers = looksUpNumbers
        self.callsPerMinute = callsPerMinute
        remembered = memory.mapValues { KnownNumbers($0.phones, former: $0.formerPhones) }
    }

    /// Returns what the policy says about the group at an index of `groups`.
    func desired(_ index: Int) -> DesiredGroup { policy.desiredGroup(at: positions[index], on: day) }

    /// Returns the same as numbers and roles only; nil if that is not enough.
    func desiredRoles(_ index: Int) -> DesiredRoles? { policy.desiredRoles(at: positions[index], on: day) }

    func remembered(of key: GroupKey) -> KnownNumbers { remembered[key.sessionKey] ?? KnownNumbers([:]) }

    /// Returns what this run and earlier runs, through all sessions of the gateway, learned about who is behind LIDs.
    func identities(of key: GroupKey, learned: [LID: [PhoneNumber]] = [:]) -> KnownIdentities {
        KnownIdentities([remembered(of: key)] + rememberedElsewhere(than: key), learned: learned)
    }

    /// Returns what earlier runs learned through the other sessions of the same gateway.
    func rememberedElsewhere(than key: GroupKey) -> [KnownNumbers] {
        remembered.filter { $0.key.gateway == key.gateway && $0.key != key.sessionKey }.sorted { $0.key < $1.key }
            .map(\.value)
    }
}

/// What was read, and the drafts.
package struct ReadResult: Sendable {
    /// The groups' drafts, in their order.
    package var drafts: [GroupDraft]
    /// What to remember of each session.
    package var findings: [SessionKey: SessionFindings]
    /// The sessions' own rates, in changes a minute, if the gateway reports them.
    package var rates: [SessionKey: Int]
}

/// Reads the groups of a run, several at a time, and compares each with its policy as it arrives.
///
/// It has only the reading port. Its result does not depend on the order of answers.
package struct GroupReader: Sendable {
    let gateways: [GatewayName: ReadableGateway]
    let concurrency: Int
    let time: any TimeSource
    private let progress: any ProgressReporting
    let breaker = CircuitBreaker()
    let slots: AsyncSemaphore

    /// How many groups may be compared while others are read, so that the gateway does not wait.
    private static let comparedMeanwhile = 4

    /// Reads from the gateways with at most `concurrency` calls at a time.
    package init(
        gateways: [GatewayName: ReadableGateway], concurrency: Int, time: any TimeSource,
        progress: any ProgressReporting
    ) {
        self.gateways = gateways
        self.concurrency = concurrency
        slots = AsyncSemaphore(concurrency)
        self.time = time
        self.progress = progress
    }

    /// Reads every group and drafts its plan.
    package func read(_ request: ReadRequest) async throws(RunFault) -> ReadResult {
        let counter = GroupCounter(total: request.groups.count, progress: progress)
        do {
            let sessions = try await readSessions(of: request.groups)
            let refreshed = Dictionary(uniqueKeysWithValues: sessions.keys.map { ($0, request.lidsToRefresh(of: $0)) })
            let groups = Array(request.groups.indices)
            var groupReadings = try await concurrentMap(groups, limit: concurrency + Self.comparedMeanwhile) { index in
                let groupReading = try await examine(
                    index, of: request, in: sessions, refreshing: refreshed[request.groups[index].sessionKey] ?? [])
                counter.countOne()
                return groupReading
            }
            skip(&groupReadings, of: request, whose: disconnections(sessions, groupReadings))
            shareIdentities(among: &groupReadings, of: request)
            let checks = try await lookUpNumbers(for: &groupReadings, of: request, in: sessions)
            return ReadResult(
                drafts: groupReadings.map(\.draft), findings: findings(of: groupReadings, checks: checks, request),
                rates: sessions.compactMapValues(\.ratePerMinute))
        } catch let fault as RunFault {
            throw fault
        } catch {
            throw .cancelled
        }
    }

    /// Throws if a rejected token or an interruption ends the whole run.
    func rethrowIfFatal(_ error: GatewayError, from gateway: GatewayName) throws(RunFault) {
        switch error.kind {
        case .credentialsRejected: throw .credentialsRejected(gateway, error)
        case .cancelled: throw .cancelled
        default: return
        }
    }
}

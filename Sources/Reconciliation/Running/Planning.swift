package import Core
package import GatewayAPI
package import Logging
package import PolicyFiles
package import RunLedger

/// What the user asks of a plan besides the policy.
package struct PlanningOptions: Sendable {
    /// How many removals and demotions are accepted above the limits; nil if none are.
    package var acceptedRemovals: Int?
    /// Whether people who were added but never appeared are tried again without a pause.
    package var retriesDeclined: Bool
    /// Whether WhatsApp may be asked about numbers.
    package var looksUpNumbers: Bool
    /// Whether the invite links of groups with declined adds are read.
    package var readsInviteLinks: Bool

    /// Names the options.
    package init(acceptedRemovals: Int?, retriesDeclined: Bool, looksUpNumbers: Bool, readsInviteLinks: Bool) {
        self.acceptedRemovals = acceptedRemovals
        self.retriesDeclined = retriesDeclined
        self.looksUpNumbers = looksUpNumbers
        self.readsInviteLinks = readsInviteLinks
    }
}

/// Makes a plan from the policies, for `plan` and `apply`; it cannot change a group.
package struct Planning: Sendable {
    let configuration: Configuration
    let policies: PolicySet
    var groups: [Int]
    let gateways: [GatewayName: ReadableGateway]
    let refreshing: [GatewayName: any GatewayRefreshing]
    let ledger: Ledger
    let options: PlanningOptions
    let deadline: Deadline?
    let time: any TimeSource
    let control: RunControl
    let progress: any ProgressReporting
    let logger: Logger

    /// Prepares to plan the groups at some positions of the policies.
    ///
    /// `refreshing` are the clients that may start a backfill, if `gateway.refresh` is set.
    package init(
        _ configuration: Configuration, _ policies: PolicySet, groups: [Int], gateways: [GatewayName: ReadableGateway],
        refreshing: [GatewayName: any GatewayRefreshing], ledger: Ledger, options: PlanningOptions,
        deadline: Deadline?, time: any TimeSource, control: RunControl, progress: any ProgressReporting, logger: Logger
    ) {
        self.configuration = configuration
        self.policies = policies
        self.groups = groups
        self.gateways = gateways
        self.refreshing = refreshing
        self.ledger = ledger
        self.options = options
        self.deadline = deadline
        self.time = time
        self.control = control
        self.progress = progress
        self.logger = logger
    }

    /// A plan, and what applying it needs.
    package struct Outcome: Sendable {
        /// The plan.
        package let plan: Plan
        /// The changes per minute of each session.
        let rates: [SessionKey: Int]
        /// The adds left to each session.
        let budgets: [SessionKey: AddBudget]
        /// When earlier runs sent each session's last call.
        let latestCalls: [SessionKey: Timestamp]
        /// The time of the plan.
        let madeAt: Timestamp
    }

    /// Returns the planning of the groups that a saved plan changes, among those that the user selected.
    package func narrowed(to saved: SavedPlan) throws(RunFault) -> Planning {
        var narrowed = self
        narrowed.groups.removeAll { saved.groups[policies.groups[$0]] == nil }
        if narrowed.groups.isEmpty, groups.count < policies.groups.count, !saved.groups.isEmpty {
            throw .savedPlanIsOfOtherGroups
        }
        return narrowed
    }

    /// Reads every group, compares it with its policy, and remembers what it finds.
    ///
    /// With a saved plan, it plans only that plan's changes.
    package func plan(following saved: SavedPlan? = nil) async throws(RunFault) -> Outcome {
        let clock = try await clock(at: time.now())
        let memory = try await memory(by: clock)
        try await waitForOpenCalls(memory)
        try await refreshStores(memory, by: clock)
        let now = time.now()
        let budgets = try await budgets(memory, at: now, by: clock)
        let reader = GroupReader(
            gateways: gateways, concurrency: configuration.readConcurrency, time: time, progress: progress)
        var readResult = try await read(reader, request(memory, budgets, at: now))
        if let saved { readResult.drafts = readResult.drafts.map(saved.restrict) }
        let removalCount = readResult.drafts.reduce(0) { $0 + $1.removalCount }
        // Removals accepted when the plan was saved stay accepted if fewer are left.
        let isAccepted = saved.map { $0.acceptsRemovals || options.acceptedRemovals != nil } ?? false
        let accepted = isAccepted ? removalCount : options.acceptedRemovals
        if let accepted, accepted != removalCount {
            logger.warning("\(Self.sentence(on: removalCount, insteadOf: accepted))")
        }
        var plan = Planner.plan(
            readResult.drafts, policyDigest: policies.digest, limits: configuration.limits,
            acceptedRemovals: accepted, change: try await change(behind: readResult.drafts, on: now.date),
            budgets: budgets)
        if let saved {
            plan.groups += saved.orphans(besides: Set(policies.groups), limits: configuration.limits)
            plan.groups.sort { $0.key < $1.key }
        }
        var latestCalls: [SessionKey: Timestamp] = [:]
        try await onRecord { () throws(LedgerError) in
            for key in sessions {
                latestCalls[key] = try await ledger.latestCall(
                    by: key.session, of: key.gateway, since: now.advanced(byMilliseconds: -Self.day), by: clock)
            }
            for (key, findings) in readResult.findings.sorted(by: { $0.key < $1.key }) {
                try await ledger.remember(findings, of: key, at: now)
            }
            try await warnOfUnknownNumbers(in: &plan, memory, readResult.findings)
            try await warnOfFlapping(in: &plan, at: now, by: clock)
        }
        if options.readsInviteLinks { try await readInviteLinks(for: &plan) }
        return Outcome(plan: plan, rates: readResult.rates, budgets: budgets, latestCalls: latestCalls, madeAt: now)
    }

    /// Returns the warning about a plan with another number of removals and demotions than --accept-removals says.
    private static func sentence(on count: Int, insteadOf accepted: Int) -> String {
        if count == 0 { return "the plan has no removals or demotions, so --accept-removals \(accepted) has no effect" }
        return "the plan has \(count.removalsAndDemotions), but --accept-removals says \(accepted), so Rollcall "
            + "accepts none above the limits; check the plan, then use --accept-removals \(count)"
    }

    func request(
        _ memory: [SessionKey: SessionMemory], _ budgets: [SessionKey: AddBudget], at now: Timestamp
    ) -> ReadRequest {
        ReadRequest(
            of: policies, at: groups, memory: memory,
            rules: PlanningRules(now: now, declined: configuration.declined, retriesDeclined: options.retriesDeclined),
            budgets: budgets, looksUpNumbers: options.looksUpNumbers,
            callsPerMinute: configuration.pace.callsPerMinute)
    }

    func read(_ reader: GroupReader, _ request: ReadRequest) async throws(RunFault) -> ReadResult {
        let result = await control.unlessStopped {
            do throws(RunFault) {
                return Result<ReadResult, RunFault>.success(try await reader.read(request))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let readResult): return readResult
        case .failure(.cancelled), nil:
            if let deadline, time.now() >= deadline.end { throw .deadlinePassed }
            if case .interrupted(let signal)? = control.stopReason { throw .interrupted(signal: signal) }
            throw .cancelled
        case .failure(let fault): throw fault
        }
    }

    /// How long adds count against the budget, in milliseconds; pauses between calls are never longer.
    static let day: Int64 = 86_400_000

    /// Waits until an earlier run's latest calls can show in the member lists.
    private func waitForOpenCalls(_ memory: [SessionKey: SessionMemory]) async throws(RunFault) {
        let latest = memory.values.flatMap { $0.openCalls.values.flatMap { $0 } }.map(\.sentAt).max()
        guard let latest else { return }
        let settle = configuration.pace.settle
        let elapsed = Duration.milliseconds(time.now().milliseconds - latest.milliseconds)
        guard elapsed < settle else { return }
        _ = await control.unlessStopped {
            // After the clock was set back, the elapsed time is unknown and counts as zero.
            do { try await time.sleep(for: settle - max(.zero, elapsed)) } catch { return }
        }
    }

    var sessions: [SessionKey] { Set(groups.map { policies.groups[$0].sessionKey }).sorted() }

    /// Returns the ledger's clock, read once per run.
    func clock(at now: Timestamp) async throws(RunFault) -> LedgerClock {
        try await onRecord { () throws(LedgerError) in try await ledger.clock(at: now) }
    }

    /// Returns what earlier runs remember of the sessions in use.
    func memory(by clock: LedgerClock) async throws(RunFault) -> [SessionKey: SessionMemory] {
        try await onRecord { () throws(LedgerError) in
            var memory: [SessionKey: SessionMemory] = [:]
            for key in sessions { memory[key] = try await ledger.memory(of: key, by: clock) }
            // Numbers that other sessions of these gateways know for a LID protect people in all sessions.
            let gateways = Set(sessions.map(\.gateway))
            for key in Set(policies.groups.map(\.sessionKey)) where memory[key] == nil {
                guard gateways.contains(key.gateway) else { continue }
                memory[key] = try await ledger.identities(of: key)
            }
            return memory
        }
    }

    /// Returns the adds left to each session within 24 hours.
    private func budgets(
        _ memory: [SessionKey: SessionMemory], at now: Timestamp, by clock: LedgerClock
    ) async throws(RunFault) -> [SessionKey: AddBudget] {
        let perDay = configuration.pace.addsPerDay
        guard perDay > 0 else { return [:] }
        let since = now.advanced(byMilliseconds: -Self.day)
        return try await onRecord { () throws(LedgerError) in
            var budgets: [SessionKey: AddBudget] = [:]
            for key in sessions {
                let used = try await ledger.addsSent(by: key.session, of: key.gateway, since: since, by: clock)
                budgets[key] = AddBudget(perDay: perDay, used: used, waiting: memory[key]?.deferred ?? [:])
            }
            return budgets
        }
    }
}

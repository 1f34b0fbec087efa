import Core
import GatewayAPI
import Logging
import PolicyFiles
import Reconciliation
import Reports
import RunLedger

/// Makes a plan from the policies, for `plan` and `apply`; it cannot change a group.
struct Planning {
    let project: Project
    var groups: [Int]
    let gateways: [GatewayName: ReadableGateway]
    /// The clients that may start a backfill, if `gateway.refresh` is set.
    let refreshing: [GatewayName: any GatewayRefreshing]
    let ledger: Ledger
    let progress: any ProgressReporting
    let options: PlanningOptions
    let deadline: Deadline?
    let logger: Logger

    /// A plan, and what applying it needs.
    struct Outcome {
        let plan: Plan
        /// The changes per minute of each session.
        let rates: [SessionKey: Int]
        /// The adds left to each session.
        let budgets: [SessionKey: AddBudget]
        /// When earlier runs sent each session's last call.
        let latestCalls: [SessionKey: Timestamp]
        /// The time of the plan.
        let madeAt: Timestamp
    }

    /// Reads every group, compares it with its policy, and remembers what it finds.
    ///
    /// With a saved plan, it reads only the groups that the plan changes, and plans only the plan's changes.
    func plan(following saved: SavedPlan? = nil, in context: Context) async throws(Failure) -> Outcome {
        if let saved {
            var narrowed = self
            narrowed.groups.removeAll { saved.groups[project.policies.groups[$0]] == nil }
            if narrowed.groups.isEmpty, groups.count < project.policies.groups.count, !saved.groups.isEmpty {
                throw Failure(.usage, "the saved plan has no changes in the groups selected by --group and --session")
            }
            return try await narrowed.outcome(following: saved, in: context)
        }
        return try await outcome(following: nil, in: context)
    }

    private func outcome(following saved: SavedPlan?, in context: Context) async throws(Failure) -> Outcome {
        let configuration = project.configuration
        let clock = try await clock(at: context.time.now())
        let memory = try await memory(by: clock)
        try await waitForOpenCalls(memory, in: context)
        try await refreshStores(memory, by: clock, in: context)
        let now = context.time.now()
        let budgets = try await budgets(memory, at: now, by: clock)
        let reader = GroupReader(
            gateways: gateways, concurrency: configuration.readConcurrency, time: context.time, progress: progress)
        var readResult = try await read(reader, request(memory, budgets, at: now), in: context)
        if let saved { readResult.drafts = readResult.drafts.map(saved.restrict) }
        let removalCount = readResult.drafts.reduce(0) { $0 + $1.removalCount }
        // Removals accepted when the plan was saved stay accepted if fewer are left.
        let isAccepted = saved.map { $0.acceptsRemovals || options.acceptRemovals != nil } ?? false
        let accepted = isAccepted ? removalCount : options.acceptRemovals
        if let accepted, accepted != removalCount {
            logger.warning(
                "--accept-removals \(accepted) does not match the plan's \(removalCount) removals and demotions; the limits apply"
            )
        }
        var plan = Planner.plan(
            readResult.drafts, policyDigest: project.policies.digest, limits: configuration.limits,
            acceptedRemovals: accepted, change: try await change(behind: readResult.drafts, on: now.date),
            budgets: budgets)
        if let saved {
            plan.groups += saved.orphans(besides: Set(project.policies.groups), limits: configuration.limits)
            plan.groups.sort { $0.key < $1.key }
        }
        var latestCalls: [SessionKey: Timestamp] = [:]
        do throws(LedgerError) {
            for key in sessions {
                latestCalls[key] = try await ledger.latestCall(
                    by: key.session, of: key.gateway, since: now.advanced(byMilliseconds: -Self.day), by: clock)
            }
            for (key, findings) in readResult.findings.sorted(by: { $0.key < $1.key }) {
                try await ledger.remember(findings, of: key, at: now)
            }
            try await warnOfUnknownNumbers(in: &plan, memory, readResult.findings)
            try await warnOfFlapping(in: &plan, at: now, by: clock)
        } catch {
            throw Failure(error)
        }
        if options.inviteLinks { try await readInviteLinks(for: &plan) }
        return Outcome(plan: plan, rates: readResult.rates, budgets: budgets, latestCalls: latestCalls, madeAt: now)
    }

    func request(
        _ memory: [SessionKey: SessionMemory], _ budgets: [SessionKey: AddBudget], at now: Timestamp
    ) -> ReadRequest {
        let configuration = project.configuration
        return ReadRequest(
            of: project.policies, at: groups, memory: memory,
            rules: PlanningRules(now: now, declined: configuration.declined, retriesDeclined: options.retryDeclined),
            budgets: budgets, looksUpNumbers: !options.offlineIdentities,
            callsPerMinute: configuration.pace.callsPerMinute)
    }

    func read(_ reader: GroupReader, _ request: ReadRequest, in context: Context) async throws(Failure) -> ReadResult {
        let result = await context.control.unlessStopped {
            do throws(ReadFault) {
                return Result<ReadResult, ReadFault>.success(try await reader.read(request))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let readResult): return readResult
        case .failure(.credentialsRejected(let gateway, let cause)):
            throw Failure(credentialsRejectedBy: gateway, cause)
        case .failure(.interrupted), nil:
            if let deadline, context.time.now() >= deadline.end {
                throw Failure(.incomplete, "the deadline passed while reading the groups; nothing was changed")
            }
            guard case .interrupted(let signal)? = context.control.stopReason else {
                throw Failure(.failure, "reading the groups was cancelled; nothing was changed")
            }
            throw Failure(.interrupted(signal: signal), "interrupted while reading; nothing was changed")
        }
    }

    /// How long adds count against the budget, in milliseconds; pauses between calls are never longer.
    static let day: Int64 = 86_400_000

    /// Waits until an earlier run's latest calls can show in the member lists.
    private func waitForOpenCalls(_ memory: [SessionKey: SessionMemory], in context: Context) async throws(Failure) {
        let latest = memory.values.flatMap { $0.openCalls.values.flatMap { $0 } }.map(\.sentAt).max()
        guard let latest else { return }
        let settle = project.configuration.pace.settle
        let elapsed = Duration.milliseconds(context.time.now().milliseconds - latest.milliseconds)
        guard elapsed < settle else { return }
        let time = context.time
        _ = await context.control.unlessStopped {
            // After the clock was set back, the elapsed time is unknown and counts as zero.
            do { try await time.sleep(for: settle - max(.zero, elapsed)) } catch { return }
        }
    }

    var sessions: [SessionKey] { Set(groups.map { project.policies.groups[$0].sessionKey }).sorted() }

    /// Returns the ledger's clock, read once per run.
    func clock(at now: Timestamp) async throws(Failure) -> LedgerClock {
        do throws(LedgerError) { return try await ledger.clock(at: now) } catch { throw Failure(error) }
    }

    /// Returns what earlier runs remember of the sessions in use.
    func memory(by clock: LedgerClock) async throws(Failure) -> [SessionKey: SessionMemory] {
        var memory: [SessionKey: SessionMemory] = [:]
        do throws(LedgerError) {
            for key in sessions { memory[key] = try await ledger.memory(of: key, by: clock) }
            // Numbers that other sessions of these gateways know for a LID protect people in all sessions.
            let gateways = Set(sessions.map(\.gateway))
            for key in Set(project.policies.groups.map(\.sessionKey)) where memory[key] == nil {
                guard gateways.contains(key.gateway) else { continue }
                memory[key] = try await ledger.identities(of: key)
            }
        } catch {
            throw Failure(error)
        }
        return memory
    }

    /// Returns the adds left to each session within 24 hours.
    private func budgets(
        _ memory: [SessionKey: SessionMemory], at now: Timestamp, by clock: LedgerClock
    ) async throws(Failure) -> [SessionKey: AddBudget] {
        let perDay = project.configuration.pace.addsPerDay
        guard perDay > 0 else { return [:] }
        let since = now.advanced(byMilliseconds: -Self.day)
        var budgets: [SessionKey: AddBudget] = [:]
        do throws(LedgerError) {
            for key in sessions {
                let used = try await ledger.addsSent(by: key.session, of: key.gateway, since: since, by: clock)
                budgets[key] = AddBudget(perDay: perDay, used: used, waiting: memory[key]?.deferred ?? [:])
            }
        } catch {
            throw Failure(error)
        }
        return budgets
    }
}

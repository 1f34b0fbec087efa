package import Core
package import GatewayAPI
package import RunLedger

/// A gateway that an apply may read and change.
package struct WritableGateway: Sendable {
    /// The reading port.
    package let reading: any GatewayReading
    /// The writing port.
    package let writing: any GatewayWriting

    /// The executor that suits the gateway's sessions best; nil for any.
    package let executor: (any TaskExecutor)?

    /// Joins the two ports of a gateway and keeps their executor alive.
    package init(reading: any GatewayReading, writing: any GatewayWriting, executor: (any TaskExecutor)? = nil) {
        self.reading = reading
        self.writing = writing
        self.executor = executor
    }
}

/// Carries out a plan: sessions in parallel, the calls of one session in sequence, each recorded in the ledger before
/// it is sent.
package struct Applier: Sendable {
    let gateways: [GatewayName: WritableGateway]
    let ledger: Ledger
    let time: any TimeSource
    let pace: Pace
    let rates: [SessionKey: Int]
    let control: RunControl
    let progress: any ProgressReporting
    let random: @Sendable () -> Double
    let retries: RetryPolicy
    let budgets: [SessionKey: AddBudget]
    let latestCalls: [SessionKey: Timestamp]
    let deadline: Deadline?
    let recheck: Recheck?
    let maxActions: Int?
    /// Limits the concurrent calls of each gateway.
    let slots: [GatewayName: AsyncSemaphore]

    /// Maximum concurrent calls per gateway.
    ///
    /// A session that waits has not recorded its call yet, and does not send it if the run ends meanwhile.
    package static let callsAtATime = 64

    /// Creates an applier.
    ///
    /// `rates` are the sessions' own calls a minute; one below the pace replaces it. `random` returns numbers from 0 up
    /// to 1 for the jitter. `budgets` limit the adds of each session, including adds that are sent again. `latestCalls`
    /// are the sessions' last calls of earlier runs, so that the pace continues. `recheck` plans a group again when its
    /// turn comes late. Actions after the first `maxActions` of the plan are skipped.
    package init(
        gateways: [GatewayName: WritableGateway], ledger: Ledger, time: any TimeSource, pace: Pace,
        rates: [SessionKey: Int] = [:], control: RunControl, progress: any ProgressReporting,
        random: @Sendable @escaping () -> Double, retries: RetryPolicy = .standard,
        budgets: [SessionKey: AddBudget] = [:], latestCalls: [SessionKey: Timestamp] = [:], deadline: Deadline? = nil,
        recheck: Recheck? = nil, maxActions: Int? = nil
    ) {
        self.gateways = gateways
        self.ledger = ledger
        self.time = time
        self.pace = pace
        self.rates = rates
        self.control = control
        self.progress = progress
        self.random = random
        self.retries = retries.with(random: random)
        self.budgets = budgets
        self.latestCalls = latestCalls
        self.deadline = deadline
        self.recheck = recheck
        self.maxActions = maxActions
        slots = gateways.mapValues { _ in AsyncSemaphore(Self.callsAtATime) }
    }

    /// Carries out a plan; `rows` are the ledger's rows of each group's actions, in the same order.
    ///
    /// Never throws: the outcome contains every error of a group or action.
    package func apply(_ plan: Plan, rows: [GroupKey: [ActionRecord]], of run: RunID) async -> RunOutcome {
        let sessions = Self.sessions(of: plan)
        let allowances = allowances(of: plan)
        let shares = sessions.map { session in
            CallCounter.Share(
                session.map { ($0.1, allowances[$0.0]) },
                pace: session.first.map { pace(of: $0.1.key.sessionKey) } ?? pace)
        }
        let counter = CallCounter(shares, deadline: deadline?.end, time: time, progress: progress)
        return await withTaskGroup(of: ([(Int, GroupOutcome)], LedgerError?).self) { group in
            for (position, session) in sessions.enumerated() {
                let key = session.first?.1.key.sessionKey
                group.addTask(executorPreference: key.flatMap { gateways[$0.gateway]?.executor }) {
                    var worker = SessionWorker(applier: self, run: run, counter: counter, position: position, key: key)
                    var outcomes: [(Int, GroupOutcome)] = []
                    for (index, groupPlan) in session {
                        let outcome = await worker.carryOut(
                            groupPlan, rows: rows[groupPlan.key] ?? [], allowing: allowances[index])
                        outcomes.append((index, outcome))
                        // The plan's record of a group without actions is final.
                        if groupPlan.actions.isEmpty { continue }
                        _ = await worker.commit([.finished(outcome.record, of: run)])
                    }
                    return (outcomes, worker.ledgerError)
                }
            }
            var all: [(Int, GroupOutcome)] = []
            var ledgerError: LedgerError?
            for await (some, error) in group {
                all += some
                ledgerError = ledgerError ?? error
            }
            return RunOutcome(
                groups: all.sorted { $0.0 < $1.0 }.map(\.1), stopReason: control.stopReason, ledgerError: ledgerError)
        }
    }

    /// Returns how many actions of each group may run: the first `maxActions` of the plan.
    private func allowances(of plan: Plan) -> [Int] {
        var left = maxActions ?? .max
        return plan.groups.map { group in
            let allowed = min(left, group.actions.count)
            left -= allowed
            return allowed
        }
    }

    /// Returns the plan's groups by session, each with its index in the plan.
    private static func sessions(of plan: Plan) -> [[(Int, GroupPlan)]] {
        var sessions: [[(Int, GroupPlan)]] = []
        for (index, group) in plan.groups.enumerated() {
            if let last = sessions.last?.last?.1.key, last.gateway == group.key.gateway,
                last.session == group.key.session
            {
                sessions[sessions.count - 1].append((index, group))
            } else {
                sessions.append([(index, group)])
            }
        }
        return sessions
    }
}

extension Applier {
    /// Returns the pace of one session: the configured one, or the session's own rate if that is lower.
    func pace(of key: SessionKey) -> Pace {
        var pace = pace
        pace.callsPerMinute = pace.callsPerMinute.boundedPace(by: rates[key])
        return pace
    }
}

extension Int {
    /// Returns the lower of this pace and a session's own rate, in calls a minute; 0 means no pauses and stays 0.
    func boundedPace(by rate: Int?) -> Int {
        guard let rate, rate > 0, self > 0 else { return self }
        return Swift.min(self, rate)
    }
}

extension Applier {
    /// Reads the groups of some sessions again after a backfill and records which accepted calls had an effect.
    ///
    /// If the ledger fails, the outcome stays as it was, and the next run looks again.
    package func confirm(
        _ outcome: RunOutcome, rows: [GroupKey: [ActionRecord]], of run: RunID, in sessions: Set<SessionKey>
    ) async -> RunOutcome {
        var result = outcome
        for (index, group) in outcome.groups.enumerated() {
            let key = group.plan.key
            guard sessions.contains(key.sessionKey), group.actions.contains(where: { $0.status == .accepted }),
                let gateway = gateways[key.gateway], control.stopReason == nil
            else { continue }
            var application = GroupApplication(
                resuming: group, rows: rows[key] ?? [], gateway: gateway, seenAt: time.now())
            guard let entry = await application.confirmAgain(at: time.now()) else { continue }
            var confirmed = application.outcome(
                describing: GroupOutcome(
                    plan: group.plan, actions: group.actions, status: group.plan.isWithheld ? .withheld : .unchanged,
                    sizeAfter: group.plan.size))
            if let code = group.errorCode {
                (confirmed.status, confirmed.errorCode, confirmed.error) = (group.status, code, group.error)
            }
            do {
                try await ledger.commit([entry, .finished(confirmed.record, of: run)])
                result.groups[index] = confirmed
            } catch {
                result.ledgerError = result.ledgerError ?? error
                return result
            }
        }
        return result
    }
}

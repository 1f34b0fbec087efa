package import GatewayAPI
package import Membership
package import RunLedger

/// A gateway as an apply may use it.
package struct WritableGateway: Sendable {
    /// The reading port.
    package let reading: any GatewayReading
    /// The writing port.
    package let writing: any GatewayWriting

    /// Where the sessions of the gateway run best; nil where that is anywhere.
    package let executor: (any TaskExecutor)?

    /// Joins the two ports of a gateway; the executor is there as long as they are.
    package init(
        reading: any GatewayReading, writing: any GatewayWriting, executor: (any TaskExecutor)? = nil
    ) {
        self.reading = reading
        self.writing = writing
        self.executor = executor
    }
}

/// Carries out a plan: sessions side by side, one session's calls one after another, each in the ledger first.
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
    let secondLook: SecondLook?
    let maxActions: Int?
    /// Those in which the calls of a gateway's sessions are sent.
    let slots: [GatewayName: Slots]

    /// So many sessions of a gateway are in the midst of a call at most.
    ///
    /// The call of any other is not yet on record as about to be
    /// sent, and is not sent when the run is to end meanwhile.
    package static let callsAtATime = 64

    /// Takes all that carrying out a plan needs.
    ///
    /// `rates` are the calls a minute that sessions are configured for: where one is lower than the pace, it holds.
    /// `random` gives numbers from 0 up to 1 for the jitter. `budgets` bound the adds of each session, those that are sent
    /// again included. `latestCalls` are the last calls of earlier runs, from which the pace goes on. `secondLook` plans a group anew where its turn comes late.
    /// Actions beyond the first `maxActions` of the plan are left out.
    package init(
        gateways: [GatewayName: WritableGateway], ledger: Ledger, time: any TimeSource, pace: Pace,
        rates: [SessionKey: Int] = [:], control: RunControl, progress: any ProgressReporting,
        random: @Sendable @escaping () -> Double, retries: RetryPolicy = .standard,
        budgets: [SessionKey: AddBudget] = [:], latestCalls: [SessionKey: Timestamp] = [:], deadline: Deadline? = nil,
        secondLook: SecondLook? = nil, maxActions: Int? = nil
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
        self.secondLook = secondLook
        self.maxActions = maxActions
        slots = gateways.mapValues { _ in Slots(Self.callsAtATime) }
    }

    /// Carries out a plan whose actions the ledger already knows, by their rows in the same order.
    ///
    /// Nothing is thrown: what goes wrong with a group or an action is part of the outcome.
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
            for (place, session) in sessions.enumerated() {
                let key = session.first?.1.key.sessionKey
                group.addTask(executorPreference: key.flatMap { gateways[$0.gateway]?.executor }) {
                    var worker = SessionWorker(applier: self, run: run, counter: counter, place: place, key: key)
                    var outcomes: [(Int, GroupOutcome)] = []
                    for (index, groupPlan) in session {
                        let outcome = await worker.carryOut(
                            groupPlan, rows: rows[groupPlan.key] ?? [], allowing: allowances[index])
                        outcomes.append((index, outcome))
                        // What the plan's record says of a group without actions is final.
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

    /// How many of each group's actions may be done, the first ones of the plan.
    private func allowances(of plan: Plan) -> [Int] {
        var left = maxActions ?? .max
        return plan.groups.map { group in
            let allowed = min(left, group.actions.count)
            left -= allowed
            return allowed
        }
    }

    /// The plan's groups by session, each with its place in the plan.
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
    /// The pace of one session: the configured one, or its own where that is slower.
    func pace(of key: SessionKey) -> Pace {
        var pace = pace
        pace.callsPerMinute = pace.callsPerMinute.boundedPace(by: rates[key])
        return pace
    }
}

extension Int {
    /// So many calls a minute, or as many as a session is configured for where that is lower; 0, no pace at all, stays.
    func boundedPace(by rate: Int?) -> Int {
        guard let rate, rate > 0, self > 0 else { return self }
        return Swift.min(self, rate)
    }
}

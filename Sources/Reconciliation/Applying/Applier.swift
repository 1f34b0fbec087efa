package import Core
package import GatewayAPI
import PolicyFiles
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
    let planning: Planning
    let planned: Planning.Outcome
    let run: RunID
    let random: @Sendable () -> Double
    let retries: RetryPolicy
    private let gateways: [GatewayName: WritableGateway]
    private let maxActions: Int?
    /// Limits the concurrent calls of each gateway.
    private let slots: [GatewayName: AsyncSemaphore]

    /// Maximum concurrent calls per gateway.
    ///
    /// A session that waits has not recorded its call yet, and does not send it if the run ends meanwhile.
    package static let callsAtATime = 64

    /// Prepares to carry out what was planned, in the run with an id.
    ///
    /// Actions after the first `maxActions` of the plan are skipped. `random` returns numbers from 0 up to 1 for the
    /// jitter.
    package init(
        _ planned: Planning.Outcome, by planning: Planning, run: RunID, gateways: [GatewayName: WritableGateway],
        maxActions: Int?, random: @Sendable @escaping () -> Double
    ) {
        self.planned = planned
        self.planning = planning
        self.run = run
        self.gateways = gateways
        self.maxActions = maxActions
        self.random = random
        retries = RetryPolicy.standard.with(random: random)
        slots = gateways.mapValues { _ in AsyncSemaphore(Self.callsAtATime) }
    }

    /// Sends the plan's calls; `rows` are the ledger's rows of each group's actions, in the same order.
    ///
    /// Never throws: the outcome contains every error of a group or action.
    package func apply(_ rows: [GroupKey: [ActionRecord]]) async -> RunOutcome {
        let sessions = plansBySession()
        let shares = sessions.map { session in
            CallCounter.Share(session.map { ($0.plan, $0.allowed) }, pace: pace(of: session[0].plan.key.sessionKey))
        }
        let counter = CallCounter(
            shares, deadline: planning.deadline?.end, time: planning.time, progress: planning.progress)
        return await withTaskGroup(of: ([(Int, GroupOutcome)], LedgerError?).self) { group in
            for (position, session) in sessions.enumerated() {
                let executor = gateways[session[0].plan.key.gateway]?.executor
                group.addTask(executorPreference: executor) {
                    await carryOut(session, rows: rows, counter: counter, position: position)
                }
            }
            var all: [(Int, GroupOutcome)] = []
            var ledgerError: LedgerError?
            for await (some, error) in group {
                all += some
                ledgerError = ledgerError ?? error
            }
            return RunOutcome(
                groups: all.sorted { $0.0 < $1.0 }.map(\.1), stopReason: planning.control.stopReason,
                ledgerError: ledgerError)
        }
    }

    /// Remembers the policies' members of the applied plan, and forgets the groups that have left the policies.
    package func remember(without left: Set<GroupKey>) async throws(RunFault) {
        try await planning.rememberApplied(planned.plan, at: planned.madeAt)
        try await planning.forget(left)
    }

    /// One group's plan, its index in the plan, and how many of its actions may run.
    private typealias GroupShare = (index: Int, plan: GroupPlan, allowed: Int)

    /// Returns the group plans by session; only the first `maxActions` actions of all of them may run.
    private func plansBySession() -> [[GroupShare]] {
        var left = maxActions ?? .max
        var sessions: [[GroupShare]] = []
        for (index, group) in planned.plan.groups.enumerated() {
            let share = (index, group, min(left, group.actions.count))
            left -= share.2
            if sessions.last?.last?.plan.key.sessionKey == group.key.sessionKey {
                sessions[sessions.count - 1].append(share)
            } else {
                sessions.append([share])
            }
        }
        return sessions
    }

    /// Carries out the plans of one session's groups, one after the other.
    private func carryOut(
        _ groups: [GroupShare], rows: [GroupKey: [ActionRecord]], counter: CallCounter, position: Int
    ) async -> ([(Int, GroupOutcome)], LedgerError?) {
        let key = groups[0].plan.key.sessionKey
        guard let gateway = gateways[key.gateway], let slots = slots[key.gateway] else {
            // A saved plan may name groups of a gateway that is configured no more; their plans are faults.
            return (groups.map { ($0.index, GroupOutcome(before: $0.plan)) }, nil)
        }
        let session = SessionCalls(applier: self, key: key, slots: slots, counter: counter, position: position)
        var applications: [GroupApplication] = []
        for group in groups {
            var application = GroupApplication(
                group.plan, rows: rows[group.plan.key] ?? [], allowed: group.allowed, gateway: gateway, of: session)
            await application.run()
            applications.append(application)
            // The plan's record of a group without actions is final.
            if !group.plan.actions.isEmpty {
                _ = await session.commit([.finished(application.outcome.record, of: run)])
            }
        }
        await confirmAfterRefresh(&applications, of: session)
        return (zip(groups, applications).map { ($0.index, $1.outcome) }, session.ledgerError)
    }

    /// If configured, refreshes a store that could not show all changes, then confirms those that it shows now.
    private func confirmAfterRefresh(_ applications: inout [GroupApplication], of session: SessionCalls) async {
        guard applications.contains(where: \.hasUnseenChanges) else { return }
        do throws(RunFault) {
            guard try await planning.refreshAfterApply(session.key) else { return }
        } catch {
            if case .ledger(let error) = error { session.note(error) }
            return
        }
        for index in applications.indices where applications[index].hasUnseenChanges {
            guard planning.control.stopReason == nil else { return }
            await applications[index].confirmAgain()
            guard await session.commit([.finished(applications[index].outcome.record, of: run)]) else { return }
        }
    }

    /// Returns the pace of one session: the configured one, or the session's own rate if that is lower.
    func pace(of key: SessionKey) -> Pace {
        var pace = planning.configuration.pace
        pace.callsPerMinute = pace.callsPerMinute.boundedPace(by: planned.rates[key])
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

package import Core
import PolicyFiles
package import RunLedger

/// Carries out a plan that was made and recorded, and remembers what was applied.
package struct PlanExecution: Sendable {
    private let planning: Planning
    private let run: RunID
    private let gateways: [GatewayName: WritableGateway]
    private let maxActions: Int?
    private let random: @Sendable () -> Double

    /// Prepares the run with an id; actions after the first `maxActions` of the plan are skipped.
    ///
    /// `random` returns numbers from 0 up to 1 for the jitter.
    package init(
        _ planning: Planning, run: RunID, gateways: [GatewayName: WritableGateway], maxActions: Int?,
        random: @Sendable @escaping () -> Double
    ) {
        self.planning = planning
        self.run = run
        self.gateways = gateways
        self.maxActions = maxActions
        self.random = random
    }

    /// Sends the plan's calls; `rows` are the ledger's rows of each group's actions, in the same order.
    ///
    /// Afterwards it refreshes the gateways that cannot show the changes otherwise, if configured.
    package func apply(
        _ planned: Planning.Outcome, rows: [GroupKey: [ActionRecord]]
    ) async throws(RunFault) -> RunOutcome {
        let applier = Applier(
            gateways: gateways, ledger: planning.ledger, time: planning.time, pace: planning.configuration.pace,
            rates: planned.rates, control: planning.control, progress: planning.progress, random: random,
            budgets: planned.budgets, latestCalls: planned.latestCalls, deadline: planning.deadline,
            recheck: Recheck(plannedAt: planned.madeAt) { key in await planning.replan(key) }, maxActions: maxActions)
        let outcome = await applier.apply(planned.plan, rows: rows, of: run)
        let refreshed = try await planning.refreshAfterApply(outcome.sessionsWithUnseenChanges)
        return refreshed.isEmpty ? outcome : await applier.confirm(outcome, rows: rows, of: run, in: refreshed)
    }

    /// Remembers the policies' members of an applied plan, and forgets the groups that have left the policies.
    package func remember(_ planned: Planning.Outcome, without left: Set<GroupKey>) async throws(RunFault) {
        try await planning.rememberApplied(planned.plan, at: planned.madeAt)
        try await planning.forget(left)
    }
}

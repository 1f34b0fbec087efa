import ArgumentParser
import GatewayAPI
import Logging
import Membership
import PolicyFiles
import Reconciliation
import Reports
import RunLedger

/// `rollcall apply`: plans and carries the plan out.
struct ApplyCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Make the groups what the policy says.",
        usage: "rollcall apply [--yes] [--accept-removals <n>] [<options>]",
        discussion: """
            Plans as `plan` does, shows the plan, asks, and sends the calls one after another for each session. Every \
            call is in the ledger before it is sent. Without a terminal to ask on it needs --yes.

            Exits 0, or 3 when something failed, was skipped or was declined, 4 when removals or demotions are \
            withheld, 6 when another run holds the ledger, 69 when the gateway gave nothing useful, 77 when it rejected \
            the token.
            """)

    @Flag(name: [.short, .long], help: "Do not ask.")
    var yes = false

    @Option(
        help: ArgumentHelp(
            "Wait so long for another run to end, for example 10m; without it a second run ends at once with 6.",
            valueName: "duration"))
    var wait: DurationArgument?

    @Option(
        help: ArgumentHelp(
            "Be over after so long, for example 45m: what has not been sent by then is left to the next run.",
            valueName: "duration"))
    var deadline: DurationArgument?

    @OptionGroup var options: PlanningOptions
    @OptionGroup var narrowing: NarrowingOptions
    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws -> ExitStatus {
        guard yes || context.terminal.canAsk else {
            throw Failure(.usage, "there is no terminal to ask on; pass --yes to apply without asking")
        }
        var context = context
        let end = deadline.map { context.time.now().advanced(byMilliseconds: $0.duration.milliseconds) }
        if let end { context.time = EndingTime(context.time, end: end) }
        let patience = min(wait?.duration ?? .zero, deadline?.duration ?? .seconds(Int64.max))
        let run = try await PreparedRun(
            command: "apply", options: options, narrowing: narrowing, shared: shared,
            locks: LockWish(patience: patience), endingAt: end, in: context)
        return try await run.run(in: context) { () throws(Failure) in
            let planned = try await run.planning.plan(in: context)
            run.progress.clear()
            let painter = shared.painter(in: context)
            context.output.write(PlanText(painter: painter).render(planned.plan))
            let rows = try await run.recorder.record(planned.plan, isPlanOnly: false)
            guard await confirm(planned.plan, in: context) else {
                context.output.write("Nothing was changed.\n")
                let status = Self.declined(context.control.stopReason)
                try await run.recorder.finish(status, tally: RunTally(holds: planned.plan.summary.holds))
                return status
            }
            let outcome = await applier(of: run, planned, in: context)
                .apply(planned.plan, rows: rows, of: run.recorder.run.id)
            run.progress.clear()
            if planned.plan.summary.total > 0 {
                context.output.write("\n" + OutcomeText(painter: painter).render(outcome))
            }
            if let error = outcome.ledgerError { throw Failure(error) }
            let status = ExitStatus(of: outcome)
            try await run.recorder.finish(status, tally: outcome.tally)
            return status
        }
    }

    private func applier(of run: PreparedRun, _ planned: Planning.Outcome, in context: Context) -> Applier {
        Applier(
            gateways: run.connections.writable, ledger: run.recorder.ledger, time: context.time,
            pace: run.project.configuration.pace, rates: planned.rates, control: context.control,
            progress: run.progress, random: context.random, budgets: planned.budgets,
            latestCalls: planned.latestCalls, deadline: run.deadline,
            secondLook: SecondLook(plannedAt: planned.madeAt) { key in await run.planning.replan(key, in: context) })
    }

    /// Whether the plan may be carried out: asked only where it changes something.
    private func confirm(_ plan: Plan, in context: Context) async -> Bool {
        let summary = plan.summary
        if yes || summary.total == 0 { return true }
        let changes = summary.total == 1 ? "this change" : "these \(summary.total) changes"
        context.output.writeError("\nMake \(changes)? Only \"yes\" is taken for a yes: ")
        let answer = await context.terminal.readAnswer(context.control)
        if answer == nil { context.output.writeError("\n") }
        return answer == "yes" && context.control.stopReason == nil
    }

    /// How a run ends in which nothing was sent because nobody said yes.
    private static func declined(_ reason: StopReason?) -> ExitStatus {
        if case .interrupted(let signal) = reason { .interrupted(signal: signal) } else { .failure }
    }
}

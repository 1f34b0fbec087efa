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
            withheld, 69 when the gateway gave nothing useful, 77 when it rejected the token.
            """)

    @Flag(name: [.short, .long], help: "Do not ask.")
    var yes = false

    @OptionGroup var options: PlanningOptions
    @OptionGroup var narrowing: NarrowingOptions
    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws -> ExitStatus {
        guard yes || context.terminal.canAsk else {
            throw Failure(.usage, "there is no terminal to ask on; pass --yes to apply without asking")
        }
        let project = try Project.load(shared, in: context)
        let groups = try project.groups(narrowedBy: narrowing)
        let logger = shared.logger(in: context)
        let connections = try GatewayConnections(
            project.configuration, used: Set(groups.map { project.policies.groups[$0].gateway }),
            logger: logger, in: context)
        let recorder = try await RunRecorder(
            command: "apply", ledgerPath: project.configuration.ledger, policyDigest: project.policies.digest,
            in: context)
        let progress = ProgressLine(context: context, quiet: shared.quiet)
        let signals = SignalWatch(control: context.control)
        defer { signals.end() }
        do {
            let planning = Planning(
                project: project, groups: groups, gateways: connections.readable, ledger: recorder.ledger,
                progress: progress, options: options, logger: logger)
            let planned = try await planning.plan(in: context)
            let plan = planned.plan
            progress.clear()
            let painter = shared.painter(in: context)
            context.output.write(PlanText(painter: painter).render(plan))
            let rows = try await recorder.record(plan, isPlanOnly: false)
            guard await confirm(plan, in: context) else {
                context.output.write("Nothing was changed.\n")
                let status = Self.declined(context.control.stopReason)
                try await recorder.finish(status, tally: RunTally(holds: plan.summary.holds))
                return status
            }
            let applier = Applier(
                gateways: connections.writable, ledger: recorder.ledger, time: context.time,
                pace: project.configuration.pace, rates: planned.rates, control: context.control, progress: progress,
                random: context.random,
                secondLook: SecondLook(plannedAt: planned.madeAt) { key in
                    await planning.replan(key, in: context)
                })
            let outcome = await applier.apply(plan, rows: rows, of: recorder.run.id)
            progress.clear()
            if plan.summary.total > 0 { context.output.write("\n" + OutcomeText(painter: painter).render(outcome)) }
            if let error = outcome.ledgerError { throw Failure(error) }
            let status = ExitStatus(of: outcome)
            try await recorder.finish(status, tally: outcome.tally)
            return status
        } catch let failure as Failure {
            progress.clear()
            try await recorder.finish(failure.status)
            throw failure
        }
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

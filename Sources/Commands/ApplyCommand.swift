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
        usage: "rollcall apply [<plan>] [--yes] [--accept-removals <n>] [<options>]",
        discussion: """
            Plans as `plan` does, shows the plan, asks, and sends the calls one after another for each session. Every \
            call is in the ledger before it is sent. Without a terminal to ask on it needs --yes.

            With a plan that `plan --out` has saved, it does what that plan asks for and nothing else, and only in groups \
            that are still as they were.

            Exits 0, or 3 when something failed, was skipped or was declined, 4 when removals or demotions are \
            withheld, 5 when the saved plan no longer fits some group, 6 when another run holds the ledger, 65 when the \
            saved plan was altered, 69 when the gateway gave nothing useful, 77 when it rejected the token.
            """)

    @Argument(help: "A plan saved with `plan --out`.", completion: .file(extensions: ["json"]))
    var plan: String?

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

    @Option(
        help: ArgumentHelp(
            "Make at most so many changes; the rest of the plan is left to the next run.", valueName: "n"))
    var maxActions: Int?

    @OptionGroup var options: PlanningOptions
    @OptionGroup var narrowing: NarrowingOptions
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if let maxActions, maxActions < 0 {
            throw ValidationError("--max-actions takes a number of changes, not \(maxActions).")
        }
    }

    func run(in context: Context) async throws -> ExitStatus {
        let configuration = try Project.loadConfiguration(shared, in: context)
        var account = RunAccount(command: "apply", startedAt: context.time.now())
        let logger = shared.logger(in: context)
        let metrics = MetricsFile(configuration, logger: logger, in: context)
        let sender = NoticeSender(configuration, isUnattended: yes, logger: logger, in: context)
        let beginning = sender.begin()
        do throws(Failure) {
            let status = try await carryOut(configuration, telling: &account, in: context)
            await metrics.write(status, of: account)
            if account.wasAgreedTo { await sender.end(account.notice(of: status, in: context), after: beginning) }
            return status
        } catch {
            await metrics.write(error.status, of: account)
            await sender.end(account.notice(of: error.status, error, in: context), after: beginning)
            throw error
        }
    }

    /// Does all of the run; when it returns, the ledger is free for another.
    private func carryOut(
        _ configuration: Configuration, telling account: inout RunAccount, in context: Context
    ) async throws(Failure) -> ExitStatus {
        guard yes || context.terminal.canAsk else {
            throw Failure(.usage, "there is no terminal to ask on; pass --yes to apply without asking")
        }
        let saved = try plan.map { path throws(Failure) in try savedPlan(at: path) }
        var options = options
        if let saved { options.retryDeclined = options.retryDeclined || saved.retriesDeclined }
        var context = context
        let end = deadline.map { context.time.now().advanced(byMilliseconds: $0.duration.milliseconds) }
        if let end { context.time = EndingTime(context.time, end: end) }
        let patience = min(wait?.duration ?? .zero, deadline?.duration ?? .seconds(Int64.max))
        let run = try await PreparedRun(
            command: "apply", configuration, options: options, narrowing: narrowing, shared: shared,
            locks: LockWish(patience: patience), endingAt: end, in: context)
        account.run = run.recorder.run.id
        return try await run.run(in: context) { () throws(Failure) in
            try await perform(run, following: saved, telling: &account, in: context)
        }
    }

    private func perform(
        _ run: PreparedRun, following saved: SavedPlan?, telling account: inout RunAccount, in context: Context
    ) async throws(Failure) -> ExitStatus {
        if let saved, saved.policyDigest != run.project.policies.digest, !shared.quiet {
            context.output.writeError(
                "rollcall: warning: the policies have changed since the plan was made; groups for which they no "
                    + "longer ask for its changes are left alone\n")
        }
        let left = try await run.planning.groupsThatLeft()
        run.planning.tellOfGroupsThatLeft(left)
        let planned = try await run.planning.plan(following: saved, in: context)
        run.progress.clear()
        let painter = shared.painter(in: context)
        context.output.write(PlanText(painter: painter).render(planned.plan))
        let rows = try await run.recorder.record(planned.plan, isPlanOnly: false)
        guard await confirm(planned.plan, in: context) else {
            context.output.write("Nothing was changed.\n")
            account.wasAgreedTo = false
            let status = Self.declined(context.control.stopReason)
            try await run.recorder.finish(status, tally: RunTally(holds: planned.plan.summary.holds))
            return status
        }
        let applier = applier(of: run, planned, in: context)
        var outcome = await applier.apply(planned.plan, rows: rows, of: run.recorder.run.id)
        let refreshed = try await run.planning.refreshAfterApply(outcome.sessionsWithUnseenChanges, in: context)
        if !refreshed.isEmpty {
            outcome = await applier.confirm(outcome, rows: rows, of: run.recorder.run.id, in: refreshed)
        }
        account.outcome = outcome
        run.progress.clear()
        if planned.plan.summary.total > 0 {
            context.output.write("\n" + OutcomeText(painter: painter).render(outcome))
        }
        let status = ExitStatus(of: outcome)
        if let error = outcome.ledgerError { throw Failure(status, Failure(error).sentence) }
        try await run.planning.rememberApplied(planned.plan, at: planned.madeAt)
        try await run.planning.forget(left)
        try await run.recorder.finish(status, tally: outcome.tally)
        return status
    }

    private func applier(of run: PreparedRun, _ planned: Planning.Outcome, in context: Context) -> Applier {
        Applier(
            gateways: run.connections.writable, ledger: run.recorder.ledger, time: context.time,
            pace: run.project.configuration.pace, rates: planned.rates, control: context.control,
            progress: run.progress, random: context.random, budgets: planned.budgets,
            latestCalls: planned.latestCalls, deadline: run.deadline,
            secondLook: SecondLook(plannedAt: planned.madeAt) { key in await run.planning.replan(key, in: context) },
            maxActions: maxActions)
    }

    /// More bytes than any plan has.
    private static let mostPlanBytes = 1 << 30

    /// Reads a saved plan, and holds what else was typed against it.
    private func savedPlan(at path: String) throws(Failure) -> SavedPlan {
        let name = path.defusedForTerminal
        let saved: SavedPlan
        do {
            saved = try PlanFile.read(try RegularFile.read(path, atMost: Self.mostPlanBytes))
        } catch let fault as RegularFile.Fault {
            throw Failure(
                .policyInvalid, "\(name) is no plan that can be applied: it \(fault.words); make one with `plan --out`")
        } catch PlanFile.Fault.notAPlan(let what) {
            throw Failure(
                .policyInvalid, "\(name) is no plan that can be applied: \(what); make one with `plan --out`")
        } catch {
            throw Failure(
                .policyInvalid,
                "\(name) is not as `rollcall plan --out` wrote it, so it is not applied; make a new plan")
        }
        if let accepted = options.acceptRemovals, accepted != saved.takenAway {
            throw Failure(
                .usage,
                "--accept-removals \(accepted) does not fit the saved plan, by which \(saved.takenAway) would lose "
                    + "something")
        }
        return saved
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

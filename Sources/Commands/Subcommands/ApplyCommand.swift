import ArgumentParser
import Core
import GatewayAPI
import Logging
import PolicyFiles
import Reconciliation
import Reports
import RunLedger

/// `rollcall apply`: makes the plan and applies it.
struct ApplyCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Make the groups match the policy.",
        usage: "rollcall apply [<plan>] [--yes] [--accept-removals <n>] [<options>]",
        discussion: """
            Makes the same plan as `plan`, shows it, asks you to confirm, and sends the calls to the gateway, one by \
            one for each session. The ledger records every call before Rollcall sends the call. Without a \
            terminal, --yes is required.

            With a plan saved by `plan --out`, it makes only that plan's changes, and only in groups that have not \
            changed since.

            Exit codes: 0 success; 3 something failed, was skipped or was declined; 4 removals or demotions are \
            blocked; 5 some groups changed since the plan was saved and were skipped; 6 another run has locked the \
            ledger; 65 the saved plan was altered; 69 no useful answer from the gateway; 77 the gateway rejected the \
            token.
            """)

    @Argument(help: "A plan saved with `plan --out`.", completion: .file(extensions: ["json"]))
    var plan: String?

    @Flag(name: [.short, .long], help: "Do not ask for confirmation.")
    var yes = false

    @Option(
        help: ArgumentHelp(
            "Wait this long for another run to end, for example 10m. Default: exit at once with exit code 6.",
            valueName: "duration"), transform: DurationArgument.read)
    var wait: DurationArgument?

    @Option(
        help: ArgumentHelp(
            "Stop after this long, for example 45m; the next run makes the remaining changes.",
            valueName: "duration"), transform: DurationArgument.read)
    var deadline: DurationArgument?

    @Option(
        help: ArgumentHelp(
            "Make at most <n> changes; the next run makes the rest.", valueName: "n"))
    var maxActions: Int?

    @OptionGroup var options: PlanningArguments
    @OptionGroup var narrowing: NarrowingOptions
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if let maxActions, maxActions < 0 {
            throw ValidationError("--max-actions must be a number from 0, not \(maxActions).")
        }
    }

    func run(in context: Context) async throws -> ExitStatus {
        let configuration = try Project.loadConfiguration(shared, in: context)
        var runSummary = RunSummary(command: "apply", startedAt: context.time.now())
        let logger = shared.logger(in: context)
        let metrics = MetricsFile(configuration, logger: logger, in: context)
        let sender = NoticeSender(configuration, isUnattended: yes, logger: logger, in: context)
        let beginning = sender.begin()
        do throws(Failure) {
            let status = try await carryOut(configuration, into: &runSummary, in: context)
            await metrics.write(status, of: runSummary)
            if runSummary.wasAgreedTo { await sender.end(runSummary.notice(of: status, in: context), after: beginning) }
            return status
        } catch {
            await metrics.write(error.status, of: runSummary)
            await sender.end(runSummary.notice(of: error.status, error, in: context), after: beginning)
            throw error
        }
    }

    /// Does the whole run; the ledger is unlocked when it returns.
    private func carryOut(
        _ configuration: Configuration, into runSummary: inout RunSummary, in context: Context
    ) async throws(Failure) -> ExitStatus {
        guard yes || context.terminal.canAsk else {
            throw Failure(.usage, "there is no terminal for the confirmation; pass --yes to apply without asking")
        }
        let saved = try plan.map { path throws(Failure) in try savedPlan(at: path) }
        var options = options
        if let saved { options.retryDeclined = options.retryDeclined || saved.retriesDeclined }
        var context = context
        let end = deadline.map { context.time.now().advanced(byMilliseconds: $0.duration.milliseconds) }
        if let end { context.time = DeadlineClock(context.time, end: end) }
        let lockTimeout = min(wait?.duration ?? .zero, deadline?.duration ?? .seconds(Int64.max))
        let run = try await PreparedRun(
            command: "apply", configuration, options: options, narrowing: narrowing, shared: shared,
            locks: LockRequest(timeout: lockTimeout), endingAt: end, in: context)
        runSummary.run = run.recorder.run.id
        return try await run.run(in: context) {
            try await perform(run, following: saved, into: &runSummary, in: context)
        }
    }

    private func perform(
        _ run: PreparedRun, following saved: SavedPlan?, into runSummary: inout RunSummary, in context: Context
    ) async throws -> ExitStatus {
        if let saved, saved.policyDigest != run.policies.digest, !shared.quiet {
            context.output.writeError(
                "rollcall: warning: the policies have changed since the plan was saved; Rollcall skips changes that "
                    + "they no longer ask for\n")
        }
        let left = try await run.planning.groupsNoLongerInPolicies()
        run.planning.warnOfGroupsNoLongerInPolicies(left)
        let planning = if let saved { try run.planning.narrowed(to: saved) } else { run.planning }
        let planned = try await planning.plan(following: saved)
        run.progress.clear()
        let painter = shared.painter(in: context)
        context.output.write(PlanText(painter: painter).render(planned.plan))
        let rows = try await run.recorder.record(planned.plan, isPlanOnly: false)
        guard await confirm(planned.plan, in: context) else {
            context.output.write("Nothing was changed.\n")
            runSummary.wasAgreedTo = false
            let status = Self.declined(context.control.stopReason)
            try await run.recorder.finish(
                status.runStatus, exitCode: Int(status.code), tally: RunTally(holds: planned.plan.summary.holds))
            return status
        }
        let applier = Applier(
            planned, by: planning, run: run.recorder.run.id, gateways: run.connections.writable,
            maxActions: maxActions, random: context.random)
        let outcome = await applier.apply(rows)
        runSummary.outcome = outcome
        run.progress.clear()
        if planned.plan.summary.total > 0 { context.output.write("\n" + OutcomeText(painter: painter).render(outcome)) }
        let status = ExitStatus(of: outcome)
        if let error = outcome.ledgerError { throw Failure(status, error.message) }
        try await applier.remember(without: left)
        try await run.recorder.finish(status.runStatus, exitCode: Int(status.code), tally: outcome.tally)
        return status
    }

    /// The largest plan file accepted, in bytes.
    private static let maxPlanBytes = 1 << 30

    /// Reads a saved plan, and checks the options against it.
    private func savedPlan(at path: String) throws(Failure) -> SavedPlan {
        let name = path.escapedForTerminal
        let saved: SavedPlan
        do {
            saved = try PlanFile.read(try DiskFile.contents(of: path, limit: Self.maxPlanBytes))
        } catch let fault as DiskFault {
            throw Failure(
                .policyInvalid, "\(name) cannot be applied: it \(fault.words); save a plan with `rollcall plan --out`")
        } catch PlanFile.Fault.notAPlan(let what) {
            throw Failure(.policyInvalid, "\(name) cannot be applied: \(what); save a plan with `rollcall plan --out`")
        } catch {
            throw Failure(.policyInvalid, "\(name) was changed after `rollcall plan --out` wrote it; save a new plan")
        }
        if let accepted = options.acceptRemovals, accepted != saved.removalCount {
            let count = saved.removalCount
            throw Failure(
                .usage,
                "the saved plan has \(count.removalsAndDemotions), but --accept-removals says \(accepted); use "
                    + "--accept-removals \(count), or leave it out. To accept blocked removals, save a "
                    + "new plan with `rollcall plan --out … --accept-removals <n>`")
        }
        return saved
    }

    /// Whether the plan may be applied; asks only if it changes something.
    private func confirm(_ plan: Plan, in context: Context) async -> Bool {
        let summary = plan.summary
        if yes || summary.total == 0 { return true }
        let changes = summary.total == 1 ? "this change" : "these \(summary.total) changes"
        context.output.writeError("\nApply \(changes)? Type \"yes\" to continue: ")
        let answer = await context.terminal.readAnswer(context.control)
        if answer == nil { context.output.writeError("\n") }
        return answer == "yes" && context.control.stopReason == nil
    }

    /// Returns the exit status of a run that nobody confirmed.
    private static func declined(_ reason: StopReason?) -> ExitStatus {
        if case .interrupted(let signal) = reason { .interrupted(signal: signal) } else { .failure }
    }
}

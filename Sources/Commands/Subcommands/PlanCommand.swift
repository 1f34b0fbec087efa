import ArgumentParser
import Core
import GatewayAPI
import Logging
import PolicyFiles
import Reconciliation
import Reports
import RunLedger

/// `rollcall plan`: shows the differences between the policies and the groups.
struct PlanCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show the differences between the policy and the groups; change nothing.",
        usage: "rollcall plan [--format text|json|markdown|html] [--detailed-exitcode] [<options>]",
        discussion: """
            Reads each group through the gateway and prints what `apply` would do, in order:

              + add         ^ promote   v demote   - remove
              ~ blocked (you decide), kept (ignore it) or sent (not confirmed yet)
              ! warning     x error

            Exit codes: 0 success; 2 changes are pending, with --detailed-exitcode; 3 a group could not be planned; 4 \
            removals or demotions are blocked; 69 no useful answer from the gateway; 77 the gateway rejected the token.
            """)

    @Option(help: "The output format.")
    var format: PlanFormat = .text

    @Flag(help: "Show full phone numbers in Markdown and HTML. Default: masked.")
    var showPhones = false

    @Option(
        help: ArgumentHelp(
            "Save the plan for `rollcall apply FILE`; it contains phone numbers; - is standard output.",
            valueName: "file"),
        completion: .file(extensions: ["json"]))
    var out: String?

    @Flag(help: "Exit with 2 if changes are pending.")
    var detailedExitcode = false

    @OptionGroup var options: PlanningArguments
    @OptionGroup var narrowing: NarrowingOptions
    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws -> ExitStatus {
        let configuration = try Project.loadConfiguration(shared, in: context)
        var runSummary = RunSummary(command: "plan", startedAt: context.time.now())
        let metrics = MetricsFile(configuration, logger: shared.logger(in: context), in: context)
        do throws(Failure) {
            let status = try await write(configuration, into: &runSummary, in: context)
            await metrics.write(status, of: runSummary)
            return status
        } catch {
            await metrics.write(error.status, of: runSummary)
            throw error
        }
    }

    /// Does the whole run except for the metrics.
    private func write(
        _ configuration: Configuration, into runSummary: inout RunSummary, in context: Context
    ) async throws(Failure) -> ExitStatus {
        if let out { try ResultFile.checkTarget(of: out) }
        let run = try await PreparedRun(
            command: "plan", configuration, options: options, narrowing: narrowing, shared: shared, locks: nil,
            in: context)
        runSummary.run = run.recorder.run.id
        return try await run.run(in: context) {
            run.planning.warnOfGroupsNoLongerInPolicies(try await run.planning.groupsNoLongerInPolicies())
            let plan = try await run.planning.plan().plan
            run.progress.clear()
            _ = try await run.recorder.record(plan, isPlanOnly: true)
            if let out { try save(plan, of: run.recorder.run, to: out, in: context) }
            // With the saved plan on standard output, nothing else is written there.
            if !ResultFile.isStandardOutput(out) { write(plan, of: run.recorder.run, in: context) }
            let status = ExitStatus(of: plan, reportsChanges: detailedExitcode)
            try await run.recorder.finish(status.runStatus, exitCode: Int(status.code), tally: plan.tally)
            return status
        }
    }

    private func write(_ plan: Plan, of record: RunRecord, in context: Context) {
        switch format {
        case .text: context.output.write(PlanText(painter: shared.painter(in: context)).render(plan))
        case .json: context.output.write(PlanJSON.document(plan, id: record.id, createdAt: record.startedAt).rendered())
        case .markdown: context.output.write(PlanMarkdown(numbers: numbers).render(plan))
        case .html:
            context.output.write(
                PlanPage(
                    plan, id: record.id, numbers: numbers, madeAt: record.startedAt, version: Version.current
                ).render())
        }
    }

    private var numbers: NumberDisplay { showPhones ? .full : .masked }

    private func save(_ plan: Plan, of run: RunRecord, to path: String, in context: Context) throws(Failure) {
        let text = PlanFile.text(
            of: plan, id: run.id, createdAt: run.startedAt,
            acceptsRemovals: options.acceptRemovals != nil && options.acceptRemovals == plan.removalCount,
            retriesDeclined: options.retryDeclined)
        try ResultFile.write(text, to: path, existing: .replaced(if: PlanFile.isLike), in: context)
        if !ResultFile.isStandardOutput(path), !shared.quiet {
            context.output.writeError("saved the plan to \(path.escapedForTerminal)\n")
        }
    }
}

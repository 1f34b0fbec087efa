import ArgumentParser
import GatewayAPI
import Logging
import Membership
import PolicyFiles
import Reconciliation
import Reports
import RunLedger

/// `rollcall plan`: what differs between policy and rosters.
struct PlanCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what differs between the policy and the groups; change nothing.",
        usage: "rollcall plan [--format text|json] [--detailed-exitcode] [<options>]",
        discussion: """
            Reads each group through the gateway and prints what `apply` would do, in order:

              + add   ^ promote   v demote   - remove   ~ held back   ! warning   x error

            Exits 0, or 3 when a group could not be planned, 4 when removals or demotions are withheld, 69 when the \
            gateway gave nothing useful, 77 when it rejected the token.
            """)

    @Option(help: "How the plan is written.")
    var format: OutputFormat = .text

    @Flag(help: "Exit 2 when changes are pending.")
    var detailedExitcode = false

    @OptionGroup var options: PlanningOptions
    @OptionGroup var narrowing: NarrowingOptions
    @OptionGroup var shared: SharedOptions

    func run(in context: Context) async throws -> ExitStatus {
        let project = try Project.load(shared, in: context)
        let groups = try project.groups(narrowedBy: narrowing)
        let logger = shared.logger(in: context)
        let connections = try GatewayConnections(
            project.configuration, used: Set(groups.map { project.policies.groups[$0].gateway }),
            logger: logger, in: context)
        let recorder = try await RunRecorder(
            command: "plan", ledgerPath: project.configuration.ledger, policyDigest: project.policies.digest,
            in: context)
        let progress = ProgressLine(context: context, quiet: shared.quiet)
        let planning = Planning(
            project: project, groups: groups, gateways: connections.readable, ledger: recorder.ledger,
            progress: progress, options: options, logger: logger)
        let signals = SignalWatch(control: context.control)
        defer { signals.end() }
        let plan: Plan
        do {
            plan = try await planning.plan(in: context).plan
        } catch {
            progress.clear()
            try await recorder.finish(error.status)
            throw error
        }
        progress.clear()
        _ = try await recorder.record(plan, isPlanOnly: true)
        switch format {
        case .text:
            context.output.write(PlanText(painter: shared.painter(in: context)).render(plan))
        case .json:
            let document = PlanJSON.document(plan, id: recorder.run.id, createdAt: recorder.run.startedAt)
            context.output.write(document.rendered())
        }
        let status = ExitStatus(of: plan, tellsOfChanges: detailedExitcode)
        try await recorder.finish(status, tally: plan.tally)
        return status
    }
}

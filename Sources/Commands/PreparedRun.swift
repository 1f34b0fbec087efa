import GatewayAPI
import Logging
import Membership
import PolicyFiles
import Reconciliation
import RunLedger

/// What `plan` and `apply` have in common: everything read and opened, the run on record, nothing asked of a gateway yet.
struct PreparedRun {
    let project: Project
    let connections: GatewayConnections
    let recorder: RunRecorder
    let progress: ProgressLine
    let planning: Planning
    let deadline: Deadline?

    /// Reads policies and tokens, and records in the ledger that a run has begun.
    init(
        command: String, _ configuration: Configuration, options: PlanningOptions, narrowing: NarrowingOptions,
        shared: SharedOptions,
        locks: LockWish?, endingAt end: Timestamp? = nil, in context: Context
    ) async throws(Failure) {
        let logger = shared.logger(in: context)
        let start = context.time.now()
        guard (1970...9999).contains(start.date.components.year) else {
            throw Failure(
                .failure,
                "the clock of this machine says \(start.date), and nothing can be recorded then; set the clock, and run again"
            )
        }
        let project = try Project.load(configuration, shared, in: context)
        let groups = try project.groups(narrowedBy: narrowing)
        self.project = project
        deadline = end.map { Deadline(from: start, to: $0, settle: project.configuration.pace.settle) }
        let keys = groups.map { project.policies.groups[$0] }
        connections = try GatewayConnections(
            project.configuration, used: Set(keys.map(\.gateway)),
            sessionsCalling: command == "apply" ? Set(keys.map(\.sessionKey)).count : 0, refreshes: true,
            deadline: deadline, logger: logger, in: context)
        recorder = try await RunRecorder(
            command: command, ledgerPath: project.configuration.ledger, policyDigest: project.policies.digest,
            locks: locks, logger: logger, in: context)
        progress = ProgressLine(context: context, quiet: shared.quiet)
        planning = Planning(
            project: project, groups: groups, gateways: connections.readable, refreshing: connections.refreshing,
            ledger: recorder.ledger,
            progress: progress, options: options, deadline: deadline, logger: logger)
    }

    /// Does the work of the run; signals ask it to end, and whatever ends it early is on record before it is told.
    func run(
        in context: Context, _ work: () async throws(Failure) -> ExitStatus
    ) async throws(Failure) -> ExitStatus {
        let signals = SignalWatch(control: context.control) { context.output.writeError($0) }
        defer { signals.end() }
        do {
            return try await work()
        } catch {
            progress.clear()
            try await recorder.fail(error.status)
            throw error
        }
    }
}

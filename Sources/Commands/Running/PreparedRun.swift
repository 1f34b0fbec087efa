import Core
import GatewayAPI
import Logging
import PolicyFiles
import Reconciliation
import RunLedger

/// The common start of `plan` and `apply`: everything is read and recorded, no request is sent yet.
struct PreparedRun {
    let project: Project
    let connections: GatewayConnections
    let recorder: RunRecorder
    let progress: ProgressLine
    let planning: Planning
    let deadline: Deadline?

    /// Reads policies and tokens, and records the beginning of a run in the ledger.
    init(
        command: String, _ configuration: Configuration, options: PlanningOptions, narrowing: NarrowingOptions,
        shared: SharedOptions, locks: LockRequest?, endingAt end: Timestamp? = nil, in context: Context
    ) async throws(Failure) {
        let logger = shared.logger(in: context)
        let start = context.time.now()
        guard (1970...9999).contains(start.date.components.year) else {
            throw Failure(
                .failure,
                "this machine's clock says \(start.date), which the ledger cannot record; set the clock, then run again"
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
            ledger: recorder.ledger, progress: progress, options: options, deadline: deadline, logger: logger)
    }

    /// Does the run's work; signals stop it, and a failure is recorded before it is thrown.
    func run(in context: Context, _ work: () async throws(Failure) -> ExitStatus) async throws(Failure) -> ExitStatus {
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

import Core
import GatewayAPI
import Logging
import PolicyFiles
import Reconciliation
import RunLedger

/// The common start of `plan` and `apply`: everything is read and recorded, no request is sent yet.
struct PreparedRun {
    let policies: PolicySet
    let connections: GatewayConnections
    let recorder: RunRecorder
    let progress: ProgressLine
    let planning: Planning

    /// Reads policies and tokens, and records the beginning of a run in the ledger.
    init(
        command: String, _ configuration: Configuration, options: PlanningArguments, narrowing: NarrowingOptions,
        shared: SharedOptions, locks: LockRequest?, endingAt end: Timestamp? = nil, in context: Context
    ) async throws(Failure) {
        let logger = shared.logger(in: context)
        let start = context.time.now()
        let project = try Project.load(configuration, shared, in: context)
        let groups = try project.groups(narrowedBy: narrowing)
        policies = project.policies
        let deadline = end.map { Deadline(from: start, to: $0, settle: configuration.pace.settle) }
        let keys = groups.map { project.policies.groups[$0] }
        connections = try GatewayConnections(
            configuration, used: Set(keys.map(\.gateway)),
            sessionsCalling: command == "apply" ? Set(keys.map(\.sessionKey)).count : 0, refreshes: true,
            deadline: deadline, logger: logger, in: context)
        progress = ProgressLine(context: context, quiet: shared.quiet)
        do throws(RunFault) {
            recorder = try await RunRecorder(
                command: command, ledgerPath: configuration.ledger, policyDigest: policies.digest, host: context.host,
                locks: locks, logger: logger, time: context.time, control: context.control)
        } catch {
            throw Failure(error)
        }
        planning = Planning(
            configuration, policies, groups: groups, gateways: connections.readable,
            refreshing: connections.refreshing, ledger: recorder.ledger, options: options.options, deadline: deadline,
            time: context.time, control: context.control, progress: progress, logger: logger)
    }

    /// Does the run's work; signals stop it, and a failure is recorded before it is thrown.
    func run(in context: Context, _ work: () async throws -> ExitStatus) async throws(Failure) -> ExitStatus {
        let signals = SignalWatch(control: context.control) { context.output.writeError($0) }
        defer { signals.end() }
        do {
            return try await work()
        } catch {
            progress.clear()
            let failure = Failure(error)
            let status = failure.status
            do throws(RunFault) {
                try await recorder.fail(status.runStatus, exitCode: Int(status.code))
            } catch {
                throw Failure(error)
            }
            throw failure
        }
    }
}

import Core
import GatewayAPI
import Reconciliation
import Reports
import RunLedger

/// The exit codes; scripts and pipelines depend on them.
package enum ExitStatus: Hashable, Sendable {
    /// Nothing to do, or the whole plan was carried out.
    case success
    /// Unexpected failure.
    case failure
    /// Changes are pending, and --detailed-exitcode was given.
    case changesPending
    /// Something failed, was skipped or was declined; the rest was done.
    case incomplete
    /// Removals or demotions were blocked; the rest was done.
    case withheld
    /// A group no longer fits the saved plan, so the run skipped the group; the rest was done.
    case stale
    /// Another run has locked the ledger.
    case locked
    /// The command line is wrong.
    case usage
    /// The policy is invalid.
    case policyInvalid
    /// The gateway gave no useful answer at all.
    case gatewayUnreachable
    /// The gateway rejected the credentials.
    case credentialsRejected
    /// The configuration is invalid.
    case configurationInvalid
    /// A signal ended the run.
    case interrupted(signal: Int32)

    /// The exit code of the process.
    package var code: Int32 {
        switch self {
        case .success: 0
        case .failure: 1
        case .changesPending: 2
        case .incomplete: 3
        case .withheld: 4
        case .stale: 5
        case .locked: 6
        case .usage: 64
        case .policyInvalid: 65
        case .gatewayUnreachable: 69
        case .credentialsRejected: 77
        case .configurationInvalid: 78
        case .interrupted(let signal): 128 + signal
        }
    }

    /// The status that the ledger records for such a run.
    var runStatus: RunStatus {
        switch self {
        case .success, .changesPending: .succeeded
        case .incomplete: .incomplete
        case .withheld: .withheld
        case .stale: .stale
        case .interrupted: .interrupted
        case .failure, .locked, .usage, .policyInvalid, .gatewayUnreachable, .credentialsRejected,
            .configurationInvalid:
            .failed
        }
    }
}

extension ExitStatus {
    /// The status after a plan; 69, 3 and 4 win over 2.
    init(of plan: Plan, reportsChanges: Bool) {
        let faults = plan.groups.compactMap(\.fault)
        if !plan.groups.isEmpty, faults.count == plan.groups.count, faults.allSatisfy(\.isNoUsefulAnswer) {
            self = .gatewayUnreachable
        } else if !faults.isEmpty {
            self = .incomplete
        } else if plan.groups.contains(where: \.isWithheld) {
            self = .withheld
        } else {
            self = reportsChanges && plan.summary.total > 0 ? .changesPending : .success
        }
    }

    /// The status after an apply; the first wins of: interruption, 1 for the ledger, 77, 69, 3, 4, 5.
    init(of outcome: RunOutcome) {
        switch outcome.stopReason {
        case .interrupted(let signal): self = .interrupted(signal: signal)
        case _ where outcome.ledgerError != nil, .ledgerFailed: self = .failure
        case .credentialsRejected: self = .credentialsRejected
        case .deadlinePassed: self = .incomplete
        case nil:
            let faults = outcome.groups.compactMap(\.plan.fault)
            if !faults.isEmpty, faults.count == outcome.groups.count, faults.allSatisfy(\.isNoUsefulAnswer) {
                self = .gatewayUnreachable
            } else if outcome.groups.contains(where: { Self.isIncomplete($0.status) }) {
                self = .incomplete
            } else if outcome.groups.contains(where: { $0.status == .withheld }) {
                self = .withheld
            } else {
                self = outcome.groups.contains { $0.status == .stale } ? .stale : .success
            }
        }
    }

    private static func isIncomplete(_ status: GroupRunStatus) -> Bool {
        switch status {
        case .incomplete, .failed, .skipped: true
        case .unchanged, .changed, .withheld, .stale: false
        }
    }
}

extension GroupFault {
    /// Whether the gateway gave no answer or an unusable one, or failed itself.
    fileprivate var isNoUsefulAnswer: Bool {
        switch self {
        case .gateway(let error), .sessionSkipped(let error, _): error.kind.isNoUsefulAnswer
        case .notAdmin, .sameAccount, .notReadAgain, .stale: false
        }
    }
}

/// Why a command failed: a status and sentences for the user.
package struct Failure: Error, Hashable, Sendable {
    /// The exit status.
    package let status: ExitStatus
    /// Complete lines that come first, such as the diagnostics of a policy.
    package let details: [String]
    private let sentence: String

    /// Creates a failure with one sentence, after complete lines if there are any.
    package init(_ status: ExitStatus, details: [String] = [], _ sentence: String) {
        self.status = status
        self.details = details
        self.sentence = sentence
    }

    /// The details and the sentence in one line, without the prefix.
    var text: String { (details + [sentence]).joined(separator: " ") }

    /// The lines for standard error.
    package var lines: [String] { details + ["rollcall: error: \(sentence)"] }
}

extension Failure {
    /// Creates the failure for a fault of a run or of the ledger; a failure stays what it is.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as LedgerError: self.init(error)
        case let fault as RunFault: self.init(fault)
        default: self.init(.failure, "\(error)")
        }
    }

    /// Creates the failure for an error of the ledger.
    init(_ error: LedgerError) {
        switch error {
        case .noSuchRun, .ambiguousRun: self.init(.usage, error.message)
        default: self.init(.failure, error.message)
        }
    }

    /// Creates the failure for a fault that ended a run.
    init(_ fault: RunFault) {
        let status: ExitStatus =
            switch fault {
            case .ledger(let error): Failure(error).status
            case .locked: .locked
            case .credentialsRejected: .credentialsRejected
            case .deadlinePassed: .incomplete
            case .interrupted(let signal): .interrupted(signal: signal)
            case .savedPlanIsOfOtherGroups: .usage
            case .cancelled, .clockOutOfRange: .failure
            }
        self.init(status, fault.message.escapedForTerminal)
    }
}

extension GroupID {
    /// Reads the group JID that an option names.
    init(option text: String) throws(Failure) {
        guard let id = GroupID(text) else {
            throw Failure(
                .usage,
                "--group \(text.escapedForTerminal) is not the JID of a group: a group's JID ends in @g.us; list the "
                    + "groups with `rollcall groups`")
        }
        self = id
    }
}

extension SessionID {
    /// Reads the session id that an option names.
    init(option text: String) throws(Failure) {
        guard let id = SessionID(text) else {
            throw Failure(
                .usage,
                "--session \(text.escapedForTerminal) is not a session id; list the ids with `rollcall sessions`")
        }
        self = id
    }
}

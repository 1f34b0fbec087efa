import GatewayAPI
import Membership
import Reconciliation
import Reports
import RunLedger

/// The exit codes, which scripts and pipelines depend on.
package enum ExitStatus: Hashable, Sendable {
    /// Nothing to do, or all that was planned was carried out.
    case success
    /// Unexpected failure.
    case failure
    /// Changes are pending, and the caller asked to be told so.
    case changesPending
    /// Something failed, was skipped or was declined; the rest was done.
    case incomplete
    /// Removals or demotions were held back; the rest was done.
    case withheld
    /// A saved plan no longer fits some group; the rest was done.
    case stale
    /// Another run holds the ledger.
    case locked
    /// The command line is wrong.
    case usage
    /// The policy is invalid.
    case policyInvalid
    /// The gateway answered nothing useful at all.
    case gatewayUnreachable
    /// The gateway rejected the credentials.
    case credentialsRejected
    /// The configuration is invalid.
    case configurationInvalid
    /// A signal ended the run.
    case interrupted(signal: Int32)

    /// The number that the process ends with.
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

    /// The word under which the ledger records a run that ended so.
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
    /// How a plan ends: 69, 3 and 4 win over 2.
    init(of plan: Plan, tellsOfChanges: Bool) {
        let faults = plan.groups.compactMap(\.fault)
        if !plan.groups.isEmpty, faults.count == plan.groups.count, faults.allSatisfy(\.isNoUsefulAnswer) {
            self = .gatewayUnreachable
        } else if !faults.isEmpty {
            self = .incomplete
        } else if plan.groups.contains(where: \.isWithheld) {
            self = .withheld
        } else {
            self = tellsOfChanges && plan.summary.total > 0 ? .changesPending : .success
        }
    }

    /// How an apply ends: the first of an interruption, 1 for the ledger, 77, 69, 3, 4 and 5 wins.
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
    /// Whether the gateway gave nothing to work with: no answer, one that cannot be read, or an error of its own.
    fileprivate var isNoUsefulAnswer: Bool {
        let error: GatewayError
        switch self {
        case .gateway(let cause), .sessionGivenUp(let cause, _): error = cause
        case .notAdmin, .sameAccount, .notReadAgain, .stale: return false
        }
        return switch error {
        case .noAnswer, .unreadable: true
        case .refused(_, let refusal): refusal.isTroubleOfTheGateway
        case .cancelled: false
        }
    }
}

/// Why a command ends without having done its work: a status, and sentences for the person who ran it.
package struct Failure: Error, Hashable, Sendable {
    /// The exit status.
    package let status: ExitStatus
    /// Lines for standard error, already complete.
    package let lines: [String]

    /// One sentence, to which `rollcall: error:` is put in front.
    package init(_ status: ExitStatus, _ sentence: String) {
        self.status = status
        lines = ["rollcall: error: \(sentence)"]
    }

    /// What happened, without the program's name in front.
    var sentence: String { lines.joined(separator: " ").replacing("rollcall: error: ", with: "") }

    /// Several lines as they are.
    package init(_ status: ExitStatus, lines: [String]) {
        self.status = status
        self.lines = lines
    }
}

extension Failure {
    /// That a gateway has rejected the token, in its own words as far as they may stand on standard error.
    init(credentialsRejectedBy gateway: GatewayName, _ cause: GatewayError) {
        self.init(.credentialsRejected, "gateway \(gateway): \(cause.withoutNumbers.message.defusedForTerminal)")
    }
}

extension GroupID {
    /// The group that an option names.
    init(option text: String) throws(Failure) {
        guard let id = GroupID(text) else {
            throw Failure(.usage, "--group \(text.defusedForTerminal) is no group's JID; it ends in @g.us")
        }
        self = id
    }
}

extension SessionID {
    /// The session that an option names.
    init(option text: String) throws(Failure) {
        guard let id = SessionID(text) else {
            throw Failure(.usage, "--session \(text.defusedForTerminal) is no session id")
        }
        self = id
    }
}

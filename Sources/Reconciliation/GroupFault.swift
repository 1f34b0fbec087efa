package import GatewayAPI
package import Membership

/// Why a group could not be planned, or its actions not carried out.
package enum GroupFault: Error, Hashable, Sendable {
    /// A call of the gateway failed.
    case gateway(GatewayError)
    /// The group was not read, since so many others of its session in a row were not to be read; the last one's error.
    case sessionGivenUp(GatewayError, failures: Int)
    /// The session's account is an ordinary member of the group, so it cannot change it.
    case notAdmin
    /// Two entries of the policy reach one account.
    case sameAccount(DesiredMember, DesiredMember)
    /// The group could not be looked at again right before its calls, for the reason given.
    case notReadAgain(String)
    /// A saved plan no longer fits the group.
    case stale(StaleCause)

    /// The word for a group whose changes fail without a name: 500, by which a gateway may hide that the account is no admin, that
    /// it is not in the group, or that WhatsApp limits its rate.
    package static let namelessFailure = "nameless_failure"

    /// Whether it is only that a saved plan does not fit.
    package var isStale: Bool { if case .stale = self { true } else { false } }

    /// A word for it, as the ledger and plans record it.
    package var code: String {
        switch self {
        case .gateway(let error): error.code
        case .sessionGivenUp: "session_given_up"
        case .notAdmin: "not_admin"
        case .sameAccount: "same_account"
        case .notReadAgain: "not_read_again"
        case .stale: "stale"
        }
    }

    /// What happened and how to mend it, in a sentence.
    package var message: String {
        switch self {
        case .gateway(let error):
            error.message
        case .sessionGivenUp(let error, let failures):
            "not read, because \(failures) groups of the session in a row could not be read, the last so: \(error.message)"
        case .notAdmin:
            "the roster shows the session's account as an ordinary member, who cannot change the group; either it is no "
                + "admin, and an admin has to promote it, or the gateway's stored copy is behind"
        case .sameAccount(let first, let second):
            "the entries at \(first.source) and \(second.source) reach the same account; remove one of them"
        case .notReadAgain(let reason):
            "the group could not be looked at again before its changes, so they were left out: \(reason)"
        case .stale(let cause):
            "\(cause.clause), so nothing is done in it; make a new plan"
        }
    }
}

extension GatewayError {
    /// A word for the error: the gateway's own where it gave one.
    package var code: String {
        switch self {
        case .refused(_, let refusal): refusal.code ?? "http_\(refusal.status)"
        case .unreadable: "unreadable"
        case .noAnswer(_, let fault):
            switch fault.kind {
            case .unreachable: "unreachable"
            case .timedOut: "timed_out"
            case .interrupted: "interrupted"
            case .tooLarge: "too_large"
            case .malformed: "malformed"
            }
        case .cancelled: "cancelled"
        }
    }

    /// Whether it is a failure of the gateway without a name, by which it may hide what WhatsApp has said.
    var hasNoName: Bool { httpStatus == 500 }

    /// The status of the answer; nil where none came.
    package var httpStatus: Int? {
        if case .refused(_, let refusal) = self { refusal.status } else { nil }
    }

    /// What failed and what the gateway said, in a sentence; the gateway's part is a text from strangers.
    package var message: String {
        switch self {
        case .refused(let call, let refusal):
            switch refusal.status {
            case 401:
                "\(call): the gateway rejected the credentials (401: \(refusal.message)); check the token"
            case 403 where call.isMutation:
                "\(call): forbidden (403: \(refusal.message)); either the token lacks the permission `send`, "
                    + "or the session's account is not an admin of the group"
            case 403:
                "\(call): forbidden (403: \(refusal.message)); the token lacks the permission for it"
            case 404 where call.isAboutOneMember:
                "\(call): not found (404: \(refusal.message)); the gateway does not know the session, the group, or the "
                    + "person as a member of it"
            case 404:
                "\(call): not found (404: \(refusal.message)); check the session and the group's id"
            case 501:
                "\(call): the session is not connected to WhatsApp (501: \(refusal.message))"
            case 409:
                "\(call): the session is not ready for it (409: \(refusal.message)); see its state at the gateway"
            default:
                "\(call): the gateway answered \(refusal.status)\(refusal.code.map { " \($0)" } ?? "") "
                    + "(\(refusal.message))\(refusal.retryAfter.map { "; it asks to come back in \($0) s" } ?? "")"
            }
        case .unreadable(let call, let reason):
            "\(call): the answer cannot be used: \(reason)"
        case .noAnswer(let call, let fault):
            "\(call): no answer: \(fault.message)"
        case .cancelled(let call):
            "\(call): interrupted"
        }
    }
}

package import Core
package import GatewayAPI

/// Why a group could not be planned, or its changes could not be made.
package enum GroupFault: Error, Hashable, Sendable {
    /// A call of the gateway failed.
    case gateway(GatewayError)
    /// The group was not read, because too many groups of its session in a row could not be read; with the last error.
    case sessionSkipped(GatewayError, failures: Int)
    /// The session's account is an ordinary member of the group, so it cannot change it.
    case notAdmin
    /// Two entries of the policy reach one account.
    case sameAccount(DesiredMember, DesiredMember)
    /// The group could not be read again right before its calls, for the given reason.
    case notReadAgain(String)
    /// A saved plan no longer fits the group.
    case stale(StaleCause)

    /// The code of a group whose changes fail with 500 and no reason.
    ///
    /// The gateway may hide that the account is no admin, that it is not in the group, or that WhatsApp limits its
    /// rate.
    package static let unexplainedFailure = "nameless_failure"

    /// Whether a saved plan does not fit, and nothing else is wrong.
    package var isStale: Bool { if case .stale = self { true } else { false } }

    /// The code that the ledger and plans record.
    package var code: String {
        switch self {
        case .gateway(let error): error.code
        case .sessionSkipped: "session_given_up"
        case .notAdmin: "not_admin"
        case .sameAccount: "same_account"
        case .notReadAgain: "not_read_again"
        case .stale: "stale"
        }
    }

    /// What happened and what to do, in one sentence.
    package var message: String {
        switch self {
        case .gateway(let error): error.message
        case .sessionSkipped(let error, let failures):
            "skipped: Rollcall could not read \(failures) groups of this session in a row; last error: \(error.message)"
        case .notAdmin:
            "the session's account is not an admin here; ask an admin to promote the account. If it is an admin "
                + "already, the gateway's data is old: try again after the next backfill"
        case .sameAccount(let first, let second):
            "the entries at \(first.source) and \(second.source) are the same WhatsApp account; delete one of the two "
                + "entries"
        case .notReadAgain(let reason):
            "the group could not be read again before its changes, so none were sent: \(reason)"
        case .stale(let cause): "\(cause.clause), so Rollcall skips the group; make a new plan"
        }
    }
}

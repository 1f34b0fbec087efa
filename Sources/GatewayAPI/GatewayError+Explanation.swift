package import Core

extension GatewayError {
    /// A code for the error: the gateway's own if there is one.
    package var code: String {
        switch self {
        case .refused(_, let refusal): refusal.code ?? "http_\(refusal.status)"
        case .unreadable: "unreadable"
        case .noAnswer(_, let fault): fault.code
        case .cancelled: "cancelled"
        }
    }

    /// The status of the answer; nil if none came.
    package var httpStatus: Int? {
        if case .refused(_, let refusal) = self { refusal.status } else { nil }
    }

    /// The explanation in one sentence; the gateway's part is untrusted text.
    package var message: String { explanation.text }

    /// What failed and what the gateway said, and what to do; the gateway's part is untrusted text.
    package var explanation: Explanation {
        switch self {
        case .refused(let call, let refusal): Self.explanation(call, refusal, kind)
        case .unreadable(let call, let reason):
            Explanation(
                "\(call): Rollcall cannot use the answer, because \(reason)", "check the gateway's version and log")
        case .noAnswer(let call, let fault): Explanation("\(call): no answer: \(fault.message)")
        case .cancelled(let call): Explanation("\(call): interrupted")
        }
    }

    private static func explanation(_ call: GatewayCall, _ refusal: Refusal, _ kind: FailureKind) -> Explanation {
        func said(_ what: String) -> String { "\(call): \(what) (\(refusal.status): \(refusal.message))" }
        return switch kind {
        case .credentialsRejected: Explanation(said("the gateway rejected the token"), "check the token")
        case .forbidden where call.isMutation:
            Explanation(
                said("the gateway does not allow this call"),
                "give the token the permission `send`, or make the session's account an admin of the group")
        case .forbidden: Explanation(said("the gateway does not allow this call"), "check the token's permissions")
        case .notFound where call.isAboutOneMember:
            Explanation(
                said("the gateway does not know the session, the group or the member"),
                "check the session and the group, and check whether the person is a member")
        case .notFound:
            Explanation(
                said("the gateway does not know the session or the group"),
                "check `session:` and the group's id (`rollcall sessions` and `rollcall groups` list them)")
        case .notConnected:
            Explanation(said("the session is not connected to WhatsApp"), "reconnect the session at the gateway")
        case .notReady: Explanation(said("the session is not ready"), "check the session at the gateway")
        default:
            Explanation(
                "\(call): the gateway answered \(refusal.status)\(refusal.code.map { " \($0)" } ?? "") "
                    + "(\(refusal.message))", remedy(refusal))
        }
    }

    /// Returns what to do about a status without a meaning of its own.
    private static func remedy(_ refusal: Refusal) -> String? {
        if let seconds = refusal.retryAfter { return "try again in \(seconds) s" }
        return switch refusal.status {
        case 300...399: "correct `gateway.url`"
        case 500...: "check the gateway's log"
        default: nil
        }
    }
}

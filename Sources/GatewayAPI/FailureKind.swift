import HTTPTransfer

/// What a failed call means: the one table of HTTP statuses and transport faults, printed in docs/reliability.md.
///
/// Sources: the gateway's contract (docs/gateway-api.yaml), and its public code for 409, 500 and 501.
package enum FailureKind: String, Hashable, Sendable, CaseIterable {
    /// The gateway says that the request is wrong, usually for one person.
    case badRequest
    /// The gateway rejects the token.
    case credentialsRejected
    /// The token or the session's account may not do it.
    case forbidden
    /// The gateway does not know the session, the group or the member.
    case notFound
    /// The gateway waited too long for the request.
    case requestTimeout
    /// The session is not connected to WhatsApp; newer gateways send 409 for it instead of 501.
    case notReady
    /// The gateway asks to slow down.
    case rateLimited
    /// The gateway failed and gave no reason; it may hide a refusal by WhatsApp.
    case internalError
    /// The session is not connected to WhatsApp.
    case notConnected
    /// The gateway, or a proxy in front of it, failed.
    case gatewayTrouble
    /// The gateway refused the request with another status from 400 to 499.
    case refused
    /// Any other status, such as a redirect.
    case unexpectedStatus
    /// Nothing was sent; most often there was no connection.
    case unreachable
    /// The request may have arrived, and no answer came.
    case noAnswer
    /// The answer is too large or is not HTTP.
    case brokenAnswer
    /// The answer breaks the gateway's contract.
    case unreadable
    /// The run ended, or its deadline passed.
    case cancelled

    /// Creates the kind of a failure from the HTTP status of the answer.
    package init(status: Int) {
        self =
            switch status {
            case 400, 422: .badRequest
            case 401: .credentialsRejected
            case 403: .forbidden
            case 404: .notFound
            case 408: .requestTimeout
            case 409: .notReady
            case 429: .rateLimited
            case 400...499: .refused
            case 500: .internalError
            case 501: .notConnected
            case 500...: .gatewayTrouble
            default: .unexpectedStatus
            }
    }

    /// How much of a run a failed change ends.
    package enum Reach: String, Hashable, Sendable, CaseIterable {
        /// This change only.
        case change
        /// The rest of the group.
        case group
        /// The rest of the session's calls.
        case session
        /// The whole run.
        case run
    }

    /// How much of the run ends when a change fails permanently; a role change with `notFound` ends only itself.
    package var reach: Reach {
        switch self {
        case .credentialsRejected: .run
        case .notReady, .rateLimited, .notConnected, .unreachable: .session
        case .badRequest, .internalError: .change
        case .forbidden, .notFound, .requestTimeout, .gatewayTrouble, .refused, .unexpectedStatus, .noAnswer,
            .brokenAnswer, .unreadable, .cancelled:
            .group
        }
    }

    /// Whether a change may have taken effect anyway.
    package var effectIsUnknown: Bool {
        switch self {
        case .requestTimeout, .internalError, .gatewayTrouble, .noAnswer, .brokenAnswer, .unreadable, .cancelled: true
        case .badRequest, .credentialsRejected, .forbidden, .notFound, .notReady, .rateLimited, .notConnected, .refused,
            .unexpectedStatus, .unreachable:
            false
        }
    }

    /// Whether the same call may succeed after a pause, so that it is sent again.
    package var isTransient: Bool {
        switch self {
        case .requestTimeout, .rateLimited, .internalError, .gatewayTrouble, .unreachable, .noAnswer: true
        case .badRequest, .credentialsRejected, .forbidden, .notFound, .notReady, .notConnected, .refused,
            .unexpectedStatus, .brokenAnswer, .unreadable, .cancelled:
            false
        }
    }

    /// Whether the cause may lie outside the group, so that several in a row stop the session's reads or calls.
    package var mayConcernSession: Bool { isTransient || self == .brokenAnswer }

    /// Whether the gateway did not process a change at all.
    package var wasNotProcessed: Bool { reach == .session || reach == .run }

    /// Whether, for an add of one person, the gateway refused that person; the same call would fail every night.
    package var refusesAdd: Bool { self == .badRequest || self == .refused }

    /// Whether the session has no connection to WhatsApp.
    package var isDisconnected: Bool { self == .notConnected || self == .notReady }

    /// Whether the gateway gave no usable answer, or failed itself.
    package var isNoUsefulAnswer: Bool {
        switch self {
        case .internalError, .gatewayTrouble, .unreachable, .noAnswer, .brokenAnswer, .unreadable: true
        default: false
        }
    }

    /// Whether every later call would fail too.
    package var endsEverything: Bool { self == .credentialsRejected || self == .cancelled }
}

extension TransferError {
    /// What the error means for this call and the next ones.
    var kind: FailureKind {
        switch self {
        case .invalidRequest, .unreachable: .unreachable
        case .timedOut, .interrupted: .noAnswer
        case .tooLarge, .malformed: .brokenAnswer
        case .cancelled: .cancelled
        }
    }

    /// The code in plans and the ledger.
    package var code: String {
        switch self {
        case .invalidRequest, .unreachable: "unreachable"
        case .timedOut: "timed_out"
        case .interrupted: "interrupted"
        case .tooLarge: "too_large"
        case .malformed: "malformed"
        case .cancelled: "cancelled"
        }
    }

    /// What happened, in one sentence.
    package var message: String {
        switch self {
        case .invalidRequest(let text), .unreachable(let text), .timedOut(let text), .interrupted(let text),
            .malformed(let text):
            text
        case .tooLarge(let limit): "The answer exceeds the limit of \(limit) bytes."
        case .cancelled: "The call was cancelled."
        }
    }
}

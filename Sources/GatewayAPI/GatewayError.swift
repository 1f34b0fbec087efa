import Core
package import HTTPTransfer

/// Why a gateway call failed.
package enum GatewayError: Error, Hashable, Sendable {
    /// The gateway answered with an error status.
    case refused(GatewayCall, Refusal)
    /// The gateway answered with success, but the answer cannot be used; the reason says what was expected.
    case unreadable(GatewayCall, reason: String)
    /// No answer came; the fault says whether the request may have reached the gateway.
    case noAnswer(GatewayCall, TransferError)
    /// The task or the run was cancelled, or the deadline is over.
    case cancelled(GatewayCall)
}

/// An error answer of the gateway.
package struct Refusal: Hashable, Sendable {
    /// The HTTP status.
    package let status: Int
    /// The code in the error body, for example `forbidden`; nil if the body has none.
    package let code: String?
    /// The message in the error body, or the start of another body; untrusted text.
    package let message: String
    /// The details in the error body as JSON; nil if there are none.
    package var details: String?
    /// Seconds to wait, from either form of `Retry-After`; nil if it is missing.
    package var retryAfter: Int?
}

extension GatewayError {
    /// The call that failed.
    package var call: GatewayCall {
        switch self {
        case .refused(let call, _), .unreadable(let call, _), .noAnswer(let call, _), .cancelled(let call): call
        }
    }

    /// What the failure means for this call and the next ones.
    package var kind: FailureKind {
        switch self {
        case .refused(_, let refusal): FailureKind(status: refusal.status)
        case .unreadable: .unreadable
        case .noAnswer(_, let fault): fault.kind
        case .cancelled: .cancelled
        }
    }
}

extension GatewayError {
    /// The same error without phone numbers from the gateway's text, for logs.
    package var withoutNumbers: GatewayError {
        switch self {
        case .refused(let call, let refusal):
            .refused(
                call,
                Refusal(
                    status: refusal.status, code: refusal.code?.withoutNumbers,
                    message: refusal.message.withoutNumbers,
                    details: refusal.details?.withoutNumbers, retryAfter: refusal.retryAfter))
        case .unreadable(let call, let reason): .unreadable(call, reason: reason.withoutNumbers)
        case .noAnswer, .cancelled: self
        }
    }
}

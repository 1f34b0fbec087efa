/// Why a call of the gateway did not give what was asked.
package enum GatewayError: Error, Hashable, Sendable {
    /// The gateway answered with an error status.
    case refused(GatewayCall, Refusal)
    /// The gateway answered with success, but what it said cannot be used; the text says what was expected.
    case unreadable(GatewayCall, reason: String)
    /// No answer came. The request may or may not have reached the gateway, as the fault says.
    case noAnswer(GatewayCall, TransferFault)
    /// The task was cancelled.
    case cancelled(GatewayCall)
}

/// An error answer of the gateway.
package struct Refusal: Hashable, Sendable {
    /// The HTTP status.
    package let status: Int
    /// The envelope's code, for example `forbidden`; nil where the body was no envelope.
    package let code: String?
    /// The envelope's message, or the start of whatever came instead: a text from strangers.
    package let message: String
    /// The envelope's details as JSON text; nil where there were none.
    package let details: String?
    /// Seconds to wait, from `Retry-After` in either of its forms; nil where it was not sent.
    package let retryAfter: Int?

    /// Describes an error answer.
    package init(status: Int, code: String?, message: String, details: String? = nil, retryAfter: Int? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.retryAfter = retryAfter
    }

    /// Whether it tells of trouble on the gateway's own side rather than of the call: any 5xx but 501, by which it says that
    /// the session is not connected.
    package var isTroubleOfTheGateway: Bool { status >= 500 && status != 501 }

    /// Whether the call may have had its effect all the same.
    package var effectIsUnknown: Bool { isTroubleOfTheGateway || status == 408 }

    /// Whether the same call may succeed a little later.
    package var mayPass: Bool { effectIsUnknown || status == 429 }
}

/// What went wrong below HTTP.
package struct TransferFault: Hashable, Sendable {
    /// The kind, which decides what may be done next.
    package enum Kind: String, Hashable, Sendable {
        /// The gateway was not reached: name resolution, connection or TLS set-up failed. Nothing was sent.
        case unreachable
        /// Time ran out after the request may have been sent.
        case timedOut
        /// The connection broke after the request may have been sent.
        case interrupted
        /// The answer was larger than is accepted.
        case tooLarge
        /// The answer was no HTTP, or its compression was broken.
        case malformed
    }

    /// The kind.
    package let kind: Kind
    /// One sentence, without secrets and numbers.
    package let message: String

    /// Describes a fault.
    package init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }

    /// Whether the request may have taken effect all the same.
    package var outcomeIsUnknown: Bool { kind != .unreachable }
}

extension GatewayError {
    /// The call that failed.
    package var call: GatewayCall {
        switch self {
        case .refused(let call, _), .unreadable(let call, _), .noAnswer(let call, _), .cancelled(let call): call
        }
    }
}

extension GatewayError {
    /// The same error without the numbers that the gateway may have put into its message: for logs.
    package var withoutNumbers: GatewayError {
        switch self {
        case .refused(let call, let refusal):
            .refused(
                call,
                Refusal(
                    status: refusal.status, code: refusal.code.map(ForeignText.withoutNumbers),
                    message: ForeignText.withoutNumbers(refusal.message),
                    details: refusal.details.map(ForeignText.withoutNumbers), retryAfter: refusal.retryAfter))
        case .unreadable(let call, let reason): .unreadable(call, reason: ForeignText.withoutNumbers(reason))
        case .noAnswer, .cancelled: self
        }
    }
}

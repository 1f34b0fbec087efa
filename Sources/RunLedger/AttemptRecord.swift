package import Core

/// The result of one attempt at a call.
package enum AttemptStatus: String, Sendable, CaseIterable {
    /// The gateway accepted the call.
    case accepted
    /// It had no effect.
    case failed
    /// The answer does not show whether it took effect.
    case unknown
}

/// One row of `attempts`: one time that an action's call was sent, and the result.
package struct AttemptRecord: Hashable, Sendable {
    /// The id of the action's row.
    package var action: Int64
    /// The number of the attempt, from 1.
    package var attempt: Int
    /// The result.
    package var status: AttemptStatus
    /// The HTTP status; nil if no answer came.
    package var httpStatus: Int?
    /// A code for the error.
    package var errorCode: String?
    /// The error in a sentence.
    package var error: String?
    /// When it was sent.
    package var sentAt: Timestamp
    /// When the result was known; nil if an earlier version did not record it.
    package var finishedAt: Timestamp?
}

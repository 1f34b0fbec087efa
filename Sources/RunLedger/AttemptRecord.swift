package import Membership

/// How one attempt at a call came out.
package enum AttemptStatus: String, Sendable, CaseIterable {
    /// The gateway took it.
    case accepted
    /// It had no effect.
    case failed
    /// Whether it took effect cannot be told from the answer.
    case unknown
}

/// One row of `attempts`: one time that an action's call was sent, and what came of it.
package struct AttemptRecord: Hashable, Sendable {
    /// The action's row.
    package var action: Int64
    /// The place among the action's attempts, from 1.
    package var attempt: Int
    /// How it came out.
    package var status: AttemptStatus
    /// The status of the answer; nil where none came.
    package var httpStatus: Int?
    /// A word for what went wrong.
    package var errorCode: String?
    /// A sentence for it.
    package var error: String?
    /// When it was sent.
    package var sentAt: Timestamp
    /// When its outcome was known; nil where an earlier version did not note it.
    package var finishedAt: Timestamp?
}

import Core

/// A requested backfill.
struct BackfillJob: Sendable {
    /// The id.
    let id: String
    /// The session whose store is filled.
    let session: SessionID
    /// When it began.
    let startedAt: Timestamp
    /// When it ends; the rows it writes carry this time.
    let endsAt: Timestamp
    /// True if it fails at its end.
    let fails: Bool
    /// The current state.
    var state = State.running

    /// The state of a backfill.
    enum State: Equatable, Sendable {
        /// It has not written anything yet.
        case running
        /// It wrote this much.
        case succeeded(BackfillCounts)
        /// It wrote nothing.
        case failed
    }
}

/// How much a backfill wrote.
struct BackfillCounts: Equatable, Sendable {
    /// People.
    var contacts = 0
    /// Groups.
    var groups = 0
    /// Rows of members.
    var members = 0
}

extension BackfillJob {
    /// Writes the job as the gateway reports it.
    func write(organisation: String, to writer: inout JSONWriter) {
        let counts: BackfillCounts = if case .succeeded(let counts) = state { counts } else { BackfillCounts() }
        writer.object { writer in
            writer.field("id", id)
            writer.field("sessionId", session.text)
            writer.field("organizationId", organisation)
            writer.field("status", word)
            writer.field("contacts", Int64(counts.contacts))
            writer.field("groups", Int64(counts.groups))
            writer.field("groupMembers", Int64(counts.members))
            writer.field("startedAt", startedAt.milliseconds)
            writer.field("finishedAt", state == .running ? nil : endsAt.milliseconds)
            writer.field("error", state == .failed ? "WhatsApp did not answer." : nil)
        }
    }

    private var word: String {
        switch state {
        case .running: "running"
        case .succeeded: "succeeded"
        case .failed: "failed"
        }
    }
}

import Membership

/// A backfill that was asked for.
struct BackfillJob: Sendable {
    /// The id.
    let id: String
    /// The session whose store is filled.
    let session: SessionID
    /// When it began.
    let startedAt: Timestamp
    /// When it ends, which is the instant that it stamps on what it writes.
    let endsAt: Timestamp
    /// Whether it fails at its end.
    let fails: Bool
    /// How far it is.
    var state = State.running

    /// How far a backfill is.
    enum State: Equatable, Sendable {
        /// It has written nothing yet.
        case running
        /// It wrote so much.
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
    /// Writes the job as the gateway tells it.
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

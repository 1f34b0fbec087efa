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
    /// How much it wrote.
    var counts = BackfillCounts()

    /// The state of a backfill.
    enum State: String {
        /// It has not written anything yet.
        case running
        /// It wrote everything.
        case succeeded
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
    /// Writes the fields of the job as the gateway reports it.
    func write(organisation: String, to writer: inout JSONWriter) {
        writer.field("id", id)
        writer.field("sessionId", session.text)
        writer.field("organizationId", organisation)
        writer.field("status", state.rawValue)
        writer.field("contacts", counts.contacts)
        writer.field("groups", counts.groups)
        writer.field("groupMembers", counts.members)
        writer.field("startedAt", startedAt.milliseconds)
        writer.field("finishedAt", state == .running ? nil : endsAt.milliseconds)
        writer.field("error", state == .failed ? "WhatsApp did not answer." : nil)
    }
}

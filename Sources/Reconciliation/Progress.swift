package import Core

/// The progress of a long run.
package enum Progress: Hashable, Sendable {
    /// How many groups have been read.
    case reading(done: Int, of: Int)
    /// How many changes are done, about when the run ends if known, and the group that began last; its name is
    /// untrusted text.
    case applying(done: Int, of: Int, endsAt: Timestamp?, group: String?)
}

/// Receives the progress of a run: a line on a terminal, or nothing.
package protocol ProgressReporting: Sendable {
    /// Receives each step; called from several tasks at once.
    func report(_ progress: Progress)
}

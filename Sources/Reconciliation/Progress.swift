package import Membership

/// What a long run is doing, for whoever watches it.
package enum Progress: Hashable, Sendable {
    /// So many of the groups have been read.
    case reading(done: Int, of: Int)
    /// So many of the calls have been sent; the run ends at about the moment given, where that can be told. The group is the
    /// one that was begun last, by its name, which is text from strangers.
    case applying(done: Int, of: Int, endsAt: Timestamp?, group: String?)
}

/// Whoever watches a run: a line on a terminal, or nobody.
package protocol ProgressReporting: Sendable {
    /// Is told of each step, from several tasks at once.
    func report(_ progress: Progress)
}

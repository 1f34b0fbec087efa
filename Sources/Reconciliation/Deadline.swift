package import Membership

/// When a run has to be over.
package struct Deadline: Hashable, Sendable {
    /// The moment itself.
    package let end: Timestamp
    /// After this moment no further change is sent, so that there is time left to see what has become of those before.
    let lastCall: Timestamp

    /// A run that begins and ends at these moments; `settle` is how long a change may take to show.
    package init(from start: Timestamp, to end: Timestamp, settle: Duration) {
        self.end = end
        lastCall = end.advanced(byMilliseconds: -min(settle.milliseconds, (end.milliseconds - start.milliseconds) / 4))
    }
}

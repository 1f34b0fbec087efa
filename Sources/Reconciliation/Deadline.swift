package import Core

/// When a run must end.
package struct Deadline: Hashable, Sendable {
    /// The moment itself.
    package let end: Timestamp
    /// The last moment for sending a change, so that there is time left to confirm it.
    let lastCall: Timestamp

    /// Sets the deadline of a run from `start` to `end`; `settle` is how long a change may take to show.
    package init(from start: Timestamp, to end: Timestamp, settle: Duration) {
        self.end = end
        lastCall = end.advanced(byMilliseconds: -min(settle.milliseconds, (end.milliseconds - start.milliseconds) / 4))
    }
}

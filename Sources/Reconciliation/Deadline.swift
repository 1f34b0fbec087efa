package import Membership

/// When a run has to be over.
package struct Deadline: Hashable, Sendable {
    /// The moment itself.
    package let end: Timestamp
    /// After this moment no further change is sent, so that there is time left to see what has become of those before.
    let lastCall: Timestamp

    /// A run that begins now and may last so long; `settle` is how long a change may take to show.
    package init(from start: Timestamp, lasting duration: Duration, settle: Duration) {
        let length = duration.milliseconds
        end = start.advanced(byMilliseconds: length)
        lastCall = end.advanced(byMilliseconds: -min(settle.milliseconds, length / 4))
    }
}

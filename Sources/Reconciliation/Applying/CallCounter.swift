package import Core
import Synchronization

/// Counts the changes of all sessions for progress reports and estimates when the slowest session ends.
final class CallCounter: Sendable {
    /// One session's share.
    struct Share {
        /// The people who are left in its plan.
        var left: Int
        /// The average time for each person by the pace alone, in milliseconds.
        let interval: Double
        private var done = 0

        /// Counts the people and calls of a session's plans.
        init(_ plans: [(plan: GroupPlan, allowed: Int)], pace: Pace) {
            left = plans.reduce(0) { $0 + $1.allowed }
            let calls = plans.reduce(0) { $0 + $1.plan.calls(forFirst: $1.allowed, addsPerCall: pace.addsPerCall) }
            interval = left > 0 ? Double(Int64(calls) * pace.expectedInterval) / Double(left) : 0
        }

        fileprivate mutating func count(_ people: Int) {
            done += min(people, left)
            left -= min(people, left)
        }

        /// Returns the milliseconds until the session ends: by the pace, or by its average so far if that is slower.
        fileprivate func timeLeft(after elapsed: Int64) -> Int64 {
            let average = done > 0 ? Double(elapsed) / Double(done) : 0
            return Int64(Double(left) * max(interval, average))
        }
    }

    private struct State {
        var shares: [Share]
        /// The group that began last.
        var group: String?
        var endsAt: Timestamp?
    }

    private let state: Guarded<State>
    private let total: Int
    private let start: Timestamp
    private let latestEnd: Timestamp?
    private let time: any TimeSource
    private let progress: any ProgressReporting

    /// Starts counting; no estimate is later than `deadline`.
    init(_ shares: [Share], deadline: Timestamp?, time: any TimeSource, progress: any ProgressReporting) {
        total = shares.reduce(0) { $0 + $1.left }
        start = time.now()
        latestEnd = deadline
        self.time = time
        self.progress = progress
        state = Guarded(State(shares: shares))
        state.withLock { $0.endsAt = end(of: $0.shares) }
    }

    /// Reports that a group has begun.
    func begin(_ group: String) {
        state.withLock { $0.group = group }
        report()
    }

    /// Counts people who are done.
    func count(_ people: Int, ofSession position: Int) {
        state.withLock { state in
            state.shares[position].count(people)
            state.endsAt = end(of: state.shares)
        }
        report()
    }

    /// Reports the progress; also during a pause, so that the clock moves.
    func report() {
        guard total > 0 else { return }
        let state = state.withLock { $0 }
        let left = state.shares.reduce(0) { $0 + $1.left }
        progress.report(.applying(done: total - left, of: total, endsAt: state.endsAt, group: state.group))
    }

    /// Returns when the slowest session ends; nil if nothing is left or no time is known.
    private func end(of shares: [Share]) -> Timestamp? {
        let now = time.now()
        let elapsed = now.milliseconds - start.milliseconds
        guard let longest = shares.map({ $0.timeLeft(after: elapsed) }).max(), longest > 0 else { return nil }
        let end = now.advanced(byMilliseconds: longest)
        return latestEnd.map { min($0, end) } ?? end
    }
}

extension Pace {
    /// The average milliseconds between two calls, including the jitter.
    fileprivate var expectedInterval: Int64 {
        callsPerMinute > 0 ? Int64(60_000 / Double(callsPerMinute) * (1 + jitter / 2)) : 0
    }
}

extension GroupPlan {
    /// Returns how many calls the first actions need, as one call may add several people.
    fileprivate func calls(forFirst count: Int, addsPerCall: Int) -> Int {
        let actions = actions.prefix(count)
        let adds = actions.count { $0.operation == .add }
        return actions.count - adds + (adds + addsPerCall - 1) / max(1, addsPerCall)
    }
}

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

/// Counts the groups that have been read and reports the progress.
final class GroupCounter: Sendable {
    private let done = Atomic(0)
    private let total: Int
    private let progress: any ProgressReporting

    init(total: Int, progress: any ProgressReporting) {
        self.total = total
        self.progress = progress
    }

    func countOne() { progress.report(.reading(done: done.wrappingAdd(1, ordering: .relaxed).newValue, of: total)) }
}

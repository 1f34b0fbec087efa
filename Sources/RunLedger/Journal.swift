import GRDB
import Glibc
import Locking
package import Membership

/// One thing that a session puts on record while a plan is carried out.
package enum JournalEntry: Sendable {
    /// The calls of some actions are about to be sent, each as another attempt.
    case sending([Int64], at: Timestamp)
    /// What has become of some actions of a group, and what later runs are to know; `size` is how many members a trusted
    /// roster showed, nil where there was none.
    case settled([SettledAction], in: GroupKey, size: Int?, at: Timestamp)
    /// No more calls are sent for a group: these actions are those whose last call the gateway took.
    case taken([Int64])
    /// How a group came out.
    case finished(GroupRunRecord, of: RunID)
}

/// Commits what many sessions put on record: whatever comes while a commit is under way goes into the next one, all of it
/// in one transaction, and nobody is waited for.
///
/// Each returns when what it brought is on the disk. Entries are written in the order in which they came.
final class Journal: Sendable {
    private struct Delivery {
        let entries: [JournalEntry]
        let continuation: CheckedContinuation<(any Error)?, Never>
    }

    private struct State {
        var waiting: [Delivery] = []
        var isWriting = false
    }

    private let queue: DatabaseQueue
    private let state = Guarded(State())

    /// Writes through a connection that others may use as well: they have their turn between two commits.
    init(_ queue: DatabaseQueue) { self.queue = queue }

    /// Returns when the entries are on the disk; where a commit fails, it fails for all whose entries were in it.
    ///
    /// Whoever finds nobody writing does it at once, on its own thread: to wake another one and to be woken by it takes as long
    /// as a disk needs. What came meanwhile is written by the connection's thread.
    func commit(_ entries: [JournalEntry]) async throws {
        let error = await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.waiting.append(Delivery(entries: entries, continuation: continuation))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if isIdle { queue.inDatabase(write) }
        }
        if let error { throw error }
    }

    /// Lets other threads bring what they have at hand, for as long as more comes: one wait for the disk then serves more of them.
    ///
    /// Where nobody else has anything, it takes no time.
    private func letOthersCome() {
        var count = state.withLock { $0.waiting.count }
        while true {
            sched_yield()
            let now = state.withLock { $0.waiting.count }
            if now == count { return }
            count = now
        }
    }

    /// Commits what waits, and has what came meanwhile be committed next.
    private func write(to database: Database) {
        letOthersCome()
        let batch = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        var failure: (any Error)?
        do {
            try database.inTransaction(.immediate) {
                for delivery in batch { for entry in delivery.entries { try entry.write(to: database) } }
                return .commit
            }
        } catch {
            failure = error
        }
        for delivery in batch { delivery.continuation.resume(returning: failure) }
        let isIdle = state.withLock { state in
            state.isWriting = !state.waiting.isEmpty
            return !state.isWriting
        }
        if !isIdle { queue.asyncWriteWithoutTransaction { [self] in write(to: $0) } }
    }
}

extension JournalEntry {
    fileprivate func write(to database: Database) throws {
        switch self {
        case .sending(let actions, let time):
            for stretch in Stretch.all(of: actions.map { ($0, true) }) {
                try Ledger.markSending(stretch.rows, at: time, in: database)
            }
        case .taken(let actions):
            for stretch in Stretch.all(of: actions.map { ($0, true) }) {
                try Ledger.recordTaken(stretch.rows, in: database)
            }
        case .settled(let actions, let key, let size, let time):
            try Ledger.settle(actions, in: key, size: size, at: time, in: database)
        case .finished(let group, let run):
            try Ledger.insert(group, of: run, into: database)
        }
    }
}

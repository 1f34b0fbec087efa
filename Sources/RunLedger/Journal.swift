import GRDB
import Locking
package import Membership

/// One thing that a session puts on record while a plan is carried out.
package enum JournalEntry: Sendable {
    /// The calls of some actions are about to be sent, each as another attempt.
    case sending([Int64], at: Timestamp)
    /// What has become of some actions of a group, and what later runs are to know; `size` is how many members a trusted
    /// roster showed, nil where there was none.
    case settled([SettledAction], in: GroupKey, size: Int?, at: Timestamp)
    /// How a group came out.
    case finished(GroupRunRecord, of: RunID)
}

/// Commits what many sessions put on record: whatever comes while a commit is under way goes into the next one, all of it
/// in one transaction, and nobody waits for company.
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
    func commit(_ entries: [JournalEntry]) async throws {
        let error = await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.waiting.append(Delivery(entries: entries, continuation: continuation))
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if isIdle { write() }
        }
        if let error { throw error }
    }

    /// Commits what waits, as soon as the connection is free.
    private func write() {
        queue.asyncWriteWithoutTransaction { [self] database in
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
            if !isIdle { write() }
        }
    }
}

extension JournalEntry {
    fileprivate func write(to database: Database) throws {
        switch self {
        case .sending(let actions, let time):
            for id in actions { try Ledger.markSending(id, at: time, in: database) }
        case .settled(let actions, let key, let size, let time):
            try Ledger.settle(actions, in: key, size: size, at: time, in: database)
        case .finished(let group, let run):
            try Ledger.insert(group, of: run, into: database)
        }
    }
}

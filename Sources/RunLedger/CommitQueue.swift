package import Core
import GRDB
import Glibc

/// One event of a session that is recorded while a plan is carried out.
package enum LedgerWrite: Sendable {
    /// The calls of some actions are about to be sent, each as a new attempt.
    case sending([Int64], at: Timestamp)
    /// The results of some actions of a group, and what later runs must know; `size` is the number of members in a
    /// trusted member list, nil if there was none.
    case settled([SettledAction], in: GroupKey, size: Int?, at: Timestamp)
    /// A group sends no more calls, and the gateway accepted the last attempt of these actions.
    case taken([Int64])
    /// The gateway's store shows changes of the session's groups without a backfill.
    case storeFollows(SessionKey, at: Timestamp)
    /// The result of a group.
    case finished(GroupRunRecord, of: RunID)
}

/// Commits entries of many sessions: all that arrive during one commit share the next one.
///
/// Each call returns when its entries are on disk; entries are written in order of arrival. One of the callers leads:
/// it commits for all on its own thread, because waking another thread takes as long as the disk, and then passes the
/// lead to the first caller that waits.
final class CommitQueue: Sendable {
    private struct Delivery {
        let entries: [LedgerWrite]
        let continuation: CheckedContinuation<Turn, Never>
    }

    /// What a caller does next.
    private enum Turn {
        /// Nothing: its entries were committed, or failed with this error.
        case over((any Error)?)
        /// It must commit everything that waits.
        case leads
    }

    private struct State {
        var waiting: [Delivery] = []
        var isLed = false
    }

    private let queue: DatabaseQueue
    private let state = Guarded(State())

    /// Writes through a connection that others may share; they get it between two commits.
    init(_ queue: DatabaseQueue) { self.queue = queue }

    /// Commits entries and returns when they are on disk; a failed commit fails for every caller in it.
    func commit(_ entries: [LedgerWrite]) async throws {
        let turn = await withCheckedContinuation { continuation in
            let leads = state.withLock { state in
                state.waiting.append(Delivery(entries: entries, continuation: continuation))
                defer { state.isLed = true }
                return !state.isLed
            }
            if leads { continuation.resume(returning: .leads) }
        }
        switch turn {
        case .over(let error?): throw error
        case .over(nil): return
        case .leads:
            await letOthersCome()
            try queue.inDatabase(write)
        }
    }

    /// Waits while more entries keep arriving, so that one disk write serves more of them.
    ///
    /// Gives way to other threads and to other tasks of this thread; returns quickly if none has entries.
    private func letOthersCome() async {
        var count = state.withLock { $0.waiting.count }
        while true {
            sched_yield()
            await Task.yield()
            let now = state.withLock { $0.waiting.count }
            if now == count { return }
            count = now
        }
    }

    /// Commits all waiting entries, the leader's first, and passes the lead to the first caller that came meanwhile.
    private func write(to database: Database) throws {
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
        for delivery in batch.dropFirst() { delivery.continuation.resume(returning: .over(failure)) }
        let next = state.withLock { state in
            state.isLed = !state.waiting.isEmpty
            return state.waiting.first
        }
        next?.continuation.resume(returning: .leads)
        if let failure { throw failure }
    }
}

extension LedgerWrite {
    fileprivate func write(to database: Database) throws {
        switch self {
        case .sending(let actions, let time):
            for stretch in IDRange.all(of: actions.map { ($0, true) }) {
                try Ledger.markSending(stretch.rows, at: time, in: database)
            }
        case .taken(let actions):
            for stretch in IDRange.all(of: actions.map { ($0, true) }) {
                try Ledger.recordTaken(stretch.rows, in: database)
            }
        case .settled(let actions, let key, let size, let time):
            try Ledger.settle(actions, in: key, size: size, at: time, in: database)
        case .storeFollows(let key, let time):
            try MemoryWriter(database: database, key: key, now: time).storeFollows(true)
        case .finished(let group, let run): try Ledger.insert(group, of: run, into: database)
        }
    }
}

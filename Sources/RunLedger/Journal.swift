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
    /// A session's store was seen to follow changes by itself.
    case storeFollows(SessionKey, at: Timestamp)
    /// How a group came out.
    case finished(GroupRunRecord, of: RunID)
}

/// Commits what many sessions put on record: whatever comes while a commit is under way goes into the next one, all of it
/// in one transaction, and nobody is waited for.
///
/// Each returns when what it brought is on the disk. Entries are written in the order in which they came. One of those who
/// have brought something leads: it commits for all on its own thread, since to wake another one and to be woken by it takes as
/// long as a disk needs, and hands over to the first of those who came meanwhile.
final class Journal: Sendable {
    private struct Delivery {
        let entries: [JournalEntry]
        let continuation: CheckedContinuation<Turn, Never>
    }

    /// What comes of having brought something.
    private enum Turn {
        /// It was part of a commit, which failed by the error if there is one.
        case over((any Error)?)
        /// It is for whoever brought it to commit all that waits.
        case leads
    }

    private struct State {
        var waiting: [Delivery] = []
        var isLed = false
    }

    private let queue: DatabaseQueue
    private let state = Guarded(State())

    /// Writes through a connection that others may use as well: they have their turn between two commits.
    init(_ queue: DatabaseQueue) { self.queue = queue }

    /// Returns when the entries are on the disk; where a commit fails, it fails for all whose entries were in it.
    func commit(_ entries: [JournalEntry]) async throws {
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

    /// Lets others bring what they have at hand, for as long as more comes: one wait for the disk then serves more of them.
    ///
    /// Other threads are given the processor, and other tasks this thread. Where nobody has anything, it takes no time.
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

    /// Commits what waits, the leader's entries first, and hands over to the first of those who came meanwhile.
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
        case .storeFollows(let key, let time):
            try MemoryWriter(database: database, key: key, now: time).storeFollows(true)
        case .finished(let group, let run):
            try Ledger.insert(group, of: run, into: database)
        }
    }
}

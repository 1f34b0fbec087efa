import Synchronization

/// Counts the groups that have been read and reports the progress.
final class GroupCounter: Sendable {
    private let done = Atomic(0)
    private let total: Int
    private let progress: any ProgressReporting

    init(total: Int, progress: any ProgressReporting) {
        self.total = total
        self.progress = progress
    }

    func countOne() {
        progress.report(.reading(done: done.wrappingAdd(1, ordering: .relaxed).newValue, of: total))
    }
}

import Dispatch

/// Runs what the sessions of an apply do, one piece after another.
///
/// A session does little between two waits, and all of them wait for the same disk and the same thread that carries calls. On
/// threads of their own they would spend as much on waking each other as on all they do, and come to the ledger one by one; here those
/// who were answered meanwhile come together.
final class SessionExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "sessions")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}

import CCurl
import Core
import Glibc

/// The thread that drives libcurl, with the calls that other threads use to reach it.
///
/// Between transfers it runs tasks that prefer it; they must be short.
final class TransferLoop: TaskExecutor, @unchecked Sendable {
    /// The settings that all transfers share.
    let settings: TransferSettings

    private let shared = Guarded(Shared())

    private struct Shared {
        var phase = Phase.idle
        var arrivals: [Transfer] = []
        var jobs: [UnownedJob] = []
        var sawCancellation = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
        /// What the thread drives; nil before it starts and when it is about to end.
        var engine: TransferEngine?
        /// Whether the thread waits and must be woken.
        var isWaiting = false

        /// Wakes the thread if it waits.
        mutating func wake() {
            guard isWaiting, let engine else { return }
            isWaiting = false
            engine.watch.ring()
        }
    }

    private enum Phase {
        case idle
        case running
        case stopping
        case ended
    }

    /// Prepares the loop; the thread starts with the first transfer or task.
    init(settings: TransferSettings) { self.settings = settings }

    /// Passes a transfer to the thread; fails it at once if the thread cannot take it.
    func submit(_ transfer: Transfer) {
        let refusal: String? = shared.withLock { shared in
            switch shared.phase {
            case .idle: guard start(&shared) else { return "The thread for transfers cannot start." }
            case .running: break
            case .stopping, .ended: return "Rollcall closed the connection before the request was sent."
            }
            shared.arrivals.append(transfer)
            shared.wake()
            return nil
        }
        if let refusal { transfer.finish(.failure(.unreachable(refusal))) }
    }

    /// Runs a job on the thread, or on any thread if this one has ended.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isTaken = shared.withLock { shared in
            guard shared.phase == .running || (shared.phase == .idle && start(&shared)) else { return false }
            shared.jobs.append(job)
            shared.wake()
            return true
        }
        if !isTaken { globalConcurrentExecutor.enqueue(job) }
    }

    /// Makes the thread end cancelled transfers.
    func noticeCancellation() {
        shared.withLock { shared in
            shared.sawCancellation = true
            shared.wake()
        }
    }

    /// Ends the thread, then resumes the continuation.
    func stop(whenDone continuation: CheckedContinuation<Void, Never>? = nil) {
        let hasEnded = shared.withLock { shared in
            switch shared.phase {
            case .idle, .ended:
                shared.phase = .ended
                return true
            case .running, .stopping:
                shared.phase = .stopping
                if let continuation { shared.waitingForEnd.append(continuation) }
                shared.wake()
                return false
            }
        }
        if hasEnded { continuation?.resume() }
    }

    /// Starts the thread with all signals blocked, so that neither SIGPIPE nor a handler runs on it; false if it fails.
    private func start(_ shared: inout Shared) -> Bool {
        guard let engine = TransferEngine(settings: settings) else { return false }
        var everySignal = sigset_t()
        var before = sigset_t()
        sigfillset(&everySignal)
        pthread_sigmask(SIG_SETMASK, &everySignal, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let loop = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { loop in
            if let loop { Unmanaged<TransferLoop>.fromOpaque(loop).takeRetainedValue().run() }
            return nil
        }
        guard pthread_create(&thread, nil, run, loop.toOpaque()) == 0 else {
            loop.release()
            engine.shutDown()
            return false
        }
        pthread_detach(thread)
        shared.engine = engine
        shared.phase = .running
        return true
    }

    /// Runs transfers until the loop stops.
    private func run() {
        guard let engine = shared.withLock(\.engine) else { return }
        while true {
            let news = shared.withLock { shared in
                let news = shared
                guard news.phase == .running else { return news }
                shared.arrivals = []
                shared.sawCancellation = false
                shared.isWaiting = news.arrivals.isEmpty && news.jobs.isEmpty
                return news
            }
            guard news.phase == .running else { break }
            if news.sawCancellation { engine.abortCancelled() }
            if !news.arrivals.isEmpty {
                for transfer in news.arrivals { engine.accept(transfer) }
                if engine.timeToNext == 0 { engine.advance() }
            } else if !news.jobs.isEmpty {
                // Jobs may take a while, so transfers that are ready go first.
                let ready = engine.watch.wait(milliseconds: 0)
                if !ready.isEmpty || engine.timeToNext == 0 { engine.advance(ready) }
                for job in takeJobs() { job.runSynchronously(on: asUnownedTaskExecutor()) }
            } else {
                let ready = engine.watch.wait(milliseconds: engine.timeToNext)
                shared.withLock { $0.isWaiting = false }
                engine.advance(ready)
            }
        }
        for job in takeJobs() { globalConcurrentExecutor.enqueue(job) }
        let last = shared.withLock { shared in
            defer { shared = Shared(phase: .ended) }
            return shared
        }
        for transfer in last.arrivals { engine.accept(transfer) }
        engine.shutDown()
        for continuation in last.waitingForEnd { continuation.resume() }
    }

    private func takeJobs() -> [UnownedJob] {
        shared.withLock { shared in
            defer { shared.jobs.removeAll() }
            return shared.jobs
        }
    }
}

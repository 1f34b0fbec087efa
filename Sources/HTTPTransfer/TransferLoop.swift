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
        /// The bell that wakes the thread; nil before it starts and when it is about to end.
        var wakeup: Int32?
        /// Whether the thread waits and must be woken.
        var isWaiting = false

        /// Wakes the thread if it waits.
        mutating func wake() {
            guard isWaiting, let wakeup else { return }
            isWaiting = false
            SocketWatch.ring(wakeup)
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
            case .idle: guard begin(&shared) else { return "The thread for transfers cannot start." }
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
            guard shared.phase == .running || (shared.phase == .idle && begin(&shared)) else { return false }
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

    /// Starts the thread; false if that fails.
    private func begin(_ shared: inout Shared) -> Bool {
        guard let wakeup = start() else { return false }
        shared.wakeup = wakeup
        shared.phase = .running
        return true
    }

    /// Starts the thread with all signals blocked, so that neither SIGPIPE nor a handler runs on it; returns its bell.
    private func start() -> Int32? {
        guard curlIsReady, let watch = SocketWatch(), let multi = curl_multi_init() else { return nil }
        var everySignal = sigset_t()
        var before = sigset_t()
        sigfillset(&everySignal)
        pthread_sigmask(SIG_SETMASK, &everySignal, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let work = Unmanaged.passRetained(ThreadWork(loop: self, multi: multi, watch: watch))
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, runThread, work.toOpaque())
        guard status == 0 else {
            work.release()
            curl_multi_cleanup(multi)
            return nil
        }
        pthread_detach(thread)
        return watch.wakeup
    }

    /// Runs transfers until the loop stops.
    fileprivate func run(_ multi: UnsafeMutableRawPointer, _ watch: SocketWatch) {
        let engine = TransferEngine(multi: multi, watch: watch, settings: settings)
        while let work = takeWork(engine) {
            switch work {
            case .nothing:
                let ready = engine.wait()
                shared.withLock { $0.isWaiting = false }
                engine.advance(ready)
            case .transfers(let arrivals):
                for transfer in arrivals { engine.accept(transfer) }
                engine.begin()
            case .jobs:
                // Jobs may take a while, so transfers that are ready go first.
                let ready = engine.look()
                if ready.isEmpty { engine.begin() } else { engine.advance(ready) }
                for job in takeJobs() { job.runSynchronously(on: asUnownedTaskExecutor()) }
            }
        }
        for job in takeJobs() { globalConcurrentExecutor.enqueue(job) }
        let (arrivals, waiting) = shared.withLock { shared in
            defer {
                shared.wakeup = nil
                shared.phase = .ended
                shared.arrivals = []
                shared.waitingForEnd = []
            }
            return (shared.arrivals, shared.waitingForEnd)
        }
        for transfer in arrivals { engine.accept(transfer) }
        engine.shutDown()
        for continuation in waiting { continuation.resume() }
    }

    /// The next thing to do.
    private enum Work {
        /// Nothing; the thread is about to wait.
        case nothing
        /// New transfers to start.
        case transfers([Transfer])
        /// Jobs to run.
        case jobs
    }

    /// Returns the next thing to do; nil to stop.
    private func takeWork(_ engine: TransferEngine) -> Work? {
        let (work, sawCancellation) = shared.withLock { shared in
            guard shared.phase == .running else { return (nil as Work?, false) }
            defer {
                shared.arrivals.removeAll()
                shared.sawCancellation = false
            }
            if !shared.arrivals.isEmpty { return (.transfers(shared.arrivals), shared.sawCancellation) }
            if !shared.jobs.isEmpty { return (.jobs, shared.sawCancellation) }
            shared.isWaiting = true
            return (.nothing, shared.sawCancellation)
        }
        if sawCancellation { engine.abortCancelled() }
        return work
    }

    private func takeJobs() -> [UnownedJob] {
        shared.withLock { shared in
            defer { shared.jobs.removeAll() }
            return shared.jobs
        }
    }
}

/// The context that a new thread receives.
private final class ThreadWork {
    let loop: TransferLoop
    let multi: UnsafeMutableRawPointer
    let watch: SocketWatch

    init(loop: TransferLoop, multi: UnsafeMutableRawPointer, watch: SocketWatch) {
        self.loop = loop
        self.multi = multi
        self.watch = watch
    }
}

private func runThread(_ work: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let work {
        let work = Unmanaged<ThreadWork>.fromOpaque(work).takeRetainedValue()
        work.loop.run(work.multi, work.watch)
    }
    return nil
}

/// Whether libcurl's process-wide set-up, which runs once, succeeded.
private let curlIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

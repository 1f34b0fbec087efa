import CCurl
import Glibc
import Locking

/// The thread that drives libcurl, and the door through which other threads reach it.
///
/// It also runs tasks that prefer it, between transfers; what they do must not take long.
final class TransferLoop: TaskExecutor, @unchecked Sendable {
    /// What all transfers have in common.
    let settings: TransferSettings

    private let shared = Guarded(Shared())

    private struct Shared {
        var phase = Phase.idle
        var arrivals: [Transfer] = []
        var jobs: [UnownedJob] = []
        var sawCancellation = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
        /// What the thread is woken by; nil before it starts and once it is about to end.
        var bell: Int32?
        /// Whether the thread waits, and has to be woken for what comes.
        var isWaiting = false

        /// Wakes the thread where it waits.
        mutating func wake() {
            guard isWaiting, let bell else { return }
            isWaiting = false
            SocketWatch.ring(bell)
        }
    }

    private enum Phase {
        case idle
        case running
        case stopping
        case ended
    }

    /// Prepares a loop whose thread starts with the first transfer.
    init(settings: TransferSettings) { self.settings = settings }

    /// Hands a transfer to the thread; one that cannot be taken fails at once.
    func submit(_ transfer: Transfer) {
        let refusal: String? = shared.withLock { shared in
            switch shared.phase {
            case .idle: guard begin(&shared) else { return "The thread for transfers could not be started." }
            case .running: break
            case .stopping, .ended:
                return "The connection was closed by this program before the request was sent."
            }
            shared.arrivals.append(transfer)
            shared.wake()
            return nil
        }
        if let refusal { transfer.finish(.failure(.unreachable(refusal))) }
    }

    /// Has the thread run a part of a task; where there is none any more, any thread does.
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

    /// Makes the thread look for transfers whose task was cancelled.
    func noticeCancellation() {
        shared.withLock { shared in
            shared.sawCancellation = true
            shared.wake()
        }
    }

    /// Tells the thread to end, and resumes the continuation when it has.
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

    /// Starts the thread for the first time; false where that fails.
    private func begin(_ shared: inout Shared) -> Bool {
        guard let bell = start() else { return false }
        shared.bell = bell
        shared.phase = .running
        return true
    }

    /// Starts the thread with all signals blocked, so that neither SIGPIPE nor a handler ever runs on it.
    ///
    /// Returns the bell to wake it by.
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
        return watch.bell
    }

    /// Carries transfers until the loop is told to stop.
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
                // What they do may take a while: what has come meanwhile comes first, and is theirs to go on with.
                let ready = engine.look()
                if ready.isEmpty { engine.begin() } else { engine.advance(ready) }
                for job in takeJobs() { job.runSynchronously(on: asUnownedTaskExecutor()) }
            }
        }
        for job in takeJobs() { globalConcurrentExecutor.enqueue(job) }
        let (arrivals, waiting) = shared.withLock { shared in
            defer {
                shared.bell = nil
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

    /// What there is to do.
    private enum Work {
        /// The thread is about to wait.
        case nothing
        /// Transfers that came since the last time.
        case transfers([Transfer])
        /// Parts of tasks.
        case jobs
    }

    /// What there is to do next; nil when it is time to stop.
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

/// What a new thread is given.
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

/// Whether libcurl's process-wide set-up, done once, succeeded.
private let curlIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

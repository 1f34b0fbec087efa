import Foundation

/// Processors that do not go to sleep while something is measured.
///
/// One that sleeps when a run begins takes some milliseconds to come to its pace, virtual ones more, which short runs do not share
/// out. Each is kept busy by a process that gives way to everybody at once (`SCHED_IDLE`).
final class WakeProcessors {
    private let wakers: [BackgroundProgram]

    /// Keeps all of them awake.
    init(for bench: Bench) throws {
        wakers = try (0..<ProcessInfo.processInfo.processorCount).map { number in
            try BackgroundProgram(
                "/usr/bin/env",
                ["chrt", "--idle", "0", "taskset", "--cpu-list", String(number), "sh", "-c", "while :; do :; done"],
                // It is started with other signals blocked, which a shell leaves as they are.
                in: bench.work, endingBy: SIGKILL, for: bench)
        }
    }

    /// Lets them sleep again.
    func stop() { for waker in wakers { waker.stop() } }
}

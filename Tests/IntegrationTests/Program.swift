import Core
import Foundation
import Glibc

/// What a program's stream is connected to.
enum StreamSource {
    /// It reads this text.
    case text(String)
    /// The test's own descriptor.
    case descriptor(Int32)
    /// A file.
    case file(String)
    /// Closed from the start.
    case closed
    /// Captured output.
    case kept
}

/// A built program and how to run it.
struct Program {
    /// The executable.
    var executable: String
    /// The environment; PATH and sanitizer settings are added.
    var environment: [String: String] = [:]
    /// The working folder.
    var folder = "/"
    /// Standard input.
    var input = StreamSource.text("")
    /// Standard output.
    var output = StreamSource.kept
    /// Standard error.
    var errors = StreamSource.kept
    /// A folder that must exist while the program may run.
    var holding: ScratchFolder?

    /// The folder with the built programs, next to the tests.
    static var built: String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    }

    /// The folder of the project's sources.
    static var sources: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
    }

    /// What programs inherit from the tests' environment: PATH and the sanitizers' settings.
    private static var inherited: [String: String] {
        let names = ["PATH", "ASAN_OPTIONS", "TSAN_OPTIONS"]
        return ProcessInfo.processInfo.environment.filter { names.contains($0.key) }
            .merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }
    }

    /// Why a program did not start.
    struct StartFailure: Error {
        let executable: String
        let reason: String
    }

    /// Runs it to its end.
    func run(_ arguments: String...) async throws -> ProgramResult { try await run(arguments) }

    /// Runs it to its end.
    func run(_ arguments: [String]) async throws -> ProgramResult {
        try await start(arguments).ending()
    }

    /// Starts it with default signal handling and no blocked signals, whatever the thread has changed.
    func start(_ arguments: [String]) throws -> RunningProgram {
        let scratch = try ScratchFolder()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if case .text(let text) = input { try scratch.write("0", text) }
        for (descriptor, stream) in [input, output, errors].enumerated() {
            let number = Int32(descriptor)
            switch stream {
            case .text, .kept:
                let flags = number == STDIN_FILENO ? O_RDONLY : O_WRONLY | O_CREAT | O_APPEND
                posix_spawn_file_actions_addopen(&actions, number, scratch.path("\(number)"), flags, 0o600)
            case .file(let path): posix_spawn_file_actions_addopen(&actions, number, path, O_RDWR, 0)
            case .descriptor(let own): posix_spawn_file_actions_adddup2(&actions, own, number)
            case .closed: posix_spawn_file_actions_addclose(&actions, number)
            }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let variables = environment.merging(Self.inherited) { own, _ in own }.map { "\($0.key)=\($0.value)" }
        var identifier = pid_t()
        // The shell changes into the folder, and the program then replaces it.
        let words = ["sh", "-c", #"cd "$1" && shift && exec "$@""#, "sh", folder, executable] + arguments
        let code = withCStrings(words) { words in
            withCStrings(variables) { variables in
                posix_spawn(&identifier, "/bin/sh", &actions, &attributes, words, variables)
            }
        }
        guard code == 0 else {
            throw StartFailure(executable: executable, reason: String(cString: strerror(code)))
        }
        return RunningProgram(identifier: identifier, scratch: scratch, holding: holding)
    }
}

/// A program's exit and captured output.
struct ProgramResult {
    /// The exit code; 128 plus the signal, as in a shell, if a signal ended it.
    let code: Int32
    /// The signal that ended it; nil if none did.
    let signal: Int32?
    /// Standard output.
    let output: String
    /// Standard error.
    let errors: String
}

/// A running program.
final class RunningProgram: Sendable {
    /// The process id.
    let identifier: pid_t
    private let scratch: ScratchFolder
    private let holding: ScratchFolder?
    private let life: Life
    private let statuses: AsyncStream<Int32>

    /// Whether the process still exists, so that no other process with its number gets a signal.
    private final class Life: Sendable {
        let isOver = Guarded(false)
    }

    fileprivate init(identifier: pid_t, scratch: ScratchFolder, holding: ScratchFolder?) {
        self.identifier = identifier
        self.holding = holding
        self.scratch = scratch
        let life = Life()
        self.life = life
        let (statuses, announce) = AsyncStream.makeStream(of: Int32.self)
        self.statuses = statuses
        // Waiting blocks a thread, so it gets its own.
        Thread.detachNewThread {
            var information = siginfo_t()
            while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
            var status: Int32 = 0
            life.isOver.withLock { isOver in
                waitpid(identifier, &status, 0)
                isOver = true
            }
            announce.yield(status)
            announce.finish()
        }
    }

    deinit { send(SIGKILL) }

    /// Sends a signal unless the program has ended.
    func send(_ signal: Int32) {
        life.isOver.withLock { isOver in
            if !isOver { kill(identifier, signal) }
        }
    }

    /// Sends a signal as soon as a condition holds; its own thread watches, however busy the tests are.
    func send(
        _ signal: Int32, once what: String, _ condition: @escaping @Sendable () -> Bool
    ) async throws {
        let wasSent = await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                for _ in 0..<4_000 {
                    if condition() {
                        send(signal)
                        return continuation.resume(returning: true)
                    }
                    usleep(5_000)
                }
                continuation.resume(returning: false)
            }
        }
        guard wasSent else { throw NeverHappened(what: what) }
    }

    /// The standard output so far.
    var outputSoFar: String { scratch.text("1") }

    /// The standard error so far.
    var errorsSoFar: String { scratch.text("2") }

    /// Waits for the end; may be called once.
    func ending() async -> ProgramResult {
        var status: Int32 = 0
        for await value in statuses { status = value }
        let signal = status & 0x7F
        return ProgramResult(
            code: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, signal: signal == 0 ? nil : signal,
            output: scratch.text("1"), errors: scratch.text("2"))
    }
}

/// Passes texts to a C function as a null-terminated array.
private func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}

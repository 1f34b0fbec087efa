import Glibc
package import Reconciliation

/// The terminal of the process, if there is one.
package struct Terminal: Sendable {
    /// Whether standard input and standard error are a terminal, so a person can be asked.
    package var canAsk: Bool
    /// Whether standard output is a terminal.
    package var showsOutput: Bool
    /// Whether standard error is a terminal.
    package var showsErrors: Bool
    /// The present width of the terminal for results, in columns.
    package var outputWidth: @Sendable () -> Int
    /// The present width of the terminal for messages, in columns.
    package var errorWidth: @Sendable () -> Int
    /// The width for results; nil if they go to a file or a pipe.
    package var resultWidth: Int? { showsOutput ? outputWidth() : nil }
    /// Reads one line of input; nil at the end of the input, or if the run is stopped.
    package var readAnswer: @Sendable (RunControl) async -> String?

    /// Creates a description; by default there is no terminal.
    package init(
        canAsk: Bool = false, showsOutput: Bool = false, showsErrors: Bool = false,
        outputWidth: @Sendable @escaping () -> Int = { 80 }, errorWidth: @Sendable @escaping () -> Int = { 80 },
        readAnswer: @Sendable @escaping (RunControl) async -> String? = { _ in nil }
    ) {
        self.canAsk = canAsk
        self.showsOutput = showsOutput
        self.showsErrors = showsErrors
        self.outputWidth = outputWidth
        self.errorWidth = errorWidth
        self.readAnswer = readAnswer
    }

    /// Returns the terminal of this process; `columns` is the width in the environment.
    package static func current(columns: String?) -> Terminal {
        let wanted = columns.flatMap { Int($0) }
        return Terminal(
            canAsk: isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1,
            showsOutput: isatty(STDOUT_FILENO) == 1, showsErrors: isatty(STDERR_FILENO) == 1,
            outputWidth: { Self.width(of: STDOUT_FILENO, wanted: wanted) },
            errorWidth: { Self.width(of: STDERR_FILENO, wanted: wanted) },
            readAnswer: { await Self.readLineUnlessStopped($0) })
    }

    /// Returns the terminal's width or `wanted`, whichever is less; 80 if neither is known.
    private static func width(of descriptor: Int32, wanted: Int?) -> Int {
        var size = winsize()
        let isSized = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
        return [isSized ? Int(size.ws_col) : 0, wanted ?? 0].filter { $0 > 0 }.min() ?? 80
    }

    /// Polls for a line, so it blocks no thread and reacts to signals.
    private static func readLineUnlessStopped(_ control: RunControl) async -> String? {
        while control.stopReason == nil {
            var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            if poll(&request, 1, 0) > 0 { return readLine() }
            do { try await Task.sleep(for: .milliseconds(50)) } catch { return nil }
        }
        return nil
    }
}

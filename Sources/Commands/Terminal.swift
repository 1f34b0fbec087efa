import Glibc
package import Reconciliation

/// What the process's streams are connected to.
package struct Terminal: Sendable {
    /// Whether a person can be asked.
    package var canAsk: Bool
    /// Whether results go to a terminal.
    package var showsOutput: Bool
    /// Whether messages go to a terminal.
    package var showsErrors: Bool
    /// How many columns the terminal has that results go to, as it is now.
    package var outputWidth: @Sendable () -> Int
    /// How many columns the terminal has that messages go to, as it is now.
    package var errorWidth: @Sendable () -> Int
    /// How many columns results may take; nil where they go to a file or a pipe.
    package var resultWidth: Int? { showsOutput ? outputWidth() : nil }
    /// Reads one line that a person types; nil at the end of the input, or once the run is to end.
    package var readAnswer: @Sendable (RunControl) async -> String?

    /// Describes a terminal, or that there is none.
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

    /// What the process itself is connected to; `columns` is what the environment says of its width.
    package static func current(columns: String?) -> Terminal {
        let wanted = columns.flatMap { Int($0) }
        return Terminal(
            canAsk: isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1,
            showsOutput: isatty(STDOUT_FILENO) == 1, showsErrors: isatty(STDERR_FILENO) == 1,
            outputWidth: { Self.width(of: STDOUT_FILENO, wanted: wanted) },
            errorWidth: { Self.width(of: STDERR_FILENO, wanted: wanted) },
            readAnswer: { await Self.readLineUnlessStopped($0) })
    }

    /// The columns that a terminal has, or fewer where fewer are wanted; 80 where neither is known.
    private static func width(of descriptor: Int32, wanted: Int?) -> Int {
        var size = winsize()
        let isSized = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
        return [isSized ? Int(size.ws_col) : 0, wanted ?? 0].filter { $0 > 0 }.min() ?? 80
    }

    /// Reads a line once there is one, so that neither a thread is held nor a signal kept waiting.
    private static func readLineUnlessStopped(_ control: RunControl) async -> String? {
        while control.stopReason == nil {
            var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            if poll(&request, 1, 0) > 0 { return readLine() }
            do { try await Task.sleep(for: .milliseconds(50)) } catch { return nil }
        }
        return nil
    }
}

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
    /// The width of the terminal in columns.
    package var width: Int
    /// Reads one line that a person types; nil at the end of the input, or once the run is to end.
    package var readAnswer: @Sendable (RunControl) async -> String?

    /// Describes a terminal, or that there is none.
    package init(
        canAsk: Bool = false, showsOutput: Bool = false, showsErrors: Bool = false, width: Int = 80,
        readAnswer: @Sendable @escaping (RunControl) async -> String? = { _ in nil }
    ) {
        self.canAsk = canAsk
        self.showsOutput = showsOutput
        self.showsErrors = showsErrors
        self.width = width
        self.readAnswer = readAnswer
    }

    /// What the process itself is connected to.
    package static var current: Terminal {
        var size = winsize()
        let isSized = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return Terminal(
            canAsk: isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1,
            showsOutput: isatty(STDOUT_FILENO) == 1, showsErrors: isatty(STDERR_FILENO) == 1,
            width: isSized ? Int(size.ws_col) : 80, readAnswer: { await Self.readLineUnlessStopped($0) })
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

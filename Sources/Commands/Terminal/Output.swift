import Core
import Glibc

/// Writes results and messages.
package protocol Output: Sendable {
    /// Writes a result to standard output.
    func write(_ text: String)
    /// Writes a message to standard error.
    func writeError(_ text: String)
    /// Shows a line on standard error until the next output; an empty line removes it.
    func show(passing line: String)
    /// Why results were lost, for example a full disk; nil if none were.
    var lossOfResults: String? { get }
}

/// The two standard streams of the process.
///
/// If the reader has gone (`rollcall plan | head -1`), output is dropped without an error.
package final class StandardStreams: Output {
    private struct State {
        /// Why a result could not be written.
        var loss: Int32?
        /// The temporary line; empty if there is none.
        var passing = ""
    }

    private let state = Guarded(State())

    /// Takes the process's streams; a closed pipe or a file at its size limit no longer ends the process.
    package init() {
        signal(SIGPIPE, SIG_IGN)
        // At the file size limit (`ulimit -f`), writing fails instead of ending the process.
        signal(SIGXFSZ, SIG_IGN)
        // If a standard stream is closed at the start, the next opened file would get its number, and a plan could be
        // written into the ledger or to the gateway.
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDWR)
        }
    }

    /// Writes to standard output.
    package func write(_ text: String) {
        state.withLock { state in
            Self.show("", in: &state)
            state.loss = Self.write(text, to: STDOUT_FILENO) ?? state.loss
        }
    }

    /// Writes to standard error.
    package func writeError(_ text: String) {
        state.withLock { state in
            Self.show("", in: &state)
            _ = Self.write(text, to: STDERR_FILENO)
        }
    }

    /// Replaces the temporary line on standard error.
    package func show(passing line: String) { state.withLock { Self.show(line, in: &$0) } }

    private static func show(_ line: String, in state: inout State) {
        guard line != state.passing else { return }
        state.passing = line
        _ = write("\r\u{1B}[K" + line, to: STDERR_FILENO)
    }

    /// The system's error when a result could not be written.
    package var lossOfResults: String? { state.withLock { $0.loss.map { String(cString: strerror($0)) } } }

    /// Writes a text; returns the system's error, nil on success or if the reader has gone.
    private static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var text = text
        return text.withUTF8 { bytes -> Int32? in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                let count = Glibc.write(descriptor, start, rest.count)
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN {
                    // Another process that shares the stream made it non-blocking; wait anyway.
                    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&request, 1, -1)
                    continue
                }
                guard count > 0 else { return errno == EPIPE ? nil : errno }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return nil
        }
    }
}

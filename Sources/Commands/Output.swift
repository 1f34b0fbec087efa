import Glibc
import Locking

/// Where results and messages go.
package protocol Output: Sendable {
    /// Writes a result to standard output.
    func write(_ text: String)
    /// Writes a message to standard error.
    func writeError(_ text: String)
    /// Shows a line on standard error that gives way to whatever is written next; an empty one takes it away.
    func show(passing line: String)
    /// Why results were lost, for example a full disk; nil where none were.
    var lossOfResults: String? { get }
}

/// The two standard streams of the process.
///
/// A reader that has gone away (`rollcall plan | head -1`) is no error: what it no longer wants is dropped.
package final class StandardStreams: Output {
    private struct State {
        /// Why a result could not be written.
        var loss: Int32?
        /// The line that gives way; empty where there is none.
        var passing = ""
    }

    private let state = Guarded(State())

    /// Takes the process's own streams and keeps a closed pipe or a file at its limit from ending the process.
    package init() {
        signal(SIGPIPE, SIG_IGN)
        // Neither does a file that has grown as large as it may (`ulimit -f`): writing to it fails instead.
        signal(SIGXFSZ, SIG_IGN)
        // A stream that is closed from the beginning would lend its number to the next file that is opened, and a
        // plan be written into the ledger or to the gateway.
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

    /// Rewrites the last line of standard error.
    package func show(passing line: String) { state.withLock { Self.show(line, in: &$0) } }

    private static func show(_ line: String, in state: inout State) {
        guard line != state.passing else { return }
        state.passing = line
        _ = write("\r\u{1B}[K" + line, to: STDERR_FILENO)
    }

    /// What the system said when a result could not be written.
    package var lossOfResults: String? { state.withLock { $0.loss.map { String(cString: strerror($0)) } } }

    /// Writes all of a text, or says why not; nil also where the reader has gone away.
    private static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var text = text
        return text.withUTF8 { bytes -> Int32? in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                let count = Glibc.write(descriptor, start, rest.count)
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN {
                    // Someone shares the stream who has set it not to wait; a result waits all the same.
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

import Glibc
import Synchronization

/// Where results and messages go.
package protocol Output: Sendable {
    /// Writes a result to standard output.
    func write(_ text: String)
    /// Writes a message to standard error.
    func writeError(_ text: String)
}

/// The two standard streams of the process.
///
/// A reader that has gone away (`rollcall plan | head -1`) is no error: what it no longer wants is dropped.
package final class StandardStreams: Output {
    private let lock = Mutex(())

    /// Takes the process's own streams and keeps a closed pipe from ending the process.
    package init() { signal(SIGPIPE, SIG_IGN) }

    /// Writes to standard output.
    package func write(_ text: String) { lock.withLock { _ in Self.write(text, to: STDOUT_FILENO) } }

    /// Writes to standard error.
    package func writeError(_ text: String) { lock.withLock { _ in Self.write(text, to: STDERR_FILENO) } }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                let count = Glibc.write(descriptor, start, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}

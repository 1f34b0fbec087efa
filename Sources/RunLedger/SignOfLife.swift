import Glibc

/// By which a run that changes no group shows that it is alive, for as long as its process is, however that ends.
///
/// It is a shared lock on one byte of the file beside the ledger that `RunLock` locks as a whole by other means: the two
/// know nothing of each other. It is only ever asked for as shared, or asked about, so nobody waits for anybody.
package final class SignOfLife: Sendable {
    private let descriptor: Int32
    private let path: String

    /// Far behind whatever is written in the file.
    private static let place = 1 << 30

    /// Locks that belong to an open file and not to the process, by Linux's numbers; Glibc's module leaves them out.
    private enum Command {
        static let test: Int32 = 36
        static let set: Int32 = 37
    }

    /// Prepares to show the sign of the ledger at a path, or to look for those of others.
    package init(ledger named: String) throws(LedgerError) {
        path = Ledger.resolved(named) + ".lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .notAccessible(path: path, detail: String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }

    /// Shows the sign from now on.
    package func show() throws(LedgerError) { _ = try lock(Command.set, F_RDLCK) }

    /// Whether anybody else shows the sign of this ledger.
    package func isShownByOthers() throws(LedgerError) -> Bool {
        try lock(Command.test, F_WRLCK).l_type != Int16(F_UNLCK)
    }

    private func lock(_ command: Int32, _ type: Int32) throws(LedgerError) -> flock {
        var lock = flock()
        lock.l_type = Int16(type)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = Self.place
        lock.l_len = 1
        while fcntl(descriptor, command, &lock) != 0 {
            guard errno == EINTR else { throw .notAccessible(path: path, detail: String(cString: strerror(errno))) }
        }
        return lock
    }
}

import Glibc

/// The sign that a run which changes no group is alive; it ends with the process.
///
/// It is a shared lock on one byte of the file that `RunLock` locks by other means; the two do not affect each other.
/// It is only taken as shared or tested, so nobody waits.
package final class LivenessLock: Sendable {
    private let descriptor: Int32
    private let path: String

    /// An offset far behind the file's content.
    private static let position = 1 << 30

    /// Linux's numbers for locks of an open file instead of a process; Glibc's module omits them.
    private enum Command {
        static let test: Int32 = 36
        static let set: Int32 = 37
    }

    /// Prepares to show the sign for a ledger, or to look for other signs.
    package init(ledger named: String) throws(LedgerError) {
        path = Ledger.resolved(named) + ".lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .lockNotUsable(path: path, code: errno) }
    }

    deinit { close(descriptor) }

    /// Shows the sign until the process ends or this object is released.
    package func acquire() throws(LedgerError) { _ = try lock(Command.set, F_RDLCK) }

    /// Whether another run shows the sign for this ledger.
    package func isHeldByOthers() throws(LedgerError) -> Bool {
        try lock(Command.test, F_WRLCK).l_type != Int16(F_UNLCK)
    }

    private func lock(_ command: Int32, _ type: Int32) throws(LedgerError) -> flock {
        var lock = flock()
        lock.l_type = Int16(type)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = Self.position
        lock.l_len = 1
        while fcntl(descriptor, command, &lock) != 0 {
            guard errno == EINTR else { throw .lockNotUsable(path: path, code: errno) }
        }
        return lock
    }
}

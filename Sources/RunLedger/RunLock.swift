package import Core
import Glibc

/// The run that has the ledger's lock, as it wrote in the lock file.
package struct LockHolder: Hashable, Sendable {
    /// The run.
    package var run: String
    /// When it took the lock.
    package var since: String
    /// Its machine.
    package var host: String
}

/// The result of trying to lock a ledger.
package enum LockAttempt: Sendable {
    /// Locked until it is released or the process ends.
    case acquired(RunLock)
    /// Another run has the lock; nil if it has not written who it is.
    case held(by: LockHolder?)
}

/// The lock that lets one run at a time change groups; the operating system frees it when the process dies.
///
/// It is a separate file next to the ledger: closing a second descriptor of the database itself would drop SQLite's
/// locks.
package final class RunLock: Sendable {
    private let descriptor: Int32
    private let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Tries to lock the ledger at a path without waiting; links to the same ledger share one lock.
    package static func attempt(ledger named: String) throws(LedgerError) -> LockAttempt {
        let path = Ledger.resolved(named) + ".lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .lockNotUsable(path: path, code: errno) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            defer { close(descriptor) }
            guard code == EWOULDBLOCK else { throw .lockNotUsable(path: path, code: code) }
            return .held(by: holder(readFrom: descriptor))
        }
        return .acquired(RunLock(descriptor: descriptor, path: path))
    }

    /// Writes the owner of the lock, for others to read.
    package func sign(run: RunID, since: Timestamp, host: String) throws(LedgerError) {
        let line = Array("\(run)\n\(since)\n\(host.filter { !$0.isNewline })\n".utf8)
        guard ftruncate(descriptor, 0) == 0 else { throw .lockNotUsable(path: path, code: errno) }
        let count = pwrite(descriptor, line, line.count, 0)
        // Only a full disk takes a part of a line.
        guard count == line.count else { throw .lockNotUsable(path: path, code: count < 0 ? errno : ENOSPC) }
    }

    private static func holder(readFrom descriptor: Int32) -> LockHolder? {
        var buffer = [UInt8](repeating: 0, count: 1_024)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        let lines = String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
        guard lines.count >= 3 else { return nil }
        return LockHolder(run: lines[0], since: lines[1], host: lines[2])
    }
}

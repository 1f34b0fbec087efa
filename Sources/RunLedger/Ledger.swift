import GRDB
import Glibc

/// The SQLite database in which every run leaves what it planned, sent and found.
///
/// One connection in WAL mode with `synchronous = FULL`: what a function here has returned from is on the disk.
package final class Ledger: Sendable {
    /// The path as it was given.
    package let path: String

    private let queue: DatabaseQueue

    /// Opens a ledger, making it where there is none, and brings an older one up to date.
    package init(path: String) throws(LedgerError) {
        try Self.prepareFile(at: path)
        self.path = path
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        configuration.label = "ledger"
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { database in
                // Asked for before anything else: a file that is no database answers here.
                let superseded = try Schema.migrator.hasBeenSuperseded(database)
                guard !superseded else { throw LedgerError.newerSchema(path: path) }
                let isForeign =
                    try !database.tableExists("grdb_migrations")
                    && (Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0) > 0
                guard !isForeign else {
                    throw LedgerError.notADatabase(path: path, detail: "it holds the tables of another program")
                }
                _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            try Schema.migrator.migrate(queue)
            self.queue = queue
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    /// Whether there is a ledger at a path.
    package static func exists(at path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes the file readable and writable by its owner alone before SQLite opens it; its companions inherit the mode.
    private static func prepareFile(at path: String) throws(LedgerError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let code = errno
            if code == ENOENT || code == ENOTDIR { throw .noFolder(path: path) }
            throw .notAccessible(path: path, detail: String(cString: strerror(code)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .notADatabase(path: path, detail: "not a regular file")
        }
        if status.st_mode & 0o077 != 0, fchmod(descriptor, 0o600) != 0 {
            throw .notAccessible(path: path, detail: String(cString: strerror(errno)))
        }
    }

    func write<Value: Sendable>(
        _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws(LedgerError) -> Value {
        do {
            return try await queue.write(body)
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    func read<Value: Sendable>(
        _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws(LedgerError) -> Value {
        do {
            return try await queue.read(body)
        } catch {
            throw LedgerError(error, path: path)
        }
    }
}

extension LedgerError {
    init(_ error: any Error, path: String) {
        if let error = error as? LedgerError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .failed(path: path, detail: String(describing: error))
            return
        }
        let detail = error.message ?? "SQLite result \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .notADatabase(path: path, detail: detail)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM: self = .notAccessible(path: path, detail: detail)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        default: self = .failed(path: path, detail: detail)
        }
    }
}

extension Ledger {
    /// What a pragma of the connection says, for checks of its set-up.
    package func pragma(_ name: String) async throws(LedgerError) -> String? {
        try await write { database in try String.fetchOne(database, sql: "PRAGMA \(name)") }
    }
}

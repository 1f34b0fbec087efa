import Core
package import GRDB
import Glibc

/// The SQLite database where every run records what it planned, sent and found.
///
/// Uses one connection in WAL mode with `synchronous = FULL`: when a method here returns, its data is on disk.
package final class Ledger: Sendable {
    /// The path as given.
    package let path: String

    private let queue: DatabaseQueue
    private let journal: CommitQueue

    private init(path: String, queue: DatabaseQueue) {
        self.path = path
        self.queue = queue
        journal = CommitQueue(queue)
    }

    /// Opens a ledger, creates it if missing, and migrates an older one.
    package convenience init(path: String) throws(LedgerError) { try self.init(path: path, makesFile: true) }

    private convenience init(path: String, makesFile: Bool) throws(LedgerError) {
        try Self.prepareFile(at: path, makesFile: makesFile)
        do {
            self.init(path: path, queue: try Self.connection(to: path))
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    /// How long to wait for another program that uses the ledger, in seconds.
    private static let busyTimeout = 10.0

    /// Connects to the database and migrates it.
    ///
    /// Retries while several programs start at once, because SQLite itself does not wait when two of them create the
    /// log.
    private static func connection(to path: String) throws -> DatabaseQueue {
        let end = ContinuousClock.now + .seconds(busyTimeout)
        while true {
            do {
                let queue = try DatabaseQueue(path: resolved(path), configuration: configuration)
                try queue.writeWithoutTransaction { try prepare($0, path: path) }
                try bringUpToDate(queue)
                return queue
            } catch {
                guard case .busy = LedgerError(error, path: path), ContinuousClock.now < end else { throw error }
                usleep(20_000)
            }
        }
    }

    private static func prepare(_ database: Database, path: String) throws {
        // This comes first, so that a file that is not a database fails here. The transaction sees one state while
        // another program creates the tables.
        try database.inTransaction(.deferred) {
            let isForeign = try Bool.fetchOne(
                database, sql: "SELECT count(*) > 0 AND NOT max(name = 'grdb_migrations') FROM sqlite_master")
            guard isForeign == false else {
                throw LedgerError.notADatabase(path: path, detail: "it contains the tables of another program")
            }
            let superseded = try Schema.migrator.hasBeenSuperseded(database)
            guard !superseded else { throw LedgerError.newerSchema(path: path) }
            return .commit
        }
        _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
        try database.execute(sql: "PRAGMA synchronous = FULL")
        // The log grows to 16 MB, so pages that many calls change are copied into the file only once.
        _ = try Int.fetchOne(database, sql: "PRAGMA wal_autocheckpoint = 4000")
    }

    /// Migrates an older ledger; if another program migrates it too, continues from its state.
    private static func bringUpToDate(_ queue: DatabaseQueue) throws {
        while true {
            let before = try queue.read(Schema.migrator.appliedIdentifiers)
            do {
                return try Schema.migrator.migrate(queue)
            } catch {
                guard try queue.read(Schema.migrator.appliedIdentifiers) != before else { throw error }
            }
        }
    }

    /// Opens an existing ledger for reading; without write access, opens it without changing anything on disk.
    package convenience init(readingFrom path: String) throws(LedgerError) {
        do throws(LedgerError) {
            try self.init(path: path, makesFile: false)
        } catch .notAccessible(_, let detail) {
            do {
                let queue = try Self.readOnlyQueue(path)
                let isCurrent = try queue.read { try Schema.migrator.hasCompletedMigrations($0) }
                guard isCurrent else { throw LedgerError.notAccessible(path: path, detail: detail) }
                self.init(path: path, queue: queue)
            } catch {
                // Report damage; any other error is a consequence of the first one.
                if case .notADatabase(let path, let damage) = LedgerError(error, path: path) {
                    throw .notADatabase(path: path, detail: damage)
                }
                throw .notAccessible(path: path, detail: detail)
            }
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(busyTimeout)
        configuration.label = "ledger"
        return configuration
    }

    /// Opens a read-only connection that creates no `-wal` and `-shm` files, unless the log has data.
    private static func readOnlyQueue(_ path: String) throws -> DatabaseQueue {
        var configuration = configuration
        configuration.readonly = true
        var status = stat()
        // If the log contains data it must be read too, and that needs the companion files.
        let resolved = resolved(path)
        if stat(resolved + "-wal", &status) == 0, status.st_size > 0 {
            return try DatabaseQueue(path: resolved, configuration: configuration)
        }
        let name = resolved.utf8.map { byte in
            let isPlain = byte == UInt8(ascii: "/") || (byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter)
            return isPlain ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return try DatabaseQueue(path: "file:\(name.joined())?immutable=1", configuration: configuration)
    }

    /// Returns the absolute path without symbolic links, which SQLite never treats as a URI.
    static func resolved(_ path: String) -> String { DiskFile.resolved(path) ?? path }

    /// True if an earlier version has made the ledger at a path, so that opening it brings it up to date; reads only.
    package static func isFromEarlierVersion(_ path: String) throws(LedgerError) -> Bool {
        do {
            return try readOnlyQueue(path).read { database in
                let applied = try Schema.migrator.appliedIdentifiers(database)
                return !applied.isEmpty && applied.count < Schema.migrator.migrations.count
            }
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    /// Whether a ledger exists at a path.
    package static func exists(at path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes the file private (mode 0600) before SQLite opens it; its companion files inherit the mode.
    private static func prepareFile(at path: String, makesFile: Bool) throws(LedgerError) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | (makesFile ? O_CREAT : 0), 0o600)
        guard descriptor >= 0 else {
            let code = errno
            if !makesFile, code == ENOENT { throw .missing(path: path) }
            if code == ENOENT || code == ENOTDIR { throw .noFolder(path: path) }
            throw .notAccessible(path: path, detail: String(cString: strerror(code)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .notADatabase(path: path, detail: "not a regular file")
        }
        guard status.st_nlink == 1 else {
            throw .notAccessible(
                path: path,
                detail:
                    "the file has \(status.st_nlink) names (hard links), and runs under different names do not see "
                    + "each other's lock; keep one name")
        }
        if status.st_mode & 0o077 != 0, fchmod(descriptor, 0o600) != 0 {
            throw .notAccessible(path: path, detail: String(cString: strerror(errno)))
        }
    }

    func write<Value: Sendable>(
        _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws(LedgerError) -> Value {
        do { return try await queue.write(body) } catch { throw LedgerError(error, path: path) }
    }

    /// Records what a session did and is about to do, in order, all or nothing.
    ///
    /// Concurrent sessions share a commit.
    package func commit(_ entries: [LedgerWrite]) async throws(LedgerError) {
        do { try await journal.commit(entries) } catch { throw LedgerError(error, path: path) }
    }

    /// Frees the space of deleted rows on disk.
    func compact() async throws(LedgerError) {
        do {
            try await queue.vacuum()
            _ = try await queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    /// Reads one consistent state of the ledger: everything that `body` reads belongs to one transaction.
    package func read<Value: Sendable>(
        _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws(LedgerError) -> Value {
        do { return try await queue.read(body) } catch { throw LedgerError(error, path: path) }
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
    /// Checks every page, so that damage is found before anything is sent.
    package func examine() async throws(LedgerError) {
        let finding = try await read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") } ?? "no answer"
        guard finding != "ok" else { return }
        let detail = finding.split(whereSeparator: \.isNewline).joined(separator: ": ")
        throw .notADatabase(path: path, detail: detail)
    }
}

/// Why the ledger cannot be used.
package enum LedgerError: Error, Equatable, Sendable {
    /// There is no ledger to read.
    case missing(path: String)
    /// The folder for it does not exist.
    case noFolder(path: String)
    /// The file is not an SQLite database, or is damaged; with SQLite's message.
    case notADatabase(path: String, detail: String)
    /// A later version of the program wrote it, with tables unknown to this one.
    case newerSchema(path: String)
    /// The file or its folder cannot be opened or written; with the system's message.
    case notAccessible(path: String, detail: String)
    /// Another process kept it locked for too long.
    case busy(path: String)
    /// A statement failed; with SQLite's message.
    case failed(path: String, detail: String)
    /// No run has this id or an id that begins with it.
    case noSuchRun(String)
    /// Several runs begin with this; contains the first few.
    case ambiguousRun(String, candidates: [String])
}

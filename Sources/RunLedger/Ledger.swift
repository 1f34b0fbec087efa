import GRDB
import Glibc
import Locking

/// The SQLite database in which every run leaves what it planned, sent and found.
///
/// One connection in WAL mode with `synchronous = FULL`: what a function here has returned from is on the disk.
package final class Ledger: Sendable {
    /// The path as it was given.
    package let path: String

    private let queue: DatabaseQueue
    private let journal: Journal

    private init(path: String, queue: DatabaseQueue) {
        self.path = path
        self.queue = queue
        journal = Journal(queue)
    }

    /// Opens a ledger, making it where there is none, and brings an older one up to date.
    package convenience init(path: String) throws(LedgerError) {
        try self.init(path: path, makesFile: true)
    }

    private convenience init(path: String, makesFile: Bool) throws(LedgerError) {
        try Self.prepareFile(at: path, makesFile: makesFile)
        do {
            self.init(path: path, queue: try Self.connection(to: path))
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    /// How long a program waits for another one that is at the ledger, in seconds.
    private static let patience = 10.0

    /// Connects to the database and brings it up to date.
    ///
    /// Programs that begin at the same time, on a new ledger or an older one, wait for each other: SQLite itself does not wait where
    /// two of them prepare the log.
    private static func connection(to path: String) throws -> DatabaseQueue {
        let end = ContinuousClock.now + .seconds(patience)
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
        // Asked for before anything else: a file that is no database answers here. A transaction sees one state, whoever is making
        // the tables meanwhile.
        try database.inTransaction(.deferred) {
            let isForeign = try Bool.fetchOne(
                database, sql: "SELECT count(*) > 0 AND NOT max(name = 'grdb_migrations') FROM sqlite_master")
            guard isForeign == false else {
                throw LedgerError.notADatabase(path: path, detail: "it holds the tables of another program")
            }
            let superseded = try Schema.migrator.hasBeenSuperseded(database)
            guard !superseded else { throw LedgerError.newerSchema(path: path) }
            return .commit
        }
        _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
        try database.execute(sql: "PRAGMA synchronous = FULL")
        // Pages that many calls change go back into the file itself once for all of these; the log grows to 16 MB.
        _ = try Int.fetchOne(database, sql: "PRAGMA wal_autocheckpoint = 4000")
    }

    /// Makes what an older ledger lacks; where another program does so as well, this one goes on from where that one has come.
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

    /// Opens a ledger that is only looked at, never making one: where it cannot be written, as it is and without a trace.
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
                // Only damage is worth telling instead: all else follows from what was told first.
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
        configuration.busyMode = .timeout(patience)
        configuration.label = "ledger"
        return configuration
    }

    /// A connection that writes nothing, not even the companions that SQLite needs beside a ledger in WAL mode.
    private static func readOnlyQueue(_ path: String) throws -> DatabaseQueue {
        var configuration = configuration
        configuration.readonly = true
        var status = stat()
        // Where a run left something in the log it has to be read with it, which takes the companions.
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

    /// The path of the file itself, however many links lead to it; never one that SQLite takes for a URI.
    static func resolved(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

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

    /// Whether there is a ledger at a path.
    package static func exists(at path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes the file readable and writable by its owner alone before SQLite opens it; its companions inherit the mode.
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
                    "the file has \(status.st_nlink) names (hard links), and a run under one of them would not know of "
                    + "a run under another; keep one name")
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

    /// Puts on record what a session has done and is about to do: all of it or nothing, in this order.
    ///
    /// Sessions that come at the same time share a commit.
    package func commit(_ entries: [JournalEntry]) async throws(LedgerError) {
        do {
            try await journal.commit(entries)
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    /// Gives the room of deleted rows back, and leaves nothing of them in the file or its log.
    func compact() async throws(LedgerError) {
        do {
            try await queue.vacuum()
            _ = try await queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
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
    /// Looks at every page, so that damage is met before anything is sent and not on the way.
    package func examine() async throws(LedgerError) {
        let finding = try await read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") } ?? "no answer"
        guard finding != "ok" else { return }
        let detail = finding.split(whereSeparator: \.isNewline).joined(separator: ": ")
        throw .notADatabase(path: path, detail: detail)
    }

    /// The statements that the ledger carries out while something is done, for checks of how they find their rows.
    package func statements(during body: () async throws -> Void) async throws -> [String] {
        let seen = Guarded<[String]>([])
        try await queue.writeWithoutTransaction { database in
            database.trace { event in
                if case .statement(let statement) = event { seen.withLock { $0.append(statement.sql) } }
            }
        }
        try await body()
        try await queue.writeWithoutTransaction { database in database.trace(options: []) }
        return seen.withLock { $0 }
    }

    /// What a pragma of the connection says, for checks of its set-up.
    package func pragma(_ name: String) async throws(LedgerError) -> String? {
        try await write { database in try String.fetchOne(database, sql: "PRAGMA \(name)") }
    }
}

package import Core
import GRDB
package import RunLedger

extension Ledger {
    /// Returns the attempts at the calls of a run's actions, in the order of the actions.
    package func attempts(of run: RunID) async throws(LedgerError) -> [AttemptRecord] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT attempts.* FROM attempts JOIN actions ON actions.id = action_id WHERE run_id = ?
                    ORDER BY gateway, session, group_jid, seq, attempt
                    """, arguments: [run.text]
            ).map(AttemptRecord.init(row:))
        }
    }

    /// Returns the SQL statements that run during `body`.
    package func statements(during body: () async throws -> Void) async throws -> [String] {
        let seen = Guarded<[String]>([])
        try await read { database in
            database.trace { event in
                if case .statement(let statement) = event { seen.withLock { $0.append(statement.sql) } }
            }
        }
        seen.withLock { $0 = [] }
        try await body()
        let statements = seen.withLock { $0 }
        try await read { database in database.trace(options: []) }
        return statements
    }

    /// Returns a pragma of the connection.
    package func pragma(_ name: String) async throws(LedgerError) -> String? {
        try await read { database in try String.fetchOne(database, sql: "PRAGMA \(name)") }
    }
}

/// One row of `attempts`: one time that an action's call was sent, and the result.
package struct AttemptRecord: Hashable, Sendable {
    /// The id of the action's row.
    package let action: Int64
    /// The number of the attempt, from 1.
    package let attempt: Int
    /// The result.
    package let status: AttemptStatus
    /// The HTTP status; nil if no answer came.
    package let httpStatus: Int?
    /// A code for the error.
    package let errorCode: String?
    /// The error in a sentence.
    package let error: String?
    /// When it was sent.
    package let sentAt: Timestamp
    /// When the result was known; nil if an earlier version did not record it.
    package let finishedAt: Timestamp?
}

extension AttemptRecord {
    fileprivate init(row: Row) throws {
        try self.init(
            action: row["action_id"], attempt: row["attempt"], status: row.word("status"),
            httpStatus: row["http_status"], errorCode: row["error_code"], error: row["error"],
            sentAt: row.time("sent_at"), finishedAt: row.time(ifPresent: "finished_at"))
    }
}

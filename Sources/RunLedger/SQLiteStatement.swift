import GRDB
import GRDBSQLite

/// A value for `carryOut`.
enum SQLiteValue {
    /// A text; null for nil.
    case text(String?)
    /// A whole number; null for nil.
    case number(Int64?)
}

extension Database {
    /// Runs a cached statement that changes something.
    ///
    /// Does the same as `cachedStatement(sql:).execute(arguments:)`, without observers and without GRDB's argument checks,
    /// which take as long as SQLite itself for a frequent statement. Needs a value for every parameter.
    func executeCached(_ sql: String, _ values: SQLiteValue...) throws {
        let statement = try cachedStatement(sql: sql).sqliteStatement
        defer { sqlite3_reset(statement) }
        guard Int(sqlite3_bind_parameter_count(statement)) == values.count else {
            throw DatabaseError(
                resultCode: .SQLITE_RANGE, message: "the statement does not take \(values.count) values", sql: sql)
        }
        for (position, value) in zip(Int32(1)..., values) {
            let code =
                switch value {
                case .text(let text?): sqlite3_bind_text(statement, position, text, Int32(text.utf8.count), copied)
                case .number(let number?): sqlite3_bind_int64(statement, position, number)
                case .text(nil), .number(nil): sqlite3_bind_null(statement, position)
                }
            guard code == SQLITE_OK else { throw failure(code, sql) }
        }
        let code = sqlite3_step(statement)
        guard code == SQLITE_DONE else { throw failure(code, sql) }
    }

    private func failure(_ code: Int32, _ sql: String) -> DatabaseError {
        let message = sqliteConnection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
        return DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: sql)
    }
}

/// Makes SQLite copy a text at once.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

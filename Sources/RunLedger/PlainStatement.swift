import GRDB
import GRDBSQLite

/// A value as a statement that is carried out for each call takes it.
enum PlainValue {
    /// A text; null for nil.
    case text(String?)
    /// A whole number; null for nil.
    case number(Int64?)
}

extension Database {
    /// Carries out a statement that changes something, kept ready for the next time.
    ///
    /// It does what `cachedStatement(sql:).execute(arguments:)` does, for statements without observers that run so often that
    /// to make arguments and to check them took as long as what SQLite does with them. All of its values are given each time.
    func carryOut(_ sql: String, _ values: PlainValue...) throws {
        let statement = try cachedStatement(sql: sql).sqliteStatement
        defer { sqlite3_reset(statement) }
        guard Int(sqlite3_bind_parameter_count(statement)) == values.count else {
            throw DatabaseError(
                resultCode: .SQLITE_RANGE, message: "the statement does not take \(values.count) values", sql: sql)
        }
        for (place, value) in zip(Int32(1)..., values) {
            let code =
                switch value {
                case .text(let text?): sqlite3_bind_text(statement, place, text, Int32(text.utf8.count), copied)
                case .number(let number?): sqlite3_bind_int64(statement, place, number)
                case .text(nil), .number(nil): sqlite3_bind_null(statement, place)
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

/// Has SQLite take a copy of a text at once.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

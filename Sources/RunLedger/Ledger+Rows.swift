package import Core
import FoundationEssentials
package import GRDB

/// A row with a value that this version does not write.
package struct UnreadableRow: Error, CustomStringConvertible {
    let column: String

    /// Names the column.
    package init(column: String) { self.column = column }

    /// The reason, in a sentence without a full stop.
    package var description: String { "column \(column) has a value that this version did not write" }
}

extension Database {
    /// Calls `body` for each row of a query.
    package func forEachRow(_ sql: String, _ arguments: StatementArguments = [], _ body: (Row) throws -> Void) throws {
        let cursor = try Row.fetchCursor(self, sql: sql, arguments: arguments)
        while let row = try cursor.next() { try body(row) }
    }
}

extension Row {
    /// Returns a column's converted value; throws if the conversion fails.
    package func value<Stored: DatabaseValueConvertible, Value>(
        _ column: String, as convert: (Stored) -> Value?
    ) throws -> Value {
        guard let stored = Stored.fromDatabaseValue(self[column]), let value = convert(stored) else {
            throw UnreadableRow(column: column)
        }
        return value
    }

    /// Like `value`, for a column that may be null.
    package func optional<Stored: DatabaseValueConvertible, Value>(
        _ column: String, as convert: (Stored) -> Value?
    ) throws -> Value? {
        let raw: DatabaseValue = self[column]
        return raw.isNull ? nil : try value(column, as: convert)
    }

    /// Returns the number between a prefix and a suffix in a column's text; nil for anything else.
    func digits(at index: Int, after beginning: StaticString, before end: StaticString) throws -> UInt64? {
        try withUnsafeData(atIndex: index) { data in
            data?.withUnsafeBytes { $0.digits(after: beginning, before: end) }
        }
    }

    func sessionKey() throws -> SessionKey {
        SessionKey(gateway: GatewayName(self["gateway"]), session: try value("session", as: SessionID.init(_:)))
    }

    /// Returns the group that the columns `gateway`, `session` and `group_jid` name.
    package func groupKey() throws -> GroupKey {
        let key = try sessionKey()
        return GroupKey(gateway: key.gateway, session: key.session, group: try group())
    }

    /// Returns the number in the column `phone`.
    package func phone() throws -> PhoneNumber { try value("phone", as: Row.phone) }

    func lid() throws -> LID { try value("lid", as: Row.lid) }
    func group() throws -> GroupID { try value("group_jid", as: GroupID.init(_:)) }

    /// Returns the change in the column `op`.
    package func operation() throws -> Operation { try word("op") }

    /// Returns the time in a column.
    package func time(_ column: String) throws -> Timestamp { try value(column, as: Timestamp.init(iso8601:)) }

    /// Returns the time in a column; nil for null.
    package func time(ifPresent column: String) throws -> Timestamp? {
        try optional(column, as: Timestamp.init(iso8601:))
    }

    /// Returns the case that a column's word names.
    package func word<Word: RawRepresentable<String>>(_ column: String) throws -> Word {
        try value(column, as: Word.init(rawValue:))
    }

    /// Reads a list of accounts in the form that the ledger writes.
    func accounts(_ column: String) throws -> Set<AccountID> {
        let text: String = self[column]
        let items = text.split { "[]\",".contains($0) }
        return Set(
            try items.map { item in
                guard let account = Row.account(String(item)) else { throw UnreadableRow(column: column) }
                return account
            })
    }

    static func account(_ text: String) -> AccountID? { try? AccountID(parsing: text) }

    /// Returns the number that a text names, as the ledger stores it; nil for anything else.
    package static func phone(_ text: String) -> PhoneNumber? {
        UInt64(text.dropFirst()).flatMap(PhoneNumber.init(digits:))
    }

    /// Returns the LID that a text names, as the ledger stores it; nil for anything else.
    package static func lid(_ text: String) -> LID? {
        guard case .lid(let lid)? = try? AccountID(parsing: text) else { return nil }
        return lid
    }
}

extension UnsafeRawBufferPointer {
    /// Returns the number between a prefix and a suffix; nil for anything else.
    package func digits(after beginning: StaticString, before end: StaticString) -> UInt64? {
        let (first, last) = (beginning.utf8CodeUnitCount, count - end.utf8CodeUnitCount)
        guard (1...19).contains(last - first), self[..<first].elementsEqual(beginning.bytes),
            self[last...].elementsEqual(end.bytes), self[first] != UInt8(ascii: "0")
        else { return nil }
        var number: UInt64 = 0
        for byte in self[first..<last] {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + UInt64(digit)
        }
        return number
    }
}

extension StaticString {
    fileprivate var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}

extension RunRecord {
    /// Reads a row of its table; throws if a column has a value that this version does not write.
    package init(row: Row) throws {
        try self.init(
            id: row.value("id", as: RunID.init(_:)), command: row["command"], startedAt: row.time("started_at"),
            finishedAt: row.time(ifPresent: "finished_at"), status: row.word("status"), exitCode: row["exit_code"],
            policyDigest: row["policy_digest"], version: row["version"], host: row["host"],
            tally: RunTally(
                changes: ActionCounts(
                    adds: row["adds"], promotes: row["promotes"], demotes: row["demotes"], removes: row["removes"]),
                holds: row["holds"], errors: row["errors"]))
    }
}

extension GroupRunRecord {
    /// Reads a row of its table; throws if a column has a value that this version does not write.
    package init(row: Row) throws {
        try self.init(
            key: row.groupKey(), name: row["name"], status: row.word("status"), sizeBefore: row["size_before"],
            sizeAfter: row["size_after"], rosterDigest: row["roster_digest"], errorCode: row["error_code"],
            error: row["error"])
    }
}

extension ActionRecord {
    /// Reads a row of its table; throws if a column has a value that this version does not write.
    package init(row: Row) throws {
        try self.init(
            id: row["id"], key: row.groupKey(), sequence: row["seq"], operation: row.operation(),
            phone: row.optional("phone", as: Row.phone), lid: row.optional("lid", as: Row.lid), jid: row["jid"],
            person: row["person"], source: row["source"], status: row.word("status"), attempts: row["attempts"],
            httpStatus: row["http_status"], errorCode: row["error_code"], error: row["error"],
            plannedAt: row.time("planned_at"), sentAt: row.time(ifPresent: "sent_at"),
            finishedAt: row.time(ifPresent: "finished_at"))
    }
}

extension HoldRecord {
    init(row: Row) throws {
        try self.init(
            key: row.groupKey(), kind: row["kind"], phone: row.optional("phone", as: Row.phone),
            lid: row.optional("lid", as: Row.lid), person: row["person"], message: row["message"])
    }
}

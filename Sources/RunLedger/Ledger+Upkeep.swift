package import Core
import GRDB

/// The tables that can be exported from a ledger.
package enum LedgerTable: String, Sendable, CaseIterable {
    /// Runs.
    case runs
    /// The result of each group in each run.
    case groupRuns = "group_runs"
    /// The planned changes and their results.
    case actions
    /// Each time a call was sent.
    case attempts
    /// Changes that a run did not make, and why.
    case holds
    /// The number behind each LID.
    case identities

    /// The columns that order the rows.
    var order: String {
        switch self {
        case .runs, .actions: "id"
        case .groupRuns: "run_id, gateway, session, group_jid"
        case .attempts: "action_id, attempt"
        case .holds: "rowid"
        case .identities: "gateway, session, lid"
        }
    }
}

/// One value of a row, as stored.
package enum LedgerValue: Hashable, Sendable {
    /// Nothing.
    case null
    /// A whole number.
    case number(Int)
    /// A text.
    case text(String)
}

extension Ledger {
    /// How long runs depend on earlier records; younger runs cannot be deleted.
    package static let minimumRetention = Duration.seconds(90 * 86_400)

    /// Returns how many finished runs began before a time; `now` is the current time.
    package func runs(before moment: Timestamp, at now: Timestamp) async throws(LedgerError) -> Int {
        try await read { database in
            let old = try Self.areOver(before: moment, at: now, in: database)
            return try Int.fetchOne(database, sql: "SELECT count(*) FROM runs WHERE \(old)") ?? 0
        }
    }

    /// Deletes the finished runs that began before a time, with all their records, and frees the space.
    ///
    /// Keeps what runs remember of people and groups, and the times of the last day of deleted calls: a fast clock
    /// makes yesterday's runs look old, and the next run must still respect the budget and the pace.
    package func deleteRuns(before moment: Timestamp, at now: Timestamp) async throws(LedgerError) {
        try await write { database in
            let old = try Self.areOver(before: moment, at: now, in: database)
            try Self.keepTimesOfCalls(of: "run_id IN (SELECT id FROM runs WHERE \(old))", [], in: database)
            try database.execute(sql: "DELETE FROM runs WHERE \(old)")
        }
        try await compact()
    }

    /// Copies the times of calls whose actions are about to be deleted, if budgets and the pace may still count them.
    static func keepTimesOfCalls(of areDeleted: String, _ arguments: StatementArguments, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO calls_of_deleted_runs (gateway, session, op, sent_at)
                SELECT gateway, session, op, attempts.sent_at FROM attempts
                JOIN (SELECT * FROM actions WHERE \(areDeleted)) AS deleted ON deleted.id = action_id
                WHERE attempts.error_code IS NOT 'unreachable'
                """, arguments: arguments)
        let latest = try Row.fetchOne(database, sql: "SELECT max(sent_at) AS at FROM calls_of_deleted_runs")
        guard let latest = try latest?.time(ifPresent: "at") else { return }
        try database.execute(
            sql: "DELETE FROM calls_of_deleted_runs WHERE sent_at <= ?",
            arguments: [latest.advanced(byMilliseconds: -86_400_000).iso8601])
    }

    /// Returns an SQL condition: the run is finished and counts as begun before `moment`.
    private static func areOver(before moment: Timestamp, at now: Timestamp, in database: Database) throws -> String {
        let isLater = try LedgerClock(at: now, in: database)
            .condition("started_at", since: moment.advanced(byMilliseconds: -1))
        return "NOT (\(isLater)) AND status <> 'running'"
    }

    /// Calls `columns` with the names of a table's columns, then `body` for each row in order.
    package func forEachRow(
        of table: LedgerTable, columns: @Sendable @escaping ([String]) -> Void,
        row body: @Sendable @escaping ([LedgerValue]) -> Void
    ) async throws(LedgerError) {
        try await read { database in
            let names = try database.columns(in: table.rawValue).map(\.name)
            columns(names)
            let list = names.map(\.quotedDatabaseIdentifier).joined(separator: ", ")
            let cursor = try Row.fetchCursor(
                database, sql: "SELECT \(list) FROM \(table.rawValue) ORDER BY \(table.order)")
            while let row = try cursor.next() {
                body(
                    row.databaseValues.map { value in
                        switch value.storage {
                        case .null: .null
                        case .int64(let number): .number(Int(number))
                        case .double(let number): .text("\(number)")
                        case .string(let text): .text(text)
                        case .blob(let bytes): .text(String(decoding: bytes, as: UTF8.self))
                        }
                    })
            }
        }
    }

    /// Returns the latest runs with something to do in a group or for a person, newest first; nil means any.
    package func latestRuns(
        _ count: Int, concerning group: GroupID?, person: PersonReference?
    ) async throws(LedgerError) -> [RunRecord] {
        try await read { database in
            var (conditions, arguments): ([String], StatementArguments) = ([], [])
            if let group {
                conditions.append("id IN (SELECT run_id FROM group_runs WHERE group_jid = ? AND status <> 'unchanged')")
                arguments += [group.jid]
            }
            if let person {
                var reader = PersonReader(database: database)
                try reader.readIdentities(of: person)
                conditions.append("id IN (SELECT run_id FROM actions WHERE \(reader.isTheirs.sql))")
                arguments += StatementArguments(reader.isTheirs.arguments)
            }
            let sql = """
                SELECT * FROM runs WHERE \((conditions + ["1"]).joined(separator: " AND ")) ORDER BY id DESC LIMIT ?
                """
            return try Row.fetchAll(database, sql: sql, arguments: arguments + [count]).map(RunRecord.init(row:))
        }
    }
}

extension Ledger {
    /// Reads every row of every table as runs and reports do, so that an unreadable row is found early.
    package func examineRows() async throws(LedgerError) {
        let keys = try await read { database in
            func readAll(_ table: String, _ body: (Row) throws -> Void) throws {
                try database.forEachRow("SELECT * FROM \(table)", [], body)
            }
            try readAll("runs") { _ = try RunRecord(row: $0) }
            try readAll("group_runs") { _ = try GroupRunRecord(row: $0) }
            try readAll("actions") { _ = try ActionRecord(row: $0) }
            try readAll("attempts") { _ = try $0.word("status") as AttemptStatus }
            try readAll("holds") { _ = try HoldRecord(row: $0) }
            for table in [
                "attempts", "following_stores", "last_use", "clock_leaps", "backfills", "identities",
                "calls_of_deleted_runs", "former_numbers",
            ] {
                let names = try database.columns(in: table).map(\.name)
                let times = names.filter { ["at", "since", "latest"].contains($0) || $0.hasSuffix("_at") }
                try readAll(table) { row in for time in times { _ = try row.time(ifPresent: time) } }
            }
            var keys: Set<SessionKey> = []
            for table in Self.sessionTables {
                let cursor = try Row.fetchCursor(database, sql: "SELECT DISTINCT gateway, session FROM \(table)")
                while let row = try cursor.next() { keys.insert(try row.sessionKey()) }
            }
            return keys
        }
        for key in keys { _ = try await memory(of: key) }
        _ = try await appliedGroups()
    }

    /// The tables with the memory of sessions.
    private static let sessionTables = [
        "identities", "former_numbers", "lid_lookups", "number_checks", "declined_adds", "deferred_adds",
        "observations", "sightings", "lid_sightings", "snapshots", "following_stores", "backfills",
    ]
}

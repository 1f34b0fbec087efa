import GRDB
package import Membership

/// The tables that can be taken out of a ledger.
package enum LedgerTable: String, Sendable, CaseIterable {
    /// Runs.
    case runs
    /// What each run found of each group.
    case groupRuns = "group_runs"
    /// What was planned and what became of it.
    case actions
    /// Each time that a call was sent.
    case attempts
    /// What was held back.
    case holds
    /// Which number is behind which LID.
    case identities

    /// The columns that make the order of the rows.
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

/// One value of a row, as a ledger keeps it.
package enum LedgerValue: Hashable, Sendable {
    /// Nothing.
    case null
    /// A whole number.
    case number(Int)
    /// A text.
    case text(String)
}

extension Ledger {
    /// How long runs rely on what earlier ones recorded: nothing younger may be deleted.
    package static let shortestKeep = Duration.seconds(90 * 86_400)

    /// How many runs began before a moment and are over.
    package func runs(before moment: Timestamp) async throws(LedgerError) -> Int {
        try await read { database in
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM runs WHERE started_at < ? AND status <> 'running'",
                arguments: [moment.iso8601]) ?? 0
        }
    }

    /// Deletes the runs that began before a moment and are over, with all that they recorded, and gives the room back.
    ///
    /// What is remembered of people and groups stays.
    package func deleteRuns(before moment: Timestamp) async throws(LedgerError) {
        try await write { database in
            try database.execute(
                sql: "DELETE FROM runs WHERE started_at < ? AND status <> 'running'", arguments: [moment.iso8601])
        }
        try await compact()
    }

    /// Hands out a table's rows one after the other, the names of its columns first.
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

    /// The latest runs in which something was to be done in a group, or to a person, newest first; nil stands for any.
    package func latestRuns(
        _ count: Int, concerning group: GroupID?, phone: PhoneNumber?
    ) async throws(LedgerError) -> [RunRecord] {
        var (conditions, arguments): ([String], StatementArguments) = ([], [])
        if let group {
            conditions.append("id IN (SELECT run_id FROM group_runs WHERE group_jid = ? AND status <> 'unchanged')")
            arguments += [group.jid]
        }
        if let phone {
            conditions.append("id IN (SELECT run_id FROM actions WHERE phone = ?)")
            arguments += [phone.e164]
        }
        arguments += [count]
        let sql = "SELECT * FROM runs WHERE \((conditions + ["1"]).joined(separator: " AND ")) ORDER BY id DESC LIMIT ?"
        let bound = arguments
        return try await read { database in
            try Row.fetchAll(database, sql: sql, arguments: bound).map(RunRecord.init(row:))
        }
    }
}

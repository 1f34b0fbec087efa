package import Core
import GRDB

extension Ledger {
    /// Returns what the ledger knows of a person by number, LID or both, with the latest actions.
    package func history(of person: PersonReference, latest count: Int) async throws(LedgerError) -> PersonHistory {
        try await read { database in
            var reader = PersonReader(database: database)
            try reader.readIdentities(of: person)
            for phone in reader.phones.sorted() {
                try reader.readChecks(of: phone)
                try reader.readStandings(of: phone)
            }
            try reader.readEvents(latest: count)
            return reader.history
        }
    }
}

/// Collects one person's data from all tables.
struct PersonReader {
    let database: Database
    private(set) var history = PersonHistory()
    /// The person's numbers.
    private(set) var phones: Set<PhoneNumber> = []
    /// The person's LIDs.
    private var lids: Set<LID> = []

    init(database: Database) { self.database = database }

    private func rows(_ sql: String, _ arguments: StatementArguments) throws -> [Row] {
        try Row.fetchAll(database, sql: sql, arguments: arguments)
    }

    mutating func readIdentities(of person: PersonReference) throws {
        if let phone = person.phone { phones.insert(phone) }
        if let lid = person.lid { lids.insert(lid) }
        // An account that had this number earlier may have another one now.
        let sql = """
            SELECT * FROM identities WHERE phone = ? OR lid = ?
            OR lid IN (SELECT lid FROM former_numbers WHERE phone = ?) ORDER BY gateway, session, lid
            """
        for row in try rows(sql, [person.phone?.e164, person.lid?.description, person.phone?.e164]) {
            let identity = PersonHistory.Identity(
                session: try row.sessionKey(), lid: try row.value("lid", as: Row.lid),
                phone: try row.value("phone", as: Row.phone), firstSeenAt: try row.time("first_seen_at"),
                lastSeenAt: try row.time("last_seen_at"))
            history.identities.append(identity)
            phones.insert(identity.phone)
            lids.insert(identity.lid)
        }
        // Include the account's earlier numbers.
        for lid in lids.sorted() {
            let former = try rows("SELECT phone FROM former_numbers WHERE lid = ?", [lid.description])
            for row in former { phones.insert(try row.phone()) }
        }
    }

    mutating func readChecks(of phone: PhoneNumber) throws {
        for row in try rows("SELECT * FROM number_checks WHERE phone = ? ORDER BY gateway, session", [phone.e164]) {
            let account = try row.optional("account") { (text: String) in try? AccountID(parsing: text) }
            history.checks.append(
                PersonHistory.Check(
                    session: try row.sessionKey(), phone: phone,
                    answer: CheckedNumber(
                        isOnWhatsApp: row["on_whatsapp"], account: account, checkedAt: try row.time("checked_at"))))
        }
    }

    mutating func readStandings(of phone: PhoneNumber) throws {
        for row in try rows("SELECT * FROM declined_adds WHERE phone = ?", [phone.e164]) {
            history.groups[try row.groupKey(), default: .init()].declined = DeclinedAdd(
                tries: row["tries"], lastTriedAt: try row.time("last_tried_at"), fingerprint: row["fingerprint"])
        }
        for row in try rows("SELECT * FROM deferred_adds WHERE phone = ?", [phone.e164]) {
            history.groups[try row.groupKey(), default: .init()].deferredSince = try row.time("since")
        }
        for row in try rows("SELECT * FROM sightings WHERE phone = ?", [phone.e164]) {
            history.groups[try row.groupKey(), default: .init()].sighting = try Sighting(row: row)
        }
        // Only holds of the group's latest run count.
        let holds = try rows(
            """
            SELECT holds.* FROM (
                SELECT gateway, session, group_jid, max(run_id) AS run_id FROM holds WHERE phone = :phone
                GROUP BY gateway, session, group_jid
            ) AS held JOIN holds USING (gateway, session, group_jid, run_id)
            WHERE phone = :phone AND run_id = (
                SELECT max(run_id) FROM group_runs WHERE group_runs.gateway = held.gateway
                AND group_runs.session = held.session AND group_runs.group_jid = held.group_jid)
            ORDER BY holds.rowid
            """, ["phone": phone.e164])
        for row in holds {
            let hold = try HoldRecord(row: row)
            history.groups[hold.key, default: .init()].holds.append(hold)
        }
    }

    /// An SQL condition for actions on the person, by any number or LID, and its arguments.
    ///
    /// Omits empty lists, which would make SQLite scan all actions.
    var isTheirs: (sql: String, arguments: [String]) {
        var conditions: [String] = []
        if !phones.isEmpty { conditions.append("phone IN (\(databaseQuestionMarks(count: phones.count)))") }
        if !lids.isEmpty { conditions.append("phone IS NULL AND lid IN (\(databaseQuestionMarks(count: lids.count)))") }
        return ("(\(conditions.joined(separator: " OR ")))", phones.map(\.e164) + lids.map(\.description))
    }

    mutating func readEvents(latest count: Int) throws {
        let (isTheirs, names) = isTheirs
        history.eventCount =
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM actions WHERE \(isTheirs)",
                arguments: StatementArguments(names)) ?? 0
        let sql = """
            SELECT actions.*, runs.command FROM actions JOIN runs ON runs.id = run_id
            WHERE \(isTheirs) ORDER BY actions.id DESC LIMIT \(count)
            """
        for row in try rows(sql, StatementArguments(names)) {
            history.events.append(
                PersonHistory.Event(
                    run: try row.value("run_id", as: RunID.init(_:)), command: row["command"],
                    action: try ActionRecord(row: row)))
        }
    }
}

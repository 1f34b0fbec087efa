package import Core
import FoundationEssentials
import GRDB

/// How many rows of a ledger were deleted.
package struct DeletedRows: Hashable, Sendable {
    /// Planned changes, with their calls.
    package var actions = 0
    /// Holds of past runs.
    package var holds = 0
    /// What was remembered of people and groups.
    package var memory = 0

    /// True if nothing was deleted.
    package var isEmpty: Bool { actions == 0 && holds == 0 && memory == 0 }
}

extension Ledger {
    /// Everyone and every group that the policies name.
    package struct Named: Sendable {
        let accounts: String
        let groups: String

        /// Takes the accounts of people by number and LID, and the groups.
        package init(people: some Sequence<AccountID>, groups: some Sequence<GroupKey>) {
            accounts = jsonList(people.map(\.storedText).sorted())
            self.groups = jsonList(Set(groups.map(\.group.jid)).sorted())
        }
    }

    /// Returns how many rows `deleteMemory` would delete.
    package func memory(
        before moment: Timestamp, at now: Timestamp, except named: Named
    ) async throws(LedgerError) -> Int {
        try await write { database in
            var count = 0
            try database.inSavepoint {
                count = try Self.deleteMemory(before: moment, at: now, except: named, in: database)
                return .rollback
            }
            return count
        }
    }

    /// Deletes the memory of people and groups that no policy names and no member list has shown since a moment.
    package func deleteMemory(
        before moment: Timestamp, at now: Timestamp, except named: Named
    ) async throws(LedgerError) {
        _ = try await write { try Self.deleteMemory(before: moment, at: now, except: named, in: $0) }
    }

    private static func deleteMemory(
        before moment: Timestamp, at now: Timestamp, except named: Named, in database: Database
    ) throws -> Int {
        let clock = try LedgerClock(at: now, in: database)
        let since = moment.advanced(byMilliseconds: -1)
        var count = 0
        func delete(from table: String, unless named: [(column: String, list: String)], seen columns: String...) throws
        {
            let isOld = columns.map { "coalesce(NOT (\(clock.condition($0, since: since))), TRUE)" }
            let isUnnamed = named.map { "coalesce(\($0.column) NOT IN (SELECT value FROM json_each(?)), TRUE)" }
            try database.execute(
                sql: "DELETE FROM \(table) WHERE \((isOld + isUnnamed).joined(separator: " AND "))",
                arguments: StatementArguments(named.map(\.list)))
            count += database.changesCount
        }
        let (phone, lid, group) = (("phone", named.accounts), ("lid", named.accounts), ("group_jid", named.groups))
        try delete(from: "identities", unless: [phone, lid], seen: "last_seen_at")
        // A former number is deleted with the account that it led to.
        try database.execute(
            sql: """
                DELETE FROM former_numbers WHERE (gateway, session, lid) NOT IN
                (SELECT gateway, session, lid FROM identities)
                AND lid NOT IN (SELECT value FROM json_each(?)) AND phone NOT IN (SELECT value FROM json_each(?))
                """, arguments: [named.accounts, named.accounts])
        count += database.changesCount
        try delete(from: "number_checks", unless: [phone], seen: "checked_at")
        try delete(from: "lid_lookups", unless: [lid], seen: "asked_at")
        try delete(from: "sightings", unless: [phone], seen: "last_seen_at", "removed_at")
        try delete(from: "lid_sightings", unless: [lid], seen: "last_seen_at", "removed_at")
        try delete(from: "declined_adds", unless: [phone], seen: "last_tried_at")
        try delete(from: "deferred_adds", unless: [phone], seen: "since")
        try delete(from: "observations", unless: [group], seen: "observed_at")
        try delete(from: "snapshots", unless: [group], seen: "seen_at")
        try delete(from: "applied_groups", unless: [group], seen: "applied_at")
        return count
    }

    /// Returns the accounts of one person: those given, the LIDs behind their numbers, and the numbers of these LIDs.
    ///
    /// A former number that has passed to another account is not included.
    package func accounts(of person: PersonReference) async throws(LedgerError) -> Set<AccountID> {
        try await read { database in
            func texts(_ sql: String, _ text: String) throws -> [String] {
                try String.fetchAll(database.cachedStatement(sql: sql), arguments: [text])
            }
            var lids = Set(person.lid.map { [$0.description] } ?? [])
            var phones = Set(person.phone.map { [$0.e164] } ?? [])
            for phone in phones {
                let current =
                    try texts("SELECT lid FROM identities WHERE phone = ?", phone)
                    + texts("SELECT account FROM number_checks WHERE phone = ?1 AND account LIKE '%@lid'", phone)
                lids.formUnion(current)
                if current.isEmpty {
                    lids.formUnion(try texts("SELECT lid FROM former_numbers WHERE phone = ?", phone))
                }
            }
            for lid in lids {
                phones.formUnion(try texts("SELECT phone FROM identities WHERE lid = ?", lid))
                phones.formUnion(try texts("SELECT phone FROM number_checks WHERE account = ?", lid))
                for phone in try texts("SELECT phone FROM former_numbers WHERE lid = ?", lid) {
                    let holders = try texts("SELECT lid FROM identities WHERE phone = ?", phone)
                    if lids.isSuperset(of: holders) { phones.insert(phone) }
                }
            }
            return Set(phones.compactMap(Row.phone).map(AccountID.phone) + lids.compactMap(Row.lid).map(AccountID.lid))
        }
    }

    /// Deletes every row about one person, and blanks their numbers and LIDs in texts of other rows.
    ///
    /// The times of their calls of the last day stay, because budgets count them.
    package func erase(_ accounts: Set<AccountID>) async throws(LedgerError) -> DeletedRows {
        let stored = jsonList(accounts.map(\.storedText).sorted())
        let deleted = try await write { database in
            var deleted = DeletedRows()
            func delete(from table: String, where columns: String...) throws -> Int {
                let conditions = columns.map { "\($0) IN (SELECT value FROM json_each(?1))" }
                try database.execute(
                    sql: "DELETE FROM \(table) WHERE \(conditions.joined(separator: " OR "))", arguments: [stored])
                return database.changesCount
            }
            try Self.keepTimesOfCalls(
                of: "phone IN (SELECT value FROM json_each(?1)) OR lid IN (SELECT value FROM json_each(?1))", [stored],
                in: database)
            deleted.actions = try delete(from: "actions", where: "phone", "lid")
            deleted.holds = try delete(from: "holds", where: "phone", "lid")
            for table in ["identities", "former_numbers"] {
                deleted.memory += try delete(from: table, where: "phone", "lid")
            }
            deleted.memory += try delete(from: "number_checks", where: "phone", "account")
            for table in ["lid_lookups", "lid_sightings"] { deleted.memory += try delete(from: table, where: "lid") }
            for table in ["sightings", "declined_adds", "deferred_adds"] {
                deleted.memory += try delete(from: table, where: "phone")
            }
            deleted.memory += try Self.eraseFromSnapshots(accounts, in: database)
            deleted.memory += try Self.eraseFromAppliedGroups(accounts, in: database)
            for (table, column) in [
                ("group_runs", "error"), ("actions", "error"), ("attempts", "error"), ("holds", "message"),
            ] {
                for account in accounts {
                    try database.execute(
                        sql: "UPDATE \(table) SET \(column) = replace(\(column), ?1, '…') WHERE instr(\(column), ?1)",
                        arguments: [account.digits])
                }
            }
            return deleted
        }
        // Deleted rows stay in free pages and in the log until both are written again.
        try await compact()
        return deleted
    }

    private static func eraseFromSnapshots(_ accounts: Set<AccountID>, in database: Database) throws -> Int {
        var count = 0
        for account in accounts {
            let item = "\"\(account)\""
            for column in ["admins", "uncertain"] {
                try database.execute(
                    sql: """
                        UPDATE snapshots SET \(column) = replace(replace(replace(\(column), ?1 || ',', ''), ',' || ?1, ''), ?1, '')
                        WHERE instr(\(column), ?1)
                        """, arguments: [item])
                count += database.changesCount
            }
            try database.execute(
                sql: "UPDATE snapshots SET creator = NULL WHERE creator = ?", arguments: [account.description])
            count += database.changesCount
        }
        return count
    }

    private static func eraseFromAppliedGroups(_ accounts: Set<AccountID>, in database: Database) throws -> Int {
        var count = 0
        for row in try Row.fetchAll(database, sql: "SELECT * FROM applied_groups") {
            var people = try [AppliedPerson](row: row)
            let before = people.count
            people.removeAll { !accounts.isDisjoint(with: $0.person.accounts) }
            guard people.count < before else { continue }
            count += before - people.count
            let key = try row.groupKey()
            try database.execute(
                sql: "UPDATE applied_groups SET wanted = ? WHERE gateway = ? AND session = ? AND group_jid = ?",
                arguments: [try people.text(), key.gateway.text, key.session.text, key.group.jid])
        }
        return count
    }
}

/// Returns a JSON list of texts that need no escapes, such as numbers, LIDs and JIDs.
func jsonList<Text: CustomStringConvertible>(_ texts: some Sequence<Text>) -> String {
    "[\(texts.map { "\"\($0)\"" }.joined(separator: ","))]"
}

extension AccountID {
    /// The account as tables store it: the number with its plus sign, or the LID.
    fileprivate var storedText: String {
        switch self {
        case .phone(let phone): phone.e164
        case .lid(let lid): lid.description
        }
    }

    /// The digits alone, as they may be in a text from the gateway.
    fileprivate var digits: String {
        switch self {
        case .phone(let phone): "\(phone.digits)"
        case .lid(let lid): "\(lid.digits)"
        }
    }
}

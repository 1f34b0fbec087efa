import Core
import GRDB
import RunLedger

/// The changes that the gateway accepted and no later member list confirms yet.
struct UnseenChanges: Hashable, Sendable {
    /// The number of changes.
    var count = 0
    /// The number of groups with such changes.
    var groups = 0
    /// The first of them, oldest first.
    var listed: [ActionRecord] = []
}

/// Finds the unconfirmed changes within one transaction.
///
/// Ignores changes that are too old for planning to look up.
struct UnseenChangeReader {
    let database: Database

    private static let waiting = """
        FROM actions INDEXED BY actions_open CROSS JOIN runs ON runs.id = run_id
        WHERE sent_at > ? AND actions.status IN ('accepted', 'unknown') AND actions.status = 'accepted'
        AND runs.status <> 'running'
        """

    func count() throws -> Int {
        guard let since = try beginning() else { return 0 }
        return try Int.fetchOne(database, sql: "SELECT count(*) \(Self.waiting)", arguments: [since.iso8601]) ?? 0
    }

    /// Counts all of them and lists at most `most`.
    func changes(listing most: Int) throws -> UnseenChanges {
        var changes = UnseenChanges()
        guard let since = try beginning() else { return changes }
        var groups: Set<GroupKey> = []
        try database.forEachRow("SELECT actions.* \(Self.waiting) ORDER BY sent_at", [since.iso8601]) { row in
            groups.insert(try row.groupKey())
            changes.count += 1
            if changes.listed.count < most { changes.listed.append(try ActionRecord(row: row)) }
        }
        changes.groups = groups.count
        return changes
    }

    /// Returns the earliest time of changes that planning looks up; nil if there is no run yet.
    private func beginning() throws -> Timestamp? {
        let latest = try String.fetchOne(database, sql: "SELECT started_at FROM runs ORDER BY id DESC LIMIT 1")
        return latest.flatMap(Timestamp.init(iso8601:))?.advanced(byMilliseconds: -Ledger.openCallWindow)
    }
}

package import Core
import GRDB
package import RunLedger

/// A group whose changes fail night after night while the gateway gives no reason.
package struct FailingGroup: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// Its name as last recorded; untrusted text.
    package var name: String?
    /// When the first of these nights' runs began.
    package var since: Timestamp
    /// The number of these nights.
    package var nights: Int

    /// The `error_code` of a group whose first changes of a run all failed while the gateway gave no reason.
    package static let errorCode = "nameless_failure"
    /// Fewer nights may be a bad day of the gateway.
    package static let minNights = 3
}

extension Ledger {
    /// Returns the groups whose changes failed on at least three nights in a row, with no reason from the gateway,
    /// ordered by key.
    ///
    /// A night is a UTC day with an apply that acted on the group; the last such run of the day decides. A run has not failed if
    /// the gateway accepted a change in the group. A later run that found nothing to do ends the series.
    package func groupsFailingWithoutReason() async throws(LedgerError) -> [FailingGroup] {
        try await read { database in try FailingGroupReader(database: database).groups() }
    }
}

/// Finds the groups that fail every night; runs inside one transaction.
///
/// Searches the runs of the last month, then follows each group back to its first failure.
struct FailingGroupReader {
    let database: Database

    private static let month: Int64 = 30 * 86_400_000

    func groups() throws -> [FailingGroup] {
        let latest = try String.fetchOne(
            database, sql: "SELECT started_at FROM runs WHERE command = 'apply' ORDER BY id DESC LIMIT 1")
        guard let latest = latest.flatMap(Timestamp.init(iso8601:)) else { return [] }
        let first = RunID(at: latest.advanced(byMilliseconds: -Self.month), randomness: (0, 0))
        var keys: Set<GroupKey> = []
        try database.forEachRow(
            """
            SELECT gateway, session, group_jid FROM runs CROSS JOIN group_runs ON run_id = runs.id
            WHERE runs.id >= ? AND command = 'apply' AND error_code = ?
            """, [first.text, FailingGroup.errorCode]
        ) { row in keys.insert(try row.groupKey()) }
        return try keys.sorted().compactMap(failing)
    }

    /// Follows a group back from its last night to its first failed one; nil if these are too few nights.
    private func failing(_ key: GroupKey) throws -> FailingGroup? {
        var (group, last): (FailingGroup?, String?) = (nil, nil)
        var day: CalendarDate?
        let cursor = try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT run_id, started_at, name, error_code IS :code AND NOT EXISTS (
                        SELECT 1 FROM actions WHERE actions.run_id = group_runs.run_id AND actions.gateway = :gateway
                        AND actions.session = :session AND actions.group_jid = :group AND http_status BETWEEN 200 AND 299
                    ) AS failed
                    FROM group_runs CROSS JOIN runs ON runs.id = run_id
                    WHERE group_jid = :group AND group_runs.status <> 'unchanged' AND group_runs.status <> 'skipped'
                    AND gateway = :gateway AND session = :session AND command = 'apply' ORDER BY run_id DESC
                    """),
            arguments: Self.arguments(key) &+ ["code": FailingGroup.errorCode])
        while let row = try cursor.next() {
            let startedAt = try row.time("started_at")
            // The last run of a day counts, and it comes first here.
            guard startedAt.date != day else { continue }
            day = startedAt.date
            let failed: Bool = row["failed"]
            guard failed else { break }
            if last == nil { last = row["run_id"] }
            if group == nil { group = FailingGroup(key: key, name: row["name"], since: startedAt, nights: 0) }
            group?.since = startedAt
            group?.nights += 1
        }
        guard let group, let last, group.nights >= FailingGroup.minNights else { return nil }
        return try isInOrder(key, since: last) ? nil : group
    }

    /// Whether a later apply found the group in order, with nothing waiting for another try.
    private func isInOrder(_ key: GroupKey, since run: String) throws -> Bool {
        let found = try String.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT run_id FROM runs CROSS JOIN group_runs ON run_id = runs.id AND gateway = :gateway
                    AND session = :session AND group_jid = :group
                    WHERE runs.id > :run AND command = 'apply' AND group_runs.status = 'unchanged' AND NOT EXISTS (
                        SELECT 1 FROM holds WHERE holds.run_id = runs.id AND kind IN \(Self.waiting)
                        AND holds.gateway = :gateway AND holds.session = :session AND holds.group_jid = :group)
                    LIMIT 1
                    """),
            arguments: Self.arguments(key) &+ ["run": run])
        return found != nil
    }

    /// The kinds of holds that leave something to do.
    private static let waiting = "('accepted', 'declined', 'deferred', 'unconfirmed')"

    private static func arguments(_ key: GroupKey) -> StatementArguments {
        ["gateway": key.gateway.text, "session": key.session.text, "group": key.group.jid]
    }
}

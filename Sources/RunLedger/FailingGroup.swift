import GRDB
package import Membership

/// A group in which nothing can be changed: night after night, its changes fail without a reason.
package struct FailingGroup: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// Its name as last recorded; a text from strangers.
    package var name: String?
    /// When the run of the first of these nights began.
    package var since: Timestamp
    /// On how many nights it was so, each time that an apply acted on the group.
    package var nights: Int

    /// Describes a group.
    package init(key: GroupKey, name: String?, since: Timestamp, nights: Int) {
        self.key = key
        self.name = name
        self.since = since
        self.nights = nights
    }

    /// The `error_code` of a group whose first changes of a run all failed without a reason.
    package static let errorCode = "nameless_failure"
    /// From so many nights on it is more than a bad day of the gateway.
    package static let fewestNights = 3
}

extension Ledger {
    /// The groups in which the changes of at least three nights in a row failed without a reason, in the order of their keys.
    ///
    /// A night is a UTC day on which an apply acted on the group; the last such run of the day counts. A run in which the gateway
    /// took a change of the group does not count as failed, and a run that found nothing left to do in it ends it.
    package func groupsFailingWithoutName() async throws(LedgerError) -> [FailingGroup] {
        try await read { database in try FailingGroupReader(database: database).groups() }
    }
}

/// Finds the groups that fail every night, within one transaction.
///
/// Only the runs of the last month are looked through; whatever fails there is followed back as far as it goes.
struct FailingGroupReader {
    let database: Database

    private static let month: Int64 = 30 * 86_400_000

    func groups() throws -> [FailingGroup] {
        let latest = try String.fetchOne(
            database, sql: "SELECT started_at FROM runs WHERE command = 'apply' ORDER BY id DESC LIMIT 1")
        guard let latest = latest.flatMap(Timestamp.init(iso8601:)) else { return [] }
        let first = RunID(at: latest.advanced(byMilliseconds: -Self.month), randomness: (0, 0))
        var keys: Set<GroupKey> = []
        let cursor = try Row.fetchCursor(
            database,
            sql: """
                SELECT gateway, session, group_jid FROM runs CROSS JOIN group_runs ON run_id = runs.id
                WHERE runs.id >= ? AND command = 'apply' AND error_code = ?
                """, arguments: [first.text, FailingGroup.errorCode])
        while let row = try cursor.next() { keys.insert(try row.groupKey()) }
        return try keys.sorted().compactMap(failing)
    }

    /// Follows a group back, from its last night to the first that went otherwise; nil where that is too few nights.
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
            // Of a day the last run counts, which comes first here.
            guard startedAt.date != day else { continue }
            day = startedAt.date
            let failed: Bool = row["failed"]
            guard failed else { break }
            if last == nil { last = row["run_id"] }
            if group == nil { group = FailingGroup(key: key, name: row["name"], since: startedAt, nights: 0) }
            group?.since = startedAt
            group?.nights += 1
        }
        guard let group, let last, group.nights >= FailingGroup.fewestNights else { return nil }
        return try isInOrder(key, since: last) ? nil : group
    }

    /// Whether a later apply found a group as the policy says, and nothing that waits for another try.
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

    /// The kinds of holds behind which something is still to be done.
    private static let waiting = "('accepted', 'declined', 'deferred', 'unconfirmed')"

    private static func arguments(_ key: GroupKey) -> StatementArguments {
        ["gateway": key.gateway.text, "session": key.session.text, "group": key.group.jid]
    }
}

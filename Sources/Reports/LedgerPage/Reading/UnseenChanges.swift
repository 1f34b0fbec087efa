package import Core
import GRDB
import RunLedger

/// The changes that the gateway accepted and no later member list confirms yet.
package struct UnseenChanges: Hashable, Sendable {
    /// The number of changes.
    package var count = 0
    /// The number of groups with such changes.
    package var groups = 0
    /// The first of them, oldest first.
    package var listed: [UnseenChange] = []

    /// Creates an empty list.
    package init() {}
}

/// A change that the gateway accepted and no later member list confirms yet.
package struct UnseenChange: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// The change.
    package var operation: Operation
    /// The person's number, in the policy or the member list; nil if only the LID is known.
    package var phone: PhoneNumber?
    /// The LID, if known.
    package var lid: LID?
    /// The policy's name for the person.
    package var person: String?
    /// When it was last sent.
    package var sentAt: Timestamp
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
        let cursor = try Row.fetchCursor(
            database,
            sql: "SELECT gateway, session, group_jid, op, phone, lid, person, sent_at \(Self.waiting) ORDER BY sent_at",
            arguments: [since.iso8601])
        while let row = try cursor.next() {
            let key = try row.groupKey()
            groups.insert(key)
            changes.count += 1
            guard changes.listed.count < most else { continue }
            changes.listed.append(
                UnseenChange(
                    key: key, operation: try row.operation(), phone: try row.optional("phone", as: Row.phone),
                    lid: try row.optional("lid", as: Row.lid), person: row["person"], sentAt: try row.time("sent_at")))
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

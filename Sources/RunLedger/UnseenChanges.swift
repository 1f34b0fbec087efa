import GRDB
package import Membership

/// The changes that the gateway took and that no roster could show since: what came of them is not known yet.
package struct UnseenChanges: Hashable, Sendable {
    /// How many there are.
    package var count = 0
    /// In how many groups.
    package var groups = 0
    /// The first of them, the oldest first.
    package var listed: [UnseenChange] = []

    /// Counts nothing.
    package init() {}
}

/// One change that the gateway took and that no roster could show since.
package struct UnseenChange: Hashable, Sendable {
    /// The group.
    package var key: GroupKey
    /// `add`, `promote`, `demote` or `remove`.
    package var operation: String
    /// The number by which the policy or the roster knows the person; nil where they are known by LID alone.
    package var phone: PhoneNumber?
    /// The LID where it is known.
    package var lid: LID?
    /// The policy's name for the person.
    package var person: String?
    /// When it was last sent.
    package var sentAt: Timestamp

    /// Describes a change.
    package init(
        key: GroupKey, operation: String, phone: PhoneNumber?, lid: LID?, person: String?, sentAt: Timestamp
    ) {
        self.key = key
        self.operation = operation
        self.phone = phone
        self.lid = lid
        self.person = person
        self.sentAt = sentAt
    }
}

/// Finds the changes that wait to be seen, within one transaction.
///
/// What was sent longer ago than planning looks back is never looked up any more, and so is not waited for.
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

    /// Counts all of them, and lists so many.
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
                    key: key, operation: row["op"], phone: try row.optional("phone", as: Row.phone),
                    lid: try row.optional("lid", as: Row.lid), person: row["person"],
                    sentAt: try row.time("sent_at")))
        }
        changes.groups = groups.count
        return changes
    }

    /// Since when what is open is looked up; nil where there was no run yet.
    private func beginning() throws -> Timestamp? {
        let latest = try String.fetchOne(database, sql: "SELECT started_at FROM runs ORDER BY id DESC LIMIT 1")
        return latest.flatMap(Timestamp.init(iso8601:))?.advanced(byMilliseconds: -Ledger.openCallWindow)
    }
}

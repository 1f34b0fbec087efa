import Core
import GRDB

/// Writes the memory of one session inside the caller's transaction.
struct MemoryWriter {
    let database: Database
    private let gateway: String
    private let session: String
    /// The current time as the ledger stores it, formatted once.
    private let now: String

    init(database: Database, key: SessionKey, now: Timestamp) {
        self.database = database
        gateway = key.gateway.text
        session = key.session.text
        self.now = now.iso8601
    }

    private func run(_ sql: String, _ arguments: StatementArguments) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// Records the number of a LID, and keeps an earlier number because the account is the same.
    func identity(_ lid: LID, _ phone: PhoneNumber) throws {
        try run(
            """
            INSERT OR REPLACE INTO former_numbers (gateway, session, lid, phone, last_seen_at)
            SELECT gateway, session, lid, phone, last_seen_at FROM identities
            WHERE gateway = ? AND session = ? AND lid = ? AND phone <> ?
            """, [gateway, session, lid.description, phone.e164])
        try run(
            """
            INSERT INTO identities (gateway, session, lid, phone, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET
            first_seen_at = iif(phone = excluded.phone, first_seen_at, excluded.first_seen_at),
            phone = excluded.phone, last_seen_at = excluded.last_seen_at
            """, [gateway, session, lid.description, phone.e164, now, now])
    }

    /// Deletes the lookups of LIDs whose number is now known.
    func forgetLookups(of phones: IdentityTable) throws {
        let asked = try Row.fetchAll(
            database, sql: "SELECT DISTINCT lid FROM lid_lookups WHERE gateway = ? AND session = ?",
            arguments: [gateway, session])
        for lid in try asked.map({ try $0.lid() }) where phones[lid] != nil {
            try run(
                "DELETE FROM lid_lookups WHERE gateway = ? AND session = ? AND lid = ?",
                [gateway, session, lid.description])
        }
    }

    func asked(_ lid: LID, in group: GroupID) throws {
        try run(
            "INSERT OR REPLACE INTO lid_lookups (gateway, session, group_jid, lid, asked_at) VALUES (?, ?, ?, ?, ?)",
            [gateway, session, group.jid, lid.description, now])
    }

    func check(_ phone: PhoneNumber, _ check: CheckedNumber) throws {
        try run(
            """
            INSERT OR REPLACE INTO number_checks (gateway, session, phone, on_whatsapp, account, checked_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                gateway, session, phone.e164, check.isOnWhatsApp, check.account?.description, check.checkedAt.iso8601,
            ])
    }

    func trustedRoster(of group: GroupID, size: Int) throws {
        try run(
            """
            INSERT INTO observations (gateway, session, group_jid, size, observed_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET
            size = excluded.size, observed_at = excluded.observed_at, shrunk_since = NULL, shrunk_size = NULL
            """, [gateway, session, group.jid, size, now])
    }

    /// Records that the member lists of these groups show these LIDs, so their numbers are still useful.
    func membersSeen(_ lids: [LID], in groups: [GroupID]) throws {
        if groups.isEmpty { return }
        // Each person once: many are in several groups.
        let digits = NumberSort(lids.map(\.digits)).numbers
        let unique = zip([0] + digits, digits).compactMap { $0 == $1 ? nil : LID(digits: $1) }
        try run(
            """
            UPDATE identities SET last_seen_at = ? WHERE gateway = ? AND session = ?
            AND lid IN (SELECT value FROM json_each(?))
            """, [now, gateway, session, jsonList(unique)])
        try run(
            """
            UPDATE observations SET members_seen_at = ? WHERE gateway = ? AND session = ?
            AND group_jid IN (SELECT value FROM json_each(?))
            """, [now, gateway, session, jsonList(groups)])
    }

    func shrunk(_ group: GroupID, _ shrinkage: Shrinkage) throws {
        try run(
            """
            UPDATE observations SET shrunk_since = ?, shrunk_size = ?
            WHERE gateway = ? AND session = ? AND group_jid = ?
            """, [shrinkage.since.iso8601, shrinkage.size, gateway, session, group.jid])
    }

    /// Records the people seen in a group.
    func sightings(_ phones: some Collection<PhoneNumber>, in group: GroupID) throws {
        try sightings(phones.sorted().map(\.e164), in: group, of: ("sightings", "phone"))
    }

    /// Records the LIDs seen in a group whose numbers are unknown.
    func sightings(_ lids: some Collection<LID>, in group: GroupID) throws {
        try sightings(lids.sorted().map(\.description), in: group, of: ("lid_sightings", "lid"))
    }

    /// Writes all rows with one statement: with `rejoin: never` this is every member in every run.
    private func sightings(_ accounts: [String], in group: GroupID, of kind: (table: String, column: String)) throws {
        if accounts.isEmpty { return }
        try run(
            """
            INSERT INTO \(kind.table) (gateway, session, group_jid, \(kind.column), first_seen_at, last_seen_at)
            SELECT ?, ?, ?, value, ?, ? FROM json_each(?) WHERE TRUE
            ON CONFLICT DO UPDATE SET last_seen_at = excluded.last_seen_at, removed_at = NULL
            """, [gateway, session, group.jid, now, now, jsonList(accounts)])
    }

    /// Records that Rollcall removed a person, so that they do not count as having left by themselves.
    func removal(by id: Int64) throws {
        for (table, column) in [("sightings", "phone"), ("lid_sightings", "lid")] {
            try run(
                """
                UPDATE \(table) SET removed_at = ? WHERE gateway = ? AND session = ?
                AND (group_jid, \(column)) IN (SELECT group_jid, \(column) FROM actions WHERE id = ? AND op = 'remove')
                AND last_seen_at <= (SELECT sent_at FROM actions WHERE id = ?)
                """, [now, gateway, session, id, id])
        }
    }

    func declined(_ phone: PhoneNumber, in group: GroupID, fingerprint: String) throws {
        try run(
            """
            INSERT INTO declined_adds (gateway, session, group_jid, phone, tries, last_tried_at, fingerprint)
            VALUES (?, ?, ?, ?, 1, ?, ?)
            ON CONFLICT DO UPDATE SET tries = iif(fingerprint = excluded.fingerprint, tries + 1, 1),
            last_tried_at = excluded.last_tried_at, fingerprint = excluded.fingerprint
            """, person(phone, group) + [now, fingerprint])
    }

    /// Records that a person whose add had not shown an effect is there: confirms the last add and forgets the tries.
    func arrival(_ phone: PhoneNumber, in group: GroupID) throws {
        let last = try Int64.fetchOne(
            database, sql: "SELECT max(id) FROM actions \(Self.ofPerson) AND op = 'add' AND sent_at IS NOT NULL",
            arguments: person(phone, group))
        if let last { try correct(last, from: [.accepted, .declined, .unknown], to: .confirmed) }
        try forgetDeclined([phone], in: group)
    }

    /// Records that accepted adds never showed an effect: they count as declined.
    func neverShown(_ phone: PhoneNumber, in group: GroupID, _ add: NeverShownAdd) throws {
        for id in add.rows {
            try correct(
                id, to: .declined, errorCode: "declined",
                error: "the gateway accepted the call, but the person never appeared in the group")
        }
        try run(
            """
            INSERT OR REPLACE INTO declined_adds (gateway, session, group_jid, phone, tries, last_tried_at, fingerprint)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            person(phone, group) + [add.tries.tries, add.tries.lastTriedAt.iso8601, add.tries.fingerprint])
    }

    /// Records that an open call took effect, or `superseded` if a later call asked for the same change.
    func confirmation(of id: Int64) throws {
        let isSuperseded = try Bool.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM actions AS later JOIN actions AS earlier
                    ON (later.phone, later.group_jid, later.op) = (earlier.phone, earlier.group_jid, earlier.op)
                    AND (later.gateway, later.session) = (earlier.gateway, earlier.session) AND later.id > earlier.id
                    WHERE earlier.id = ? AND later.status IN ('accepted', 'confirmed', 'declined', 'unknown'))
                    """), arguments: [id])
        guard isSuperseded != true else {
            return try correct(
                id, to: .unknown, errorCode: Self.superseded,
                error: "a later call asked for the same change before any member list showed the effect of this "
                    + "one; see the later call")
        }
        try correct(id, to: .confirmed)
        try removal(by: id)
    }

    /// The error code of a call whose effect stays unknown, because a later call asked for the same change.
    static let superseded = "superseded"

    /// Records that a call had no effect, or was undone: a later snapshot does not show it.
    func withoutEffect(_ id: Int64) throws {
        try correct(
            id, from: [.accepted, .unknown], to: .unknown, errorCode: Self.noEffect,
            error: "the gateway accepted the call, but a later reading of the group does not show its effect")
    }

    /// The error code of an add without effect for a person who could not be looked up; it already counts as a try.
    static let unchecked = "unchecked"

    /// The error code of a call that had no effect, as a later snapshot shows.
    static let noEffect = "no_effect"

    /// Records when the gateway last read a group from WhatsApp, with the roles at that moment.
    func snapshot(of group: GroupID, _ snapshot: GroupSnapshot) throws {
        try run(
            """
            INSERT OR REPLACE INTO snapshots
            (gateway, session, group_jid, taken_at, size, admins, creator, uncertain, seen_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                gateway, session, group.jid, snapshot.takenAt.iso8601, snapshot.size,
                jsonList(snapshot.admins.sorted()), snapshot.creator?.description,
                jsonList(snapshot.uncertain.sorted()), now,
            ])
    }

    /// Records whether the gateway's store shows changes of the session's groups without a backfill.
    func storeFollows(_ isFollowing: Bool) throws {
        guard isFollowing else {
            return try run("DELETE FROM following_stores WHERE gateway = ? AND session = ?", [gateway, session])
        }
        try run(
            "INSERT OR IGNORE INTO following_stores (gateway, session, since) VALUES (?, ?, ?)",
            [gateway, session, now])
    }

    /// Corrects the status of an action of an earlier run, and the counts of that run.
    private func correct(
        _ id: Int64, from known: Set<ActionStatus> = Set(ActionStatus.allCases), to status: ActionStatus,
        errorCode: String? = nil, error: String? = nil
    ) throws {
        guard
            let row = try Row.fetchOne(
                database.cachedStatement(sql: "SELECT run_id, op, status FROM actions WHERE id = ?"), arguments: [id]),
            let before = ActionStatus(rawValue: row["status"]), known.contains(before),
            let operation = Operation(rawValue: row["op"])
        else { return }
        // An accepted attempt has no row until its run is done with the group, or at all if the run died.
        if before == .accepted { try Ledger.recordAttemptsTaken(id...id, in: database) }
        try run(
            "UPDATE actions SET status = ?, error_code = ?, error = ? WHERE id = ?",
            [status.rawValue, errorCode, error, id])
        let change = (status.isTaken ? 1 : 0) - (before.isTaken ? 1 : 0)
        guard change != 0 else { return }
        let column = "\(operation.rawValue)s"
        try run(
            """
            UPDATE runs SET \(column) = max(0, \(column) + ?), errors = max(0, errors - ?)
            WHERE id = ? AND status <> 'running'
            """, [change, change, row["run_id"] as String])
    }

    func forgetDeclined(_ phones: [PhoneNumber], in group: GroupID) throws {
        try forget(phones, in: group, of: "declined_adds")
    }

    func deferred(in group: GroupID) throws -> [PhoneNumber] { try phones(in: group, of: "deferred_adds") }

    func deferred(_ phone: PhoneNumber, in group: GroupID) throws {
        try run(
            "INSERT OR IGNORE INTO deferred_adds (gateway, session, group_jid, phone, since) VALUES (?, ?, ?, ?, ?)",
            person(phone, group) + [now])
    }

    func forgetDeferred(_ phones: [PhoneNumber], in group: GroupID) throws {
        try forget(phones, in: group, of: "deferred_adds")
    }

    /// Deletes the rows of people in a group; for several people it first reads who has one, because few do.
    private func forget(_ phones: [PhoneNumber], in group: GroupID, of table: String) throws {
        var phones = phones
        if phones.count > 1 {
            let known = Set(try self.phones(in: group, of: table))
            phones.removeAll { !known.contains($0) }
        }
        for phone in phones { try run("DELETE FROM \(table) \(Self.ofPerson)", person(phone, group)) }
    }

    private func phones(in group: GroupID, of table: String) throws -> [PhoneNumber] {
        try Row.fetchAll(
            database.cachedStatement(
                sql: "SELECT phone FROM \(table) WHERE gateway = ? AND session = ? AND group_jid = ?"),
            arguments: [gateway, session, group.jid]
        ).map { try $0.phone() }
    }

    private static let ofPerson = "WHERE gateway = ? AND session = ? AND group_jid = ? AND phone = ?"

    private func person(_ phone: PhoneNumber, _ group: GroupID) -> StatementArguments {
        [gateway, session, group.jid, phone.e164]
    }
}

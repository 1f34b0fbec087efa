import GRDB
import Membership

/// Writes what is remembered of one session, within a transaction of its caller.
struct MemoryWriter {
    let database: Database
    let key: SessionKey
    let now: Timestamp

    /// Runs a statement whose parameters are the gateway, the session, and what else it names.
    private func run(_ sql: String, _ arguments: [String: (any DatabaseValueConvertible)?]) throws {
        let own: [String: (any DatabaseValueConvertible)?] = [
            "gateway": key.gateway.text, "session": key.session.text, "now": now.iso8601,
        ]
        let needed = own.merging(arguments) { $1 }.filter { sql.contains(":\($0.key)") }
        try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(needed))
    }

    func identity(_ lid: LID, _ phone: PhoneNumber) throws {
        try run(
            """
            INSERT INTO identities (gateway, session, lid, phone, first_seen_at, last_seen_at)
            VALUES (:gateway, :session, :lid, :phone, :now, :now)
            ON CONFLICT DO UPDATE SET
            first_seen_at = iif(phone = excluded.phone, first_seen_at, excluded.first_seen_at),
            phone = excluded.phone, last_seen_at = excluded.last_seen_at
            """, ["lid": lid.description, "phone": phone.e164])
        try run(
            "DELETE FROM lid_lookups WHERE gateway = :gateway AND session = :session AND lid = :lid",
            ["lid": lid.description])
    }

    func asked(_ lid: LID, in group: GroupID) throws {
        try run(
            """
            INSERT OR REPLACE INTO lid_lookups (gateway, session, group_jid, lid, asked_at)
            VALUES (:gateway, :session, :group, :lid, :now)
            """, ["group": group.jid, "lid": lid.description])
    }

    func check(_ phone: PhoneNumber, _ check: CheckedNumber) throws {
        try run(
            """
            INSERT OR REPLACE INTO number_checks (gateway, session, phone, on_whatsapp, account, checked_at)
            VALUES (:gateway, :session, :phone, :on, :account, :at)
            """,
            [
                "phone": phone.e164, "on": check.isOnWhatsApp, "account": check.account?.description,
                "at": check.checkedAt.iso8601,
            ])
    }

    func goodObservation(of group: GroupID, size: Int) throws {
        try run(
            """
            INSERT OR REPLACE INTO observations
            (gateway, session, group_jid, size, observed_at, shrunk_since, shrunk_size)
            VALUES (:gateway, :session, :group, :size, :now, NULL, NULL)
            """, ["group": group.jid, "size": size])
    }

    func shrunk(_ group: GroupID, _ shrinkage: Shrinkage) throws {
        try run(
            """
            UPDATE observations SET shrunk_since = :since, shrunk_size = :size
            WHERE gateway = :gateway AND session = :session AND group_jid = :group
            """, ["group": group.jid, "since": shrinkage.since.iso8601, "size": shrinkage.size])
    }

    func sighting(_ phone: PhoneNumber, in group: GroupID) throws {
        try run(
            """
            INSERT INTO sightings (gateway, session, group_jid, phone, first_seen_at, last_seen_at)
            VALUES (:gateway, :session, :group, :phone, :now, :now)
            ON CONFLICT DO UPDATE SET last_seen_at = excluded.last_seen_at
            """, person(phone, group))
    }

    func sighting(_ lid: LID, in group: GroupID) throws {
        try run(
            """
            INSERT INTO lid_sightings (gateway, session, group_jid, lid, first_seen_at, last_seen_at)
            VALUES (:gateway, :session, :group, :lid, :now, :now)
            ON CONFLICT DO UPDATE SET last_seen_at = excluded.last_seen_at
            """, ["group": group.jid, "lid": lid.description])
    }

    /// Someone was taken out by an action of ours: whoever was not seen since has not left of their own will.
    func removal(by id: Int64) throws {
        for (table, column) in [("sightings", "phone"), ("lid_sightings", "lid")] {
            try run(
                """
                UPDATE \(table) SET removed_at = :now WHERE gateway = :gateway AND session = :session
                AND (group_jid, \(column)) IN (SELECT group_jid, \(column) FROM actions WHERE id = :id AND op = 'remove')
                AND last_seen_at <= (SELECT sent_at FROM actions WHERE id = :id)
                """, ["id": id])
        }
    }

    func declined(_ phone: PhoneNumber, in group: GroupID, fingerprint: String) throws {
        try run(
            """
            INSERT INTO declined_adds (gateway, session, group_jid, phone, tries, last_tried_at, fingerprint)
            VALUES (:gateway, :session, :group, :phone, 1, :now, :fingerprint)
            ON CONFLICT DO UPDATE SET tries = iif(fingerprint = excluded.fingerprint, tries + 1, 1),
            last_tried_at = excluded.last_tried_at, fingerprint = excluded.fingerprint
            """, person(phone, group).merging(["fingerprint": fingerprint]) { $1 })
    }

    /// Someone whose add had not shown is there: the last add is confirmed after all, and there is nothing to hold.
    func arrival(_ phone: PhoneNumber, in group: GroupID) throws {
        try run(
            """
            UPDATE actions SET status = 'confirmed', error_code = NULL, error = NULL
            WHERE id = (SELECT max(id) FROM actions \(Self.ofPerson) AND op = 'add' AND sent_at IS NOT NULL)
            AND status IN ('accepted', 'declined', 'unknown')
            """, person(phone, group))
        try forgetDeclined(phone, in: group)
    }

    /// Adds that the gateway took have never shown: they count as declined.
    func neverShown(_ phone: PhoneNumber, in group: GroupID, _ add: NeverShownAdd) throws {
        for id in add.rows {
            try run(
                """
                UPDATE actions SET status = 'declined', error_code = 'declined',
                error = 'the gateway took the call, but the person never showed in the group' WHERE id = :id
                """, ["id": id])
        }
        try run(
            """
            INSERT OR REPLACE INTO declined_adds (gateway, session, group_jid, phone, tries, last_tried_at, fingerprint)
            VALUES (:gateway, :session, :group, :phone, :tries, :at, :fingerprint)
            """,
            person(phone, group).merging([
                "tries": add.tries.tries, "at": add.tries.lastTriedAt.iso8601, "fingerprint": add.tries.fingerprint,
            ]) { $1 })
    }

    /// A call whose outcome was not known has taken effect after all.
    func confirmation(of id: Int64) throws {
        try run(
            "UPDATE actions SET status = 'confirmed', error_code = NULL, error = NULL WHERE id = :id", ["id": id])
        try removal(by: id)
    }

    func forgetDeclined(_ phone: PhoneNumber, in group: GroupID) throws {
        try run("DELETE FROM declined_adds \(Self.ofPerson)", person(phone, group))
    }

    func deferred(in group: GroupID) throws -> [PhoneNumber] {
        try Row.fetchAll(
            database, sql: "SELECT phone FROM deferred_adds WHERE gateway = ? AND session = ? AND group_jid = ?",
            arguments: [key.gateway.text, key.session.text, group.jid]
        ).map { try $0.phone() }
    }

    func deferred(_ phone: PhoneNumber, in group: GroupID) throws {
        try run(
            """
            INSERT OR IGNORE INTO deferred_adds (gateway, session, group_jid, phone, since)
            VALUES (:gateway, :session, :group, :phone, :now)
            """, person(phone, group))
    }

    func forgetDeferred(_ phone: PhoneNumber, in group: GroupID) throws {
        try run("DELETE FROM deferred_adds \(Self.ofPerson)", person(phone, group))
    }

    private static let ofPerson =
        "WHERE gateway = :gateway AND session = :session AND group_jid = :group AND phone = :phone"

    private func person(_ phone: PhoneNumber, _ group: GroupID) -> [String: (any DatabaseValueConvertible)?] {
        ["group": group.jid, "phone": phone.e164]
    }
}

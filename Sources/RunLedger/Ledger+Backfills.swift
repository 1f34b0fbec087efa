import GRDB
package import Membership

extension Ledger {
    /// When a session's gateway was last asked to read its groups from WhatsApp; nil where it never was.
    package func latestBackfill(of key: SessionKey, by clock: LedgerClock) async throws(LedgerError) -> Timestamp? {
        try await read { database in
            try Row.fetchOne(
                database, sql: "SELECT asked_at FROM backfills WHERE gateway = ? AND session = ?",
                arguments: [key.gateway.text, key.session.text]
            ).map { clock.counted(try $0.time("asked_at")) }
        }
    }

    /// Puts on record that a session's gateway is about to be asked, or with nil that it was not after all.
    package func noteBackfill(of key: SessionKey, at time: Timestamp?) async throws(LedgerError) {
        try await write { database in
            guard let time else {
                return try database.execute(
                    sql: "DELETE FROM backfills WHERE gateway = ? AND session = ?",
                    arguments: [key.gateway.text, key.session.text])
            }
            try database.execute(
                sql: "INSERT OR REPLACE INTO backfills (gateway, session, asked_at) VALUES (?, ?, ?)",
                arguments: [key.gateway.text, key.session.text, time.iso8601])
        }
    }
}

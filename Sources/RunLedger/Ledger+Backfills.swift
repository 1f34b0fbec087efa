package import Core
import GRDB

extension Ledger {
    /// Returns when a run last asked a session's gateway for a backfill; nil for never.
    package func latestBackfill(of key: SessionKey, by clock: LedgerClock) async throws(LedgerError) -> Timestamp? {
        try await read { database in
            try Row.fetchOne(
                database, sql: "SELECT asked_at FROM backfills WHERE gateway = ? AND session = ?",
                arguments: [key.gateway.text, key.session.text]
            ).map { clock.counted(try $0.time("asked_at")) }
        }
    }

    /// Records that a run is about to ask for a backfill; nil deletes the record if it did not ask.
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

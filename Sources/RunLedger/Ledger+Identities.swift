import GRDB
package import Membership

extension Ledger {
    /// Remembers which number stood behind a LID, and that it did so at a moment.
    package func remember(
        _ phones: [LID: PhoneNumber], session: SessionID, gateway: GatewayName, at time: Timestamp
    ) async throws(LedgerError) {
        guard !phones.isEmpty else { return }
        try await write { database in
            for (lid, phone) in phones.sorted(by: { $0.key < $1.key }) {
                try database.cachedStatement(
                    sql: """
                        INSERT INTO identities (gateway, session, lid, phone, first_seen_at, last_seen_at)
                        VALUES (?, ?, ?, ?, ?, ?)
                        ON CONFLICT DO UPDATE SET
                        first_seen_at = iif(phone = excluded.phone, first_seen_at, excluded.first_seen_at),
                        phone = excluded.phone, last_seen_at = excluded.last_seen_at
                        """
                ).execute(arguments: [
                    gateway.text, session.text, lid.description, phone.e164, time.iso8601, time.iso8601,
                ])
            }
        }
    }

    /// Every number known behind a LID of a session.
    package func phones(
        session: SessionID, gateway: GatewayName
    ) async throws(LedgerError) -> [LID: PhoneNumber] {
        try await read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT lid, phone FROM identities WHERE gateway = ? AND session = ?",
                arguments: [gateway.text, session.text])
            var phones: [LID: PhoneNumber] = [:]
            for row in rows {
                phones[try row.value("lid", as: Row.lid)] = try row.value("phone", as: Row.phone)
            }
            return phones
        }
    }
}

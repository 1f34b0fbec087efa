import GRDB
package import Membership

/// A call whose outcome an earlier run never learned.
package struct OpenCall: Hashable, Sendable, Identifiable {
    /// The action's row.
    package var id: Int64
    /// The group.
    package var group: GroupID
    /// `add`, `promote`, `demote` or `remove`.
    package var operation: String
    /// The number by which the policy or the roster knows the person.
    package var phone: PhoneNumber
    /// The number that the call named.
    package var account: PhoneNumber
    /// The LID where it is known.
    package var lid: LID?
    /// When it was last sent.
    package var sentAt: Timestamp
    /// How often it was sent.
    package var attempts: Int
    /// Whether the gateway took it; otherwise it may never have arrived.
    package var wasAccepted: Bool
}

extension Ledger {
    /// Closes what dead runs left open: whoever holds the lock knows that no other apply is at work.
    ///
    /// What was about to be sent may have been: it becomes `unknown`. What was only planned is `skipped`. Returns how many
    /// runs had died.
    package func closeDeadRuns(at time: Timestamp) async throws(LedgerError) -> Int {
        try await write { database in
            let runs = try String.fetchAll(
                database, sql: "SELECT id FROM runs WHERE status = 'running' AND command = 'apply'")
            for run in runs {
                try database.execute(
                    sql: """
                        UPDATE attempts SET status = 'unknown', error_code = 'interrupted', finished_at = ?,
                        error = 'the run died before the answer was recorded' WHERE status = 'sending'
                        AND action_id IN (SELECT id FROM actions WHERE run_id = ? AND status = 'sending')
                        """, arguments: [time.iso8601, run])
                try database.execute(
                    sql: """
                        UPDATE actions SET status = 'unknown', error_code = 'interrupted', finished_at = ?,
                        error = 'the run died before the answer was recorded' WHERE run_id = ? AND status = 'sending'
                        """, arguments: [time.iso8601, run])
                try database.execute(
                    sql: """
                        UPDATE actions SET status = 'skipped', error_code = 'interrupted', finished_at = ?,
                        error = 'the run died before it came to this' WHERE run_id = ? AND status = 'planned'
                        """, arguments: [time.iso8601, run])
                try database.execute(
                    sql: "UPDATE runs SET status = 'interrupted', finished_at = ? WHERE id = ?",
                    arguments: [time.iso8601, run])
            }
            return runs.count
        }
    }

    /// The calls of a session since a moment whose outcome is not known.
    package func openCalls(of key: SessionKey, since time: Timestamp) async throws(LedgerError) -> [OpenCall] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, group_jid, op, phone, jid, lid, sent_at, attempts, status FROM actions
                    WHERE gateway = ? AND session = ? AND status IN ('accepted', 'unknown') AND sent_at > ? ORDER BY id
                    """, arguments: [key.gateway.text, key.session.text, time.iso8601]
            ).map { row in
                var account = try row.phone()
                if case .phone(let number)? = try row.optional("jid", as: Row.account) { account = number }
                return OpenCall(
                    id: row["id"], group: try row.group(), operation: row["op"], phone: try row.phone(),
                    account: account, lid: try row.optional("lid", as: Row.lid), sentAt: try row.time("sent_at"),
                    attempts: row["attempts"],
                    wasAccepted: row["status"] == ActionStatus.accepted.rawValue)
            }
        }
    }
}

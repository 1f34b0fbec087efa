package import Core
import GRDB

/// A call of an earlier run with an unknown result.
package struct OpenCall: Hashable, Sendable, Identifiable {
    /// The id of the action's row.
    package var id: Int64
    /// The group.
    package var group: GroupID
    /// The change.
    package var operation: Operation
    /// The person's number, in the policy or the member list; nil if only the LID is known.
    package var phone: PhoneNumber?
    /// The account in the call.
    package var account: AccountID
    /// The LID, if known.
    package var lid: LID?
    /// When it was last sent.
    package var sentAt: Timestamp
    /// When its answer came: a later snapshot of the gateway contains its effect.
    package var answeredAt: Timestamp
    /// How many of its attempts have an unknown result.
    package var uncertainAttempts: Int
    /// Whether its run ended by itself, and so read the member list between attempts.
    package var runLived: Bool
    /// Whether the gateway accepted it; otherwise it may never have arrived.
    package var wasAccepted: Bool
    /// Whether the gateway answered with an error that does not show if it took effect.
    package var failedUnclearly = false
}

extension Ledger {
    /// Closes runs that died; needs the lock, which proves that no other apply is running.
    ///
    /// Actions about to be sent become `unknown`, planned ones `skipped`. Returns the number of dead runs.
    package func closeDeadRuns(at time: Timestamp) async throws(LedgerError) -> Int {
        try await write { database in
            let runs = try String.fetchAll(
                database, sql: "SELECT id FROM runs WHERE status = 'running' AND command = 'apply'")
            for run in runs {
                try Self.close(run, as: .interrupted, exitCode: nil, because: "the run died", at: time, in: database)
            }
            return runs.count
        }
    }

    /// Closes an apply that failed during its work, with all its open rows.
    package func abandon(
        _ run: RunID, as status: RunStatus, exitCode: Int, at time: Timestamp
    ) async throws(LedgerError) {
        try await write { database in
            try Self.close(run.text, as: status, exitCode: exitCode, because: "the run failed", at: time, in: database)
            try Self.setLastUse(time, in: database)
        }
    }

    private static func close(
        _ run: String, as status: RunStatus, exitCode: Int?, because reason: String, at time: Timestamp,
        in database: Database
    ) throws {
        let now = time.iso8601
        // A person whose add may have been sent had their turn; one whose add was only planned still waits.
        try database.execute(
            sql: """
                DELETE FROM deferred_adds WHERE (gateway, session, group_jid, phone) IN (
                    SELECT gateway, session, group_jid, phone FROM actions
                    WHERE run_id = ? AND status IN ('sending', 'accepted') AND op = 'add')
                """, arguments: [run])
        try database.execute(
            sql: """
                INSERT INTO attempts
                (action_id, attempt, status, http_status, error_code, error, sent_at, finished_at)
                SELECT id, attempts, 'unknown', NULL, 'interrupted', :error, sent_at, :time FROM actions
                    WHERE run_id = :run AND status = 'sending'
                UNION ALL SELECT id, attempts, 'accepted', http_status, NULL, NULL, sent_at, finished_at
                    FROM actions WHERE run_id = :run AND status IN ('accepted', 'confirmed', 'declined')
                ON CONFLICT DO NOTHING
                """,
            arguments: ["run": run, "time": now, "error": "\(reason) before the answer was recorded"])
        let endings = [
            ("sending", "unknown", "the answer was recorded"), ("planned", "skipped", "this change was sent"),
        ]
        for (open, status, event) in endings {
            try database.execute(
                sql: """
                    UPDATE actions SET status = ?, error_code = 'interrupted', finished_at = ?, error = ?
                    WHERE run_id = ? AND status = ?
                    """, arguments: [status, now, "\(reason) before \(event)", run, open])
        }
        try database.execute(
            sql: """
                UPDATE group_runs SET status = 'incomplete', error_code = 'interrupted', error = :error
                WHERE run_id = :run AND status = 'skipped' AND EXISTS (SELECT 1 FROM actions
                WHERE actions.run_id = :run AND actions.gateway = group_runs.gateway
                AND actions.session = group_runs.session AND actions.group_jid = group_runs.group_jid
                AND sent_at IS NOT NULL)
                """, arguments: ["run": run, "error": "\(reason) before the group was finished"])
        try database.execute(
            sql: """
                UPDATE runs SET status = :status, exit_code = :code, finished_at = :time,
                adds = taken.adds, promotes = taken.promotes, demotes = taken.demotes, removes = taken.removes,
                holds = (SELECT count(*) FROM holds WHERE run_id = :run), errors = taken.errors
                FROM (SELECT count(*) FILTER (WHERE op = 'add' AND \(isTaken)) AS adds,
                    count(*) FILTER (WHERE op = 'promote' AND \(isTaken)) AS promotes,
                    count(*) FILTER (WHERE op = 'demote' AND \(isTaken)) AS demotes,
                    count(*) FILTER (WHERE op = 'remove' AND \(isTaken)) AS removes,
                    count(*) FILTER (WHERE NOT \(isTaken)) AS errors
                    FROM actions WHERE run_id = :run) AS taken WHERE id = :run
                """, arguments: ["run": run, "time": now, "status": status.rawValue, "code": exitCode])
    }

    /// An SQL condition: the gateway accepted the call, as the counts of a run define it.
    private static let isTaken =
        "(status IN (\(ActionStatus.allCases.filter(\.isTaken).map { "'\($0.rawValue)'" }.joined(separator: ", "))))"

    /// Closes the rows of dead plans, unless another plan is running: a row does not show which process it belongs to.
    ///
    /// A plan shows its sign of life from before its row exists until after the row is closed.
    package func closeDeadPlans(at time: Timestamp, unless sign: LivenessLock) async throws(LedgerError) {
        try await write { database in
            let open = "FROM runs WHERE status = 'running' AND command <> 'apply'"
            guard try Int.fetchOne(database, sql: "SELECT count(*) \(open)") ?? 0 > 0, try !sign.isHeldByOthers()
            else { return }
            try database.execute(
                sql: "UPDATE runs SET status = 'interrupted', finished_at = ? WHERE id IN (SELECT id \(open))",
                arguments: [time.iso8601])
        }
    }

    /// Returns a session's calls since a time whose result is unknown.
    package func openCalls(of key: SessionKey, since time: Timestamp) async throws(LedgerError) -> [OpenCall] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT actions.id, group_jid, op, phone, jid, lid, sent_at, actions.finished_at, actions.status, actions.http_status,
                        (SELECT count(*) FROM attempts WHERE action_id = actions.id
                            AND attempts.status = 'unknown') AS uncertain,
                        runs.status NOT IN ('running', 'interrupted') AS lived
                    FROM actions INDEXED BY actions_open JOIN runs ON runs.id = run_id
                    WHERE gateway = ? AND session = ? AND actions.status IN ('accepted', 'unknown') AND sent_at > ?
                    AND error_code IS NOT ? AND error_code IS NOT ? AND error_code IS NOT ? ORDER BY actions.id
                    """,
                arguments: [
                    key.gateway.text, key.session.text, time.iso8601, MemoryWriter.superseded, MemoryWriter.noEffect,
                    MemoryWriter.unchecked,
                ]
            ).map { row in
                let phone = try row.optional("phone", as: Row.phone)
                let lid = try row.optional("lid", as: Row.lid)
                let told = try row.optional("jid", as: Row.account)
                guard let account = told ?? phone.map(AccountID.phone) ?? lid.map(AccountID.lid) else {
                    throw UnreadableRow(column: "jid")
                }
                let sentAt = try row.time("sent_at")
                return OpenCall(
                    id: row["id"], group: try row.group(), operation: try row.operation(), phone: phone,
                    account: account, lid: lid, sentAt: sentAt,
                    answeredAt: try row.time(ifPresent: "finished_at") ?? sentAt,
                    uncertainAttempts: row["uncertain"], runLived: row["lived"],
                    wasAccepted: row["status"] == ActionStatus.accepted.rawValue,
                    failedUnclearly: row["status"] == ActionStatus.unknown.rawValue && row["http_status"] != nil)
            }
        }
    }
}

import Core
import GRDB

/// The result of a call, as stored in its action's row.
package struct ActionOutcome: Hashable, Sendable {
    /// The action's new status.
    package var status: ActionStatus
    /// The HTTP status; nil if no answer came.
    package var httpStatus: Int?
    /// A code for the error.
    package var errorCode: String?
    /// The error in a sentence.
    package var error: String?

    /// Describes an outcome.
    package init(status: ActionStatus, httpStatus: Int? = nil, errorCode: String? = nil, error: String? = nil) {
        self.status = status
        self.httpStatus = httpStatus
        self.errorCode = errorCode
        self.error = error
    }
}

extension Ledger {
    /// Records the start of a run, and returns the run with its final id.
    ///
    /// Ids increase in the order of the starts, even within a millisecond or if the clock goes back.
    package func begin(_ run: RunRecord) async throws(LedgerError) -> RunRecord {
        try await write { database in
            var run = run
            let latest = try String.fetchOne(database, sql: "SELECT max(id) FROM runs").flatMap(RunID.init(_:))
            if let latest, latest >= run.id, let successor = latest.successor { run.id = successor }
            try database.execute(
                sql: """
                    INSERT INTO runs (id, command, started_at, status, policy_digest, version, host)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    run.id.text, run.command, run.startedAt.iso8601, run.status.rawValue, run.policyDigest,
                    run.version, run.host,
                ])
            return run
        }
    }

    /// Records a run's groups, actions and holds in one transaction; returns the actions with their ids, in order.
    package func record(
        groups: [GroupRunRecord], actions: [ActionRecord], holds: [HoldRecord], of run: RunID
    ) async throws(LedgerError) -> [ActionRecord] {
        try await write { database in
            for group in groups { try Self.insert(group, of: run, into: database) }
            for hold in holds {
                try database.cachedStatement(
                    sql: """
                        INSERT INTO holds (run_id, gateway, session, group_jid, kind, phone, lid, message, person)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """
                ).execute(arguments: [
                    run.text, hold.key.gateway.text, hold.key.session.text, hold.key.group.jid, hold.kind,
                    hold.phone?.e164, hold.lid?.description, hold.message, hold.person,
                ])
            }
            return try actions.map { action in
                var stored = action
                stored.id = try Self.insert(action, of: run, into: database)
                return stored
            }
        }
    }

    static func markSending(_ rows: ClosedRange<Int64>, at time: Timestamp, in database: Database) throws {
        try database.executeCached(
            "UPDATE actions SET status = 'sending', attempts = attempts + 1, sent_at = ? WHERE id BETWEEN ? AND ?",
            .text(time.iso8601), .number(rows.lowerBound), .number(rows.upperBound))
    }

    static func settle(
        _ rows: ClosedRange<Int64>, as outcome: ActionOutcome, at time: Timestamp, in database: Database
    ) throws {
        let (now, httpStatus) = (time.iso8601, outcome.httpStatus.map(Int64.init))
        // A later status of an action says nothing about its attempts.
        let attempt: AttemptStatus? =
            switch outcome.status {
            case .failed: .failed
            case .unknown: .unknown
            case .planned, .sending, .accepted, .confirmed, .declined, .skipped: nil
            }
        if let attempt {
            try database.executeCached(
                """
                INSERT INTO attempts (action_id, attempt, status, http_status, error_code, error, sent_at, finished_at)
                SELECT id, attempts, ?, ?, ?, ?, sent_at, ? FROM actions
                WHERE id BETWEEN ? AND ? AND status = 'sending'
                """,
                .text(attempt.rawValue), .number(httpStatus), .text(outcome.errorCode), .text(outcome.error),
                .text(now), .number(rows.lowerBound), .number(rows.upperBound))
        }
        try database.executeCached(
            """
            UPDATE actions SET status = ?, http_status = coalesce(?, http_status), error_code = ?, error = ?,
            finished_at = ? WHERE id BETWEEN ? AND ?
            """,
            .text(outcome.status.rawValue), .number(httpStatus), .text(outcome.errorCode), .text(outcome.error),
            .text(now), .number(rows.lowerBound), .number(rows.upperBound))
    }

    /// Records accepted attempts, and ends the wait of the people who were to be added.
    ///
    /// Until then, only the rows in `actions` record these attempts.
    static func recordTaken(_ rows: ClosedRange<Int64>, in database: Database) throws {
        try recordAttemptsTaken(rows, in: database)
        try database.executeCached(
            """
            DELETE FROM deferred_adds WHERE (gateway, session, group_jid, phone) IN (
                SELECT gateway, session, group_jid, phone FROM actions WHERE id BETWEEN ? AND ? AND op = 'add')
            """, .number(rows.lowerBound), .number(rows.upperBound))
    }

    /// Records accepted attempts that have no row yet.
    static func recordAttemptsTaken(_ rows: ClosedRange<Int64>, in database: Database) throws {
        try database.executeCached(
            """
            INSERT INTO attempts (action_id, attempt, status, http_status, sent_at, finished_at)
            SELECT id, attempts, 'accepted', http_status, sent_at, finished_at FROM actions
            WHERE id BETWEEN ? AND ? AND status = 'accepted' ON CONFLICT DO NOTHING
            """, .number(rows.lowerBound), .number(rows.upperBound))
    }

    /// Records the result of a run.
    package func finish(_ run: RunRecord) async throws(LedgerError) {
        let (tally, changes) = (run.tally, run.tally.changes)
        try await write { database in
            try database.execute(
                sql: """
                    UPDATE runs SET finished_at = ?, status = ?, exit_code = ?, adds = ?, promotes = ?, demotes = ?,
                    removes = ?, holds = ?, errors = ? WHERE id = ?
                    """,
                arguments: [
                    run.finishedAt?.iso8601, run.status.rawValue, run.exitCode, changes[.add],
                    changes[.promote], changes[.demote], changes[.remove], tally.holds, tally.errors, run.id.text,
                ])
            if let end = run.finishedAt { try Self.setLastUse(end, in: database) }
        }
    }

    static func insert(_ group: GroupRunRecord, of run: RunID, into database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO group_runs (run_id, gateway, session, group_jid, name, status, size_before, size_after,
                roster_digest, error_code, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET status = excluded.status, size_after = excluded.size_after,
                error_code = excluded.error_code, error = excluded.error
                """
        ).execute(arguments: [
            run.text, group.key.gateway.text, group.key.session.text, group.key.group.jid, group.name,
            group.status.rawValue, group.sizeBefore, group.sizeAfter, group.rosterDigest, group.errorCode, group.error,
        ])
    }

    private static func insert(_ action: ActionRecord, of run: RunID, into database: Database) throws -> Int64 {
        try database.cachedStatement(
            sql: """
                INSERT INTO actions (run_id, gateway, session, group_jid, seq, op, phone, lid, jid, person, source,
                status, planned_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            run.text, action.key.gateway.text, action.key.session.text, action.key.group.jid, action.sequence,
            action.operation.rawValue, action.phone?.e164, action.lid?.description, action.jid, action.person,
            action.source, action.status.rawValue, action.plannedAt.iso8601,
        ])
        return database.lastInsertedRowID
    }
}

package import Core
import GRDB

extension Ledger {
    /// Returns the latest runs, newest first.
    package func latestRuns(_ count: Int) async throws(LedgerError) -> [RunRecord] {
        try await records("SELECT * FROM runs ORDER BY id DESC LIMIT ?", [count], RunRecord.init(row:))
    }

    /// Returns the run for `last`, an id, or the beginning of an id.
    package func run(matching text: String) async throws(LedgerError) -> RunRecord {
        if text == "last" {
            guard let run = try await latestRuns(1).first else { throw .noSuchRun(text) }
            return run
        }
        let prefix = text.uppercased()
        guard !prefix.isEmpty, prefix.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw .noSuchRun(text)
        }
        let candidates = try await records(
            "SELECT * FROM runs WHERE id >= ? AND id < ? ORDER BY id LIMIT 4", [prefix, prefix + "~"],
            RunRecord.init(row:))
        guard let run = candidates.first else { throw .noSuchRun(text) }
        guard candidates.count == 1 else { throw .ambiguousRun(text, candidates: candidates.map(\.id.text)) }
        return run
    }

    /// Returns the groups of a run, ordered by key.
    package func groups(of run: RunID) async throws(LedgerError) -> [GroupRunRecord] {
        try await records(
            "SELECT * FROM group_runs WHERE run_id = ? ORDER BY gateway, session, group_jid", [run.text],
            GroupRunRecord.init(row:))
    }

    /// Returns the actions of a run, in the order of the plan.
    package func actions(of run: RunID) async throws(LedgerError) -> [ActionRecord] {
        try await records(
            "SELECT * FROM actions WHERE run_id = ? ORDER BY gateway, session, group_jid, seq", [run.text],
            ActionRecord.init(row:))
    }

    /// Returns the holds of a run, in the order of the plan.
    package func holds(of run: RunID) async throws(LedgerError) -> [HoldRecord] {
        try await records("SELECT * FROM holds WHERE run_id = ? ORDER BY rowid", [run.text], HoldRecord.init(row:))
    }

    private func records<Stored: Sendable>(
        _ sql: String, _ arguments: StatementArguments, _ make: @Sendable @escaping (Row) throws -> Stored
    ) async throws(LedgerError) -> [Stored] {
        try await read { database in try Row.fetchAll(database, sql: sql, arguments: arguments).map(make) }
    }

    /// Returns how many adds a session sent since a time, whatever the result.
    ///
    /// Does not count calls that never reached the gateway. During an apply, an action without a row in `attempts`
    /// counts once.
    package func addsSent(
        by session: SessionID, of gateway: GatewayName, since time: Timestamp, by clock: LedgerClock
    ) async throws(LedgerError) -> Int {
        // Calls with an id after the first recent call are recent too, even if a slow clock gave them an earlier time.
        // Without a word on the index, SQLite looks for the smallest id from the first row of the ledger on.
        let isLaterThanRecent = """
            actions.id > (
                SELECT min(id) FROM actions INDEXED BY actions_time WHERE \(clock.condition("sent_at", since: time)))
            AND actions.sent_at IS NOT NULL
            """
        let isRecent = clock.condition("actions.sent_at", since: time)
        return try await read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT (SELECT count(*) FROM actions JOIN attempts ON action_id = id
                        WHERE (\(isRecent) OR \(isLaterThanRecent))
                        AND gateway = :gateway AND session = :session AND op = 'add'
                        AND (\(clock.condition("attempts.sent_at", since: time)) OR \(isLaterThanRecent))
                        AND attempts.error_code IS NOT 'unreachable')
                    + (SELECT count(*) FROM actions INDEXED BY actions_open
                        WHERE \(isRecent) AND gateway = :gateway AND session = :session AND op = 'add'
                        AND status IN ('accepted', 'unknown') AND status = 'accepted'
                        AND NOT EXISTS (SELECT 1 FROM attempts WHERE action_id = id AND attempt = actions.attempts))
                    + (SELECT count(*) FROM runs JOIN actions ON run_id = runs.id
                        WHERE runs.status = 'running' AND actions.status = 'sending'
                        AND \(isRecent) AND gateway = :gateway AND session = :session AND op = 'add')
                    + (SELECT count(*) FROM calls_of_deleted_runs
                        WHERE \(clock.condition("sent_at", since: time)) AND gateway = :gateway AND session = :session
                        AND op = 'add')
                    """,
                arguments: ["gateway": gateway.text, "session": session.text]) ?? 0
        }
    }

    /// Returns when a session last sent a call since a time; nil for never.
    package func latestCall(
        by session: SessionID, of gateway: GatewayName, since time: Timestamp, by clock: LedgerClock
    ) async throws(LedgerError) -> Timestamp? {
        try await read { database in
            func latest(_ condition: String) throws -> Timestamp? {
                try ["actions", "calls_of_deleted_runs"].compactMap { table in
                    try String.fetchOne(
                        database,
                        sql: "SELECT max(sent_at) FROM \(table) WHERE \(condition) AND gateway = ? AND session = ?",
                        arguments: [gateway.text, session.text]
                    ).flatMap(Timestamp.init(iso8601:)).map(clock.counted)
                }.max()
            }
            let isRecent = clock.condition("sent_at", since: time)
            guard !clock.isPlain else { return try latest(isRecent) }
            // A call with a future time must not hide later calls.
            let past = try latest("\(isRecent) AND sent_at <= '\(clock.now.iso8601)'")
            return [past, try latest(isRecent)].compactMap { $0 }.max()
        }
    }
}

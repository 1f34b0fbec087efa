import GRDB
package import Membership

extension Ledger {
    /// The latest runs, newest first.
    package func latestRuns(_ count: Int) async throws(LedgerError) -> [RunRecord] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM runs ORDER BY id DESC LIMIT ?", arguments: [count])
                .map(RunRecord.init(row:))
        }
    }

    /// The run that a person means by `last`, an id, or the beginning of one.
    package func run(matching text: String) async throws(LedgerError) -> RunRecord {
        if text == "last" {
            guard let run = try await latestRuns(1).first else { throw .noSuchRun(text) }
            return run
        }
        let prefix = text.uppercased()
        guard !prefix.isEmpty, prefix.utf8.allSatisfy(Self.isIDCharacter) else { throw .noSuchRun(text) }
        let candidates = try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM runs WHERE id >= ? AND id < ? ORDER BY id LIMIT 4",
                arguments: [prefix, prefix + "~"]
            ).map(RunRecord.init(row:))
        }
        guard let run = candidates.first else { throw .noSuchRun(text) }
        guard candidates.count == 1 else {
            throw .ambiguousRun(text, candidates: candidates.map(\.id.text))
        }
        return run
    }

    /// The groups of a run, in the order of their keys.
    package func groups(of run: RunID) async throws(LedgerError) -> [GroupRunRecord] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM group_runs WHERE run_id = ? ORDER BY gateway, session, group_jid",
                arguments: [run.text]
            ).map(GroupRunRecord.init(row:))
        }
    }

    /// The actions of a run, in the order in which they were planned.
    package func actions(of run: RunID) async throws(LedgerError) -> [ActionRecord] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM actions WHERE run_id = ? ORDER BY gateway, session, group_jid, seq",
                arguments: [run.text]
            ).map(ActionRecord.init(row:))
        }
    }

    /// What a run held back, in the order of the plan.
    package func holds(of run: RunID) async throws(LedgerError) -> [HoldRecord] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM holds WHERE run_id = ? ORDER BY rowid", arguments: [run.text]
            )
            .map(HoldRecord.init(row:))
        }
    }

    /// The attempts at the calls of a run's actions, in the order of the actions.
    package func attempts(of run: RunID) async throws(LedgerError) -> [AttemptRecord] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT attempts.* FROM attempts JOIN actions ON actions.id = action_id WHERE run_id = ?
                    ORDER BY gateway, session, group_jid, seq, attempt
                    """, arguments: [run.text]
            ).map(AttemptRecord.init(row:))
        }
    }

    /// How many adds a session has sent since a moment, whatever came of them.
    ///
    /// Those that never reached the gateway do not count. While an apply is at work, what has no row among the attempts yet is
    /// counted by its action.
    package func addsSent(
        by session: SessionID, of gateway: GatewayName, since time: Timestamp, by clock: LedgerClock
    ) async throws(LedgerError) -> Int {
        // Whatever was sent after a call of the last day is of that day, though a clock that was behind gave it an earlier time.
        let isLaterThanRecent = """
            actions.id > (SELECT min(id) FROM actions WHERE \(clock.condition("sent_at", since: time)))
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

    /// When a session's latest call since a moment was sent; nil where none was.
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
            // What was sent by a clock that was ahead must not hide what was sent since.
            let past = try latest("\(isRecent) AND sent_at <= '\(clock.now.iso8601)'")
            return [past, try latest(isRecent)].compactMap { $0 }.max()
        }
    }

    private static func isIDCharacter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}

package import Core
import GRDB
package import RunLedger

/// The figures of one command: its latest finished run and its latest success.
package struct CommandFigures: Hashable, Sendable {
    /// The latest finished run.
    package var last: RunRecord
    /// When the latest successful run ended; nil if there is none.
    package var succeededAt: Timestamp?
    /// The number of groups in the latest run by result.
    package var groups: [GroupRunStatus: Int]

    /// Describes a command.
    package init(last: RunRecord, succeededAt: Timestamp?, groups: [GroupRunStatus: Int]) {
        self.last = last
        self.succeededAt = succeededAt
        self.groups = groups
    }
}

/// Figures over all runs.
package struct StandingFigures: Hashable, Sendable {
    /// The number of groups whose changes fail night after night.
    package var groupsFailing: Int
    /// The number of changes that are sent and not confirmed yet.
    package var changesUnseen: Int
}

extension Ledger {
    /// Returns the figures over all runs.
    package func standingFigures() async throws(LedgerError) -> StandingFigures {
        try await read { database in
            StandingFigures(
                groupsFailing: try FailingGroupReader(database: database).groups().count,
                changesUnseen: try UnseenChangeReader(database: database).count())
        }
    }

    /// Returns the figures of each command that has run, ordered by name.
    package func figures() async throws(LedgerError) -> [CommandFigures] {
        try await read { database in
            try ["apply", "plan"].compactMap { command in
                let ended = "FROM runs WHERE command = ? AND finished_at IS NOT NULL"
                guard
                    let row = try Row.fetchOne(
                        database, sql: "SELECT * \(ended) ORDER BY id DESC LIMIT 1", arguments: [command])
                else { return nil }
                let last = try RunRecord(row: row)
                let succeededAt = try String.fetchOne(
                    database, sql: "SELECT finished_at \(ended) AND exit_code IN (0, 2) ORDER BY id DESC LIMIT 1",
                    arguments: [command])
                var groups: [GroupRunStatus: Int] = [:]
                let counts = try Row.fetchAll(
                    database, sql: "SELECT status, count(*) AS count FROM group_runs WHERE run_id = ? GROUP BY status",
                    arguments: [last.id.text])
                for row in counts { groups[try row.word("status") as GroupRunStatus] = row["count"] }
                return CommandFigures(
                    last: last, succeededAt: succeededAt.flatMap(Timestamp.init(iso8601:)), groups: groups)
            }
        }
    }
}

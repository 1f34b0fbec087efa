import GRDB
package import Membership

/// What the ledger tells of the runs of one command: the latest that is over, and the latest that went well.
package struct CommandFigures: Hashable, Sendable {
    /// The latest run that is over.
    package var last: RunRecord
    /// When the latest run ended that went well; nil where none has.
    package var succeededAt: Timestamp?
    /// The groups of the latest run, by how they came out.
    package var groups: [GroupRunStatus: Int]

    /// Tells of a command.
    package init(last: RunRecord, succeededAt: Timestamp?, groups: [GroupRunStatus: Int]) {
        self.last = last
        self.succeededAt = succeededAt
        self.groups = groups
    }
}

/// What the ledger tells of all runs together.
package struct StandingFigures: Hashable, Sendable {
    /// In how many groups nothing can be changed, night after night.
    package var groupsFailing: Int
    /// How many changes the gateway took that wait to be seen.
    package var changesUnseen: Int

    /// Tells of a ledger.
    package init(groupsFailing: Int, changesUnseen: Int) {
        self.groupsFailing = groupsFailing
        self.changesUnseen = changesUnseen
    }
}

extension Ledger {
    /// The figures that no single run tells.
    package func standingFigures() async throws(LedgerError) -> StandingFigures {
        try await read { database in
            StandingFigures(
                groupsFailing: try FailingGroupReader(database: database).groups().count,
                changesUnseen: try UnseenChangeReader(database: database).count())
        }
    }

    /// The figures of each command that has been run, in the order of their names.
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
                for row in counts {
                    groups[try row.value("status", as: GroupRunStatus.init(rawValue:))] = row["count"]
                }
                return CommandFigures(
                    last: last, succeededAt: succeededAt.flatMap(Timestamp.init(iso8601:)), groups: groups)
            }
        }
    }
}

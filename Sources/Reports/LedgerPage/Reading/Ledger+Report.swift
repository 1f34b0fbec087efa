import Core
import GRDB
package import RunLedger

/// The size limits of a report.
package struct ReportBounds: Hashable, Sendable {
    /// Maximum runs; the latest are covered.
    package var runs: Int
    /// Maximum changes listed for one run.
    package var changesOfRun = 40
    /// Maximum changes listed in all; the latest runs come first.
    package var changes = 6_000
    /// Maximum groups with an error listed for one run.
    package var faultsOfRun = 10
    /// Maximum unconfirmed changes listed.
    package var unseen = 300

    /// Covers this many runs.
    package init(runs: Int) { self.runs = runs }
}

extension Ledger {
    /// Reads a report in one snapshot of the ledger; a running run appears as it is at that moment.
    package func report(within bounds: ReportBounds) async throws(LedgerError) -> LedgerReport {
        try await read { database in try ReportReader(database: database, bounds: bounds).report() }
    }
}

/// Reads a report within one transaction.
///
/// It counts what grows with the ledger, the actions in one pass. It lists only bounded parts, or what one night finds.
struct ReportReader {
    let database: Database
    let bounds: ReportBounds

    func report() throws -> LedgerReport {
        var report = LedgerReport(runsInLedger: try Int.fetchOne(database, sql: "SELECT count(*) FROM runs") ?? 0)
        let records = try Row.fetchAll(
            database, sql: "SELECT * FROM runs ORDER BY id DESC LIMIT ?", arguments: [bounds.runs]
        ).map(RunRecord.init(row:))
        guard let latest = records.first, let earliest = records.last else { return report }
        let starts = records.map(\.startedAt)
        let periods = ReportPeriods(from: starts.min() ?? earliest.startedAt, through: starts.max() ?? latest.startedAt)
        let covered = CoveredRuns(records: records.reversed(), periods: periods)
        report.periods = periods
        let actions = try CountedActions(of: covered, in: database)
        report.runs = try runs(covered, actions)
        report.groups = try groups(covered, actions)
        try readPeople(into: &report, covered)
        report.flapping = try actions.flapping(in: database)
        report.failing = try FailingGroupReader(database: database).groups()
        report.unseen = try UnseenChangeReader(database: database).changes(listing: bounds.unseen)
        return report
    }

    private func runs(_ covered: CoveredRuns, _ actions: CountedActions) throws -> [ReportedRun] {
        var runs = covered.records.map { ReportedRun(record: $0) }
        for position in runs.indices { runs[position].called = actions.called[position] }
        func position(_ row: Row) -> Int? { covered.positions[row["run_id"]] }
        // Each query follows an index, so SQLite sorts nothing.
        try database.forEachRow(
            """
            SELECT run_id, status, count(*) AS number, count(error) AS errors
            FROM group_runs WHERE run_id >= ? GROUP BY run_id, status
            """, [covered.first]
        ) { row in
            guard let position = position(row) else { return }
            runs[position].groups[try row.word("status") as GroupRunStatus] = row["number"]
            runs[position].faultCount += row["errors"]
        }
        try database.forEachRow(
            """
            SELECT run_id, kind, count(*) AS number FROM holds WHERE run_id >= ? GROUP BY run_id, kind
            ORDER BY run_id, kind
            """, [covered.first]
        ) { row in
            guard let position = position(row) else { return }
            let held = HeldKind(kind: row["kind"], count: row["number"])
            runs[position].holds.append(held)
            if held.kind == "withheld" { runs[position].withheld = held.count }
        }
        try readDetails(into: &runs)
        return runs
    }

    /// Reads the details of the latest runs, within the limits.
    private func readDetails(into runs: inout [ReportedRun]) throws {
        var room = bounds.changes
        for position in runs.indices.reversed() {
            let id = runs[position].record.id.text
            if runs[position].faultCount > 0 {
                runs[position].faults = try Row.fetchAll(
                    database,
                    sql: """
                        SELECT * FROM group_runs WHERE run_id = ? AND error IS NOT NULL
                        ORDER BY gateway, session, group_jid LIMIT ?
                        """, arguments: [id, bounds.faultsOfRun]
                ).map(GroupRunRecord.init(row:))
            }
            guard runs[position].called > 0, room > 0 else { continue }
            runs[position].changes = try Row.fetchAll(
                database,
                sql: "SELECT * FROM actions WHERE run_id = ? ORDER BY gateway, session, group_jid, seq LIMIT ?",
                arguments: [id, min(room, bounds.changesOfRun)]
            ).map(ActionRecord.init(row:))
            room -= runs[position].changes.count
        }
    }
}

/// The runs in a report, with their periods.
struct CoveredRuns {
    /// The runs, oldest first.
    let records: [RunRecord]
    /// The periods.
    let periods: ReportPeriods
    /// The runs' ids and periods, as the argument of `table`.
    let json: String
    /// The oldest id; this run and all later ones are covered.
    let first: String

    /// The index of each run by its id.
    let positions: [String: Int]

    init(records: [RunRecord], periods: ReportPeriods) {
        self.records = records
        self.periods = periods
        first = records.first?.id.text ?? ""
        positions = Dictionary(uniqueKeysWithValues: records.indices.map { (records[$0].id.text, $0) })
        let pairs = records.map { "[\"\($0.id.text)\",\(periods.position(of: $0.startedAt))]" }
        json = "[\(pairs.joined(separator: ","))]"
    }

    /// SQL that starts a query with the table `covered` (`id`, `period`); its first argument is `json`.
    static let table = """
        WITH covered (id, period) AS MATERIALIZED
        (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))
        """

    /// Returns when a run began; nil if it is not covered.
    func start(of run: String) -> Timestamp? { positions[run].map { records[$0].startedAt } }

    /// Returns the period of the run at an index.
    func period(of position: Int) -> Int { periods.position(of: records[position].startedAt) }
}

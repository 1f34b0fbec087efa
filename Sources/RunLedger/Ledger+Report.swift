import GRDB
import Membership

/// How much of a ledger a report may hold.
package struct ReportBounds: Hashable, Sendable {
    /// How many runs it covers, the latest ones.
    package var runs: Int
    /// How many changes of one run it lists.
    package var changesOfRun = 40
    /// How many changes it lists in all; the latest runs come first.
    package var changes = 6_000
    /// How many groups with an error of one run it lists.
    package var faultsOfRun = 10
    /// How many changes that wait to be seen it lists.
    package var unseen = 300

    /// Covers so many runs.
    package init(runs: Int) { self.runs = runs }
}

extension Ledger {
    /// Reads all that a report tells, as of one moment: a run that is at work meanwhile is seen as it was then.
    package func report(within bounds: ReportBounds) async throws(LedgerError) -> LedgerReport {
        try await read { database in try ReportReader(database: database, bounds: bounds).report() }
    }
}

/// Reads a report within one transaction.
///
/// What grows with the ledger is counted, the actions in one walk; what is listed is bounded, or as long as what one night
/// finds.
struct ReportReader {
    let database: Database
    let bounds: ReportBounds

    func report() throws -> LedgerReport {
        var report = LedgerReport(
            runsInLedger: try Int.fetchOne(database, sql: "SELECT count(*) FROM runs") ?? 0)
        let records = try Row.fetchAll(
            database, sql: "SELECT * FROM runs ORDER BY id DESC LIMIT ?", arguments: [bounds.runs]
        ).map(RunRecord.init(row:))
        guard let latest = records.first, let earliest = records.last else { return report }
        let starts = records.map(\.startedAt)
        let periods = ReportPeriods(
            from: starts.min() ?? earliest.startedAt, through: starts.max() ?? latest.startedAt)
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

    /// Goes through the rows of a statement.
    func rows(_ sql: String, _ arguments: StatementArguments, _ body: (Row) throws -> Void) throws {
        let cursor = try Row.fetchCursor(database, sql: sql, arguments: arguments)
        while let row = try cursor.next() { try body(row) }
    }

    private func runs(_ covered: CoveredRuns, _ actions: CountedActions) throws -> [ReportedRun] {
        var runs = covered.records.map(ReportedRun.init(record:))
        for place in runs.indices { runs[place].called = actions.called[place] }
        func place(_ row: Row) -> Int? { covered.place(of: row["run_id"]) }
        // Each goes through an index in its order: nothing is sorted.
        try rows(
            """
            SELECT run_id, status, count(*) AS number, count(error) AS errors
            FROM group_runs WHERE run_id >= ? GROUP BY run_id, status
            """, [covered.first]
        ) { row in
            guard let place = place(row) else { return }
            runs[place].groups[try row.value("status", as: GroupRunStatus.init(rawValue:))] = row["number"]
            runs[place].faultCount += row["errors"]
        }
        try rows(
            """
            SELECT run_id, kind, count(*) AS number FROM holds WHERE run_id >= ? GROUP BY run_id, kind
            ORDER BY run_id, kind
            """, [covered.first]
        ) { row in
            guard let place = place(row) else { return }
            let held = HeldKind(kind: row["kind"], count: row["number"])
            runs[place].holds.append(held)
            if held.kind == "withheld" { runs[place].withheld = held.count }
        }
        try readDetails(into: &runs)
        return runs
    }

    /// Reads what the latest runs did, group by group, as far as the bounds allow.
    private func readDetails(into runs: inout [ReportedRun]) throws {
        var room = bounds.changes
        for place in runs.indices.reversed() {
            let id = runs[place].record.id.text
            if runs[place].faultCount > 0 {
                runs[place].faults = try Row.fetchAll(
                    database,
                    sql: """
                        SELECT * FROM group_runs WHERE run_id = ? AND error IS NOT NULL
                        ORDER BY gateway, session, group_jid LIMIT ?
                        """, arguments: [id, bounds.faultsOfRun]
                ).map(GroupRunRecord.init(row:))
            }
            guard runs[place].called > 0, room > 0 else { continue }
            runs[place].changes = try Row.fetchAll(
                database,
                sql: "SELECT * FROM actions WHERE run_id = ? ORDER BY gateway, session, group_jid, seq LIMIT ?",
                arguments: [id, min(room, bounds.changesOfRun)]
            ).map(ActionRecord.init(row:))
            room -= runs[place].changes.count
        }
    }
}

/// The runs that a report covers, each with the period that it falls into.
struct CoveredRuns {
    /// The runs, oldest first.
    let records: [RunRecord]
    /// The stretches of time.
    let periods: ReportPeriods
    /// The ids with their periods, as the argument of `table`.
    let json: String
    /// The id of the oldest: it and all later ones are covered.
    let first: String

    /// Where each run stands among them, by its id.
    let places: [String: Int]

    init(records: [RunRecord], periods: ReportPeriods) {
        self.records = records
        self.periods = periods
        first = records.first?.id.text ?? ""
        places = Dictionary(uniqueKeysWithValues: records.indices.map { (records[$0].id.text, $0) })
        let pairs = records.map { "[\"\($0.id.text)\",\(periods.place(of: $0.startedAt))]" }
        json = "[\(pairs.joined(separator: ","))]"
    }

    /// Begins a statement whose first argument is `json`: the table `covered` with an `id` and a `period` for each run.
    static let table = """
        WITH covered (id, period) AS MATERIALIZED
        (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))
        """

    /// When a run began; nil where it is not covered.
    func start(of run: String) -> Timestamp? { place(of: run).map { records[$0].startedAt } }

    /// Where a run stands among them; nil where it is not covered.
    func place(of run: String) -> Int? { places[run] }

    /// The period that the run at a place falls into.
    func period(of place: Int) -> Int { periods.place(of: records[place].startedAt) }
}

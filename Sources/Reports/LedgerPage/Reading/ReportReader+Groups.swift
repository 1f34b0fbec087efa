import Core
import GRDB
import RunLedger

extension ReportReader {
    /// Returns the groups in the covered runs, ordered by key.
    func groups(_ covered: CoveredRuns, _ actions: CountedActions) throws -> [ReportedGroup] {
        var groups: [GroupKey: ReportedGroup] = [:]
        let empty = [GroupResult?](repeating: nil, count: covered.periods.count)
        // The last result of a period counts, so a group with a result in the period's next run is skipped.
        try database.forEachRow(
            """
            \(CoveredRuns.table), followed AS MATERIALIZED (
                SELECT id, period, lead(id) OVER (PARTITION BY period ORDER BY id) AS next FROM covered)
            SELECT gateway, session, group_jid, period, run_id, name, status,
            coalesce(size_after, size_before) AS size, error
            FROM followed CROSS JOIN group_runs ON run_id = followed.id
            WHERE next IS NULL OR NOT EXISTS (SELECT 1 FROM group_runs AS later WHERE later.run_id = next
            AND later.gateway = group_runs.gateway AND later.session = group_runs.session
            AND later.group_jid = group_runs.group_jid)
            ORDER BY run_id
            """, [covered.json]
        ) { row in
            let key = try row.groupKey()
            let size: Int? = row["size"]
            let look = GroupResult(
                run: try row.value("run_id", as: RunID.init(_:)), status: try row.word("status"), size: size,
                drift: size == nil ? nil : 0)
            // Changed in place: a value taken from the dictionary and put back would be copied with all its results.
            groups[key, default: ReportedGroup(key: key, name: nil, results: empty)].take(
                look, in: row["period"], name: row["name"], error: row["error"])
        }
        try readDrift(into: &groups, covered, actions)
        for (key, taken) in zip(actions.groups.keys, actions.taken) { groups[key]?.taken = taken }
        return groups.values.sorted { $0.key < $1.key }
    }

    /// Adds the greatest drift of one run in each period: the changes that it called for or blocked.
    private func readDrift(
        into groups: inout [GroupKey: ReportedGroup], _ covered: CoveredRuns, _ actions: CountedActions
    ) throws {
        var (found, positions) = (actions.drift, actions.groups)
        try database.forEachRow(
            """
            \(CoveredRuns.table) SELECT run_id, gateway, session, group_jid, count(*) AS number
            FROM covered CROSS JOIN holds ON run_id = covered.id WHERE kind = 'withheld'
            GROUP BY run_id, gateway, session, group_jid
            """, [covered.json]
        ) { row in
            guard let run = covered.positions[row["run_id"]] else { return }
            found.append(Drift(run: run, group: positions.position(of: try row.groupKey()), number: row["number"]))
        }
        // Sum the parts of each group and run, then keep the maximum of each period.
        var sums: [Int: Int] = [:]
        for part in found { sums[part.group * covered.records.count + part.run, default: 0] += part.number }
        var most: [Int: Int] = [:]
        for (place, sum) in sums {
            let (group, run) = place.quotientAndRemainder(dividingBy: covered.records.count)
            let position = group * covered.periods.count + covered.period(of: run)
            most[position] = max(most[position] ?? 0, sum)
        }
        for (position, number) in most {
            let (group, period) = position.quotientAndRemainder(dividingBy: covered.periods.count)
            groups[positions.keys[group]]?.results[period]?.drift = number
        }
    }
}

extension ReportedGroup {
    /// Records a result of a period, later than those before, with its name and error.
    fileprivate mutating func take(_ look: GroupResult, in period: Int, name: String?, error: String?) {
        results[period] = look
        // Keep the last name, but only the last result's error.
        self.name = name ?? self.name
        self.error = error
    }
}

import GRDB
import Membership

extension ReportReader {
    /// The groups that the covered runs looked at, in the order of their keys.
    func groups(_ covered: CoveredRuns) throws -> [ReportedGroup] {
        var groups: [GroupKey: ReportedGroup] = [:]
        // Of a period the last look counts, so whatever the next run of the period looked at again is passed over.
        try rows(
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
            let period: Int = row["period"]
            let empty = [GroupLook?](repeating: nil, count: covered.periods.count)
            var group = groups[key] ?? ReportedGroup(key: key, name: nil, looks: empty)
            let size: Int? = row["size"]
            group.looks[period] = GroupLook(
                run: try row.value("run_id", as: RunID.init(_:)),
                status: try row.value("status", as: GroupRunStatus.init(rawValue:)), size: size,
                drift: size == nil ? nil : 0)
            // Rows come in the order of the runs, so the last one stays.
            group.name = row["name"] ?? group.name
            group.error = row["error"]
            groups[key] = group
        }
        try readDrift(into: &groups, covered)
        try readTaken(into: &groups, since: covered)
        return groups.values.sorted { $0.key < $1.key }
    }

    /// The greatest drift that one run found in a period: what it called for, and what it withheld.
    private func readDrift(into groups: inout [GroupKey: ReportedGroup], _ covered: CoveredRuns) throws {
        try rows(
            """
            \(CoveredRuns.table), found AS (
                SELECT * FROM (
                    SELECT run_id, gateway, session, group_jid, count(*) AS number FROM actions
                    WHERE run_id >= ? GROUP BY run_id, gateway, session, group_jid)
                UNION ALL
                SELECT run_id, gateway, session, group_jid, count(*)
                FROM covered CROSS JOIN holds ON run_id = covered.id WHERE kind = 'withheld'
                GROUP BY run_id, gateway, session, group_jid),
            summed AS MATERIALIZED (
                SELECT run_id, gateway, session, group_jid, sum(number) AS number FROM found
                GROUP BY run_id, gateway, session, group_jid)
            SELECT gateway, session, group_jid, period, max(number) AS number
            FROM summed JOIN covered ON covered.id = run_id GROUP BY gateway, session, group_jid, period
            """, [covered.json, covered.first]
        ) { row in groups[try row.groupKey()]?.looks[row["period"]]?.drift = row["number"] }
    }

    /// What the gateway took since the first covered run began.
    private func readTaken(into groups: inout [GroupKey: ReportedGroup], since covered: CoveredRuns) throws {
        guard let first = covered.records.map(\.startedAt).min() else { return }
        try rows(
            """
            SELECT gateway, session, group_jid, count(*) FILTER (WHERE op = 'add') AS adds,
            count(*) FILTER (WHERE op = 'promote') AS promotes, count(*) FILTER (WHERE op = 'demote') AS demotes,
            count(*) FILTER (WHERE op = 'remove') AS removes FROM actions
            WHERE status = 'confirmed' AND sent_at >= ? GROUP BY gateway, session, group_jid
            """, [first.iso8601]
        ) { row in
            groups[try row.groupKey()]?.taken = RunTally(
                adds: row["adds"], promotes: row["promotes"], demotes: row["demotes"], removes: row["removes"])
        }
        // Those that no roster has borne out are few, and stand in an index of their own.
        try rows(
            """
            SELECT gateway, session, group_jid, op FROM actions INDEXED BY actions_open
            WHERE status IN ('accepted', 'unknown') AND status = 'accepted' AND sent_at >= ?
            """, [first.iso8601]
        ) { row in groups[try row.groupKey()]?.taken.count(row["op"]) }
    }
}

extension RunTally {
    /// Counts one change that the gateway took.
    fileprivate mutating func count(_ operation: String) {
        switch operation {
        case "add": adds += 1
        case "promote": promotes += 1
        case "demote": demotes += 1
        case "remove": removes += 1
        default: break
        }
    }
}

import Core
import GRDB
import RunLedger

extension ReportReader {
    /// Reads the absences and the blocked changes.
    func readPeople(into report: inout LedgerReport, _ covered: CoveredRuns) throws {
        guard let first = covered.records.first?.id else { return }
        let results = try latestGoodLooks(at: report.groups, since: first)
        var absences: [PersonInGroup: Absence] = [:]
        for run in Set(results.values).sorted() {
            try readHeldKinds(of: run, results, into: &report)
            try readCandidates(of: run, results, into: &absences)
        }
        report.absences = try absences.values.compactMap(completed).sorted {
            ($0.since, $0.key, $0.phone) < ($1.since, $1.key, $1.phone)
        }
        report.withheld = try withheld(results, covered)
    }

    /// Returns the last covered run in which each group's member list could be read.
    private func latestGoodLooks(at groups: [ReportedGroup], since first: RunID) throws -> [GroupKey: RunID] {
        var results: [GroupKey: RunID] = [:]
        for key in groups.map(\.key) {
            let run = try String.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT run_id FROM runs CROSS JOIN group_runs ON run_id = runs.id
                        WHERE runs.id >= ? AND gateway = ? AND session = ? AND group_jid = ?
                        AND size_before IS NOT NULL AND group_runs.status <> 'failed' ORDER BY runs.id DESC LIMIT 1
                        """),
                arguments: [first.text, key.gateway.text, key.session.text, key.group.jid])
            results[key] = run.flatMap(RunID.init(_:))
        }
        return results
    }

    private func readHeldKinds(of run: RunID, _ results: [GroupKey: RunID], into report: inout LedgerReport) throws {
        let positions = Dictionary(uniqueKeysWithValues: report.groups.indices.map { (report.groups[$0].key, $0) })
        try database.forEachRow(
            """
            SELECT gateway, session, group_jid, kind, count(*) AS number FROM holds WHERE run_id = ?
            GROUP BY gateway, session, group_jid, kind ORDER BY kind
            """, [run.text]
        ) { row in
            let key = try row.groupKey()
            guard results[key] == run, let position = positions[key] else { return }
            report.groups[position].holds.append(HeldKind(kind: row["kind"], count: row["number"]))
        }
    }

    /// Reads the people who were not added: because of a hold, or because their add did not succeed.
    private func readCandidates(
        of run: RunID, _ results: [GroupKey: RunID], into absences: inout [PersonInGroup: Absence]
    ) throws {
        try database.forEachRow(
            """
            SELECT gateway, session, group_jid, phone, kind, message, person FROM holds
            WHERE run_id = :run AND phone IS NOT NULL AND kind IN \(Schema.absenceKinds)
            UNION ALL
            SELECT gateway, session, group_jid, phone, status, coalesce(error, 'the next apply tries again'), person
            FROM actions WHERE run_id = :run AND op = 'add' AND status NOT IN ('sending', 'accepted', 'confirmed')
            """, ["run": run.text]
        ) { row in
            let person = PersonInGroup(key: try row.groupKey(), phone: try row.phone())
            guard results[person.key] == run else { return }
            absences[person] = Absence(
                key: person.key, phone: person.phone, person: row["person"], kind: row["kind"], message: row["message"],
                since: Timestamp(milliseconds: 0), tries: 0)
        }
    }

    /// Adds the start and the number of tries; nil for a person who is to be added for the first time, or whose
    /// accepted add is not confirmed yet.
    private func completed(_ absence: Absence) throws -> Absence? {
        var absence = absence
        let (key, phone) = (absence.key, absence.phone)
        let person: StatementArguments = [
            "gateway": key.gateway.text, "session": key.session.text, "group": key.group.jid, "phone": phone.e164,
        ]
        let ofPerson = "gateway = :gateway AND session = :session AND group_jid = :group AND phone = :phone"
        if absence.kind == "unconfirmed" {
            let status = try String.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT status FROM actions WHERE \(ofPerson) AND op = 'add' AND sent_at IS NOT NULL
                        ORDER BY id DESC LIMIT 1
                        """), arguments: person)
            guard status != ActionStatus.accepted.rawValue else { return nil }
        }
        let added = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT id, run_id FROM actions WHERE \(ofPerson) AND op = 'add' AND status = 'confirmed'
                    ORDER BY id DESC LIMIT 1
                    """), arguments: person)
        let tries = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT min(sent_at) AS since, coalesce(sum(attempts), 0) AS tries, max(person) AS person
                    FROM actions WHERE \(ofPerson) AND op = 'add' AND sent_at IS NOT NULL AND id > :added
                    """), arguments: person &+ ["added": added?["id"] ?? 0])
        let held = try String.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT started_at FROM runs WHERE id = (SELECT min(run_id) FROM holds WHERE \(ofPerson)
                    AND phone IS NOT NULL AND kind IN \(Schema.absenceKinds) AND run_id > :run)
                    """), arguments: person &+ ["run": added?["run_id"] ?? ""])
        absence.tries = tries?["tries"] ?? 0
        if absence.person == nil { absence.person = tries?["person"] }
        let times = [try tries?.time(ifPresent: "since"), held.flatMap(Timestamp.init(iso8601:))].compactMap(\.self)
        guard let since = times.min() else { return nil }
        absence.since = since
        return absence
    }

    /// Returns the groups with blocked removals or demotions.
    private func withheld(_ results: [GroupKey: RunID], _ covered: CoveredRuns) throws -> [WithheldGroup] {
        var groups: [WithheldGroup] = []
        try database.forEachRow(
            """
            \(CoveredRuns.table) SELECT gateway, session, group_jid, min(run_id) AS first, max(run_id) AS last,
            count(DISTINCT run_id) AS number FROM covered CROSS JOIN holds ON run_id = covered.id
            WHERE kind = 'withheld' GROUP BY gateway, session, group_jid
            """, [covered.json]
        ) { row in
            let key = try row.groupKey()
            let last = try row.value("last", as: RunID.init(_:))
            guard let begin = covered.start(of: row["first"]), let end = covered.start(of: last.text) else { return }
            var group = WithheldGroup(
                key: key, isCurrent: results[key] == last, people: 0, messages: [], first: begin, last: end,
                runs: row["number"])
            try database.forEachRow(
                """
                SELECT message, count(*) AS number FROM holds WHERE run_id = ? AND gateway = ? AND session = ?
                AND group_jid = ? AND kind = 'withheld' GROUP BY message ORDER BY message
                """, [last.text, key.gateway.text, key.session.text, key.group.jid]
            ) { row in
                group.messages.append(row["message"])
                group.people += row["number"]
            }
            groups.append(group)
        }
        // Groups that are still blocked come first, then the latest.
        return groups.sorted { left, right in
            if left.isCurrent != right.isCurrent { return left.isCurrent }
            return (right.last, left.key) < (left.last, right.key)
        }
    }
}

/// A person in one group.
struct PersonInGroup: Hashable {
    let key: GroupKey
    let phone: PhoneNumber
}

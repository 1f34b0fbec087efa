import Core
import GRDB
import RunLedger
import Stage
import Testing

@testable import Reports

@Suite("Queries on a ledger of a million actions") struct LargeLedgerTests {
    private let folder = TemporaryFolder()

    /// Tables that may be scanned fully, and why.
    private static let scans = [
        "runs": "one row for each night",
        "json_each VIRTUAL TABLE INDEX 1:": "the runs of a report",
        "covered": "the runs of a report", "followed": "the runs of a report", "(subquery": "the runs of a report",
        "held": "the groups that hold one person back",
        "taken": "one row", "CONSTANT ROW": "no table",
        "number_checks": "numbers without a LID, for one person", "declined_adds": "people who never showed",
        "deferred_adds": "people who wait",
    ]

    /// The one statement that scans all actions: a report counts each once, in stored order.
    private static let walk = "FROM actions NOT INDEXED WHERE run_id >= :run OR"

    /// Sorts and temporary tables that are allowed, by words of the statement, and why.
    private static let sorts = [
        "FROM holds WHERE run_id = ?": "the holds of one run",
        "AS uncertain": "the open calls of one session",
        "FROM group_runs WHERE run_id = ? GROUP BY status": "the groups of one run",
        "count(error) AS errors": "the groups of the runs of a report",
        "FROM followed CROSS JOIN group_runs": "one row for each group and period",
        "SELECT run_id, gateway, session, group_jid, count(*) AS number": "what was withheld in the runs of a report",
        "count(DISTINCT run_id)": "what was withheld in the runs of a report",
        "AND kind = 'withheld' GROUP BY message": "the holds of one group in one run",
        "WHERE phone = :phone AND run_id = (": "the holds of one person",
        "ORDER BY actions.id DESC LIMIT": "the actions of one person",
        "FROM identities WHERE phone = ? OR lid = ?": "the identities of one person",
        "SELECT lid, phone FROM former_numbers WHERE": "the former numbers of one session, which few people have",
        "FROM number_checks WHERE phone = ?": "the answers about one number",
        "SELECT DISTINCT lid FROM lid_lookups": "the LIDs that one session does not know",
        "ORDER BY id DESC LIMIT 1": "the calls for one person in one group",
        "(phone IN (": "the actions of one person",
    ]

    @Test("Queries use an index, and sort only where they must") func plans() async throws {
        let path = folder.path("ledger.sqlite")
        let statements = try await Self.statements(of: try LedgerFixture(path))
        let queue = try DatabaseQueue(path: path)
        let asked = statements.filter { sql in
            ["SELECT", "WITH", "UPDATE", "DELETE", "INSERT"].contains { sql.hasPrefix($0) }
        }
        #expect(asked.count > 60)
        for sql in asked.sorted() {
            let steps = try await queue.read { database in
                let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
                statement.setUncheckedArguments(StatementArguments())
                return try Row.fetchAll(statement).map { $0["detail"] as String }
            }
            if sql.contains(Self.walk) {
                #expect(steps == ["SCAN actions"], "in row order, without temporary tables")
                continue
            }
            // A search without an index looks for a smallest or largest row id, row by row.
            for step in steps where step.hasPrefix("SEARCH ") {
                #expect(step.contains(" USING "), "\(step) in \(sql)")
            }
            for step in steps where step.hasPrefix("SCAN ") {
                #expect(Self.scans.keys.contains { step.dropFirst(5).hasPrefix($0) }, "\(step) in \(sql)")
            }
            if steps.contains(where: { $0.hasPrefix("USE TEMP B-TREE") }) {
                #expect(Self.sorts.keys.contains { sql.contains($0) }, "\(steps) in \(sql)")
            }
        }
        // An allowed scan that never occurs is a gap in this test.
        #expect(asked.contains { $0.contains(Self.walk) })
        for words in Self.sorts.keys { #expect(asked.contains { $0.contains(words) }, "\(words)") }
    }

    @Test("A group takes one transaction, however many people are looked up")
    func steps() async throws {
        let chronicle = try LedgerFixture(folder.path("ledger.sqlite"))
        try await chronicle.run(1, (1...50).map { .add($0) })
        let phones = try (1...50).map(LedgerFixture.phone)
        let statements = try await chronicle.ledger.statements {
            let turns = try await chronicle.ledger.confirmedChanges(
                of: Set(phones), in: try LedgerFixture.key(), since: Timestamp(milliseconds: 0),
                by: LedgerClock(at: .lateEnough))
            #expect(turns.count == 50)
            _ = try await chronicle.ledger.peopleNotFound(.promote, among: phones, in: try LedgerFixture.key())
        }
        #expect(statements.count { $0.hasPrefix("BEGIN") } == 2)
        #expect(Set(statements.filter { $0.hasPrefix("SELECT") }).count == 2)
    }

    @Test("Sending, settling and confirming a call change two indexes") func indexes() async throws {
        let path = folder.path("ledger.sqlite")
        _ = try Ledger(path: path)
        let changing = try await DatabaseQueue(path: path).read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM sqlite_schema WHERE tbl_name IN ('actions', 'attempts') AND type = 'index'
                    AND (sql LIKE '%sent_at%' OR sql LIKE '%status%') ORDER BY name
                    """)
        }
        #expect(changing == ["actions_open", "actions_time"])
    }

    /// Returns all statements of the commands, except exports, which read whole tables, and table creation.
    private static func statements(of chronicle: LedgerFixture) async throws -> Set<String> {
        let ledger = chronicle.ledger
        let statements = try await ledger.statements {
            try await fill(chronicle)
            _ = try await chronicle.report()
            try await read(ledger)
            try await remember(in: ledger)
            let now = LedgerFixture.night(9)
            let sign = try LivenessLock(ledger: ledger.path)
            try await chronicle.run(6, [.add(1)], command: "plan", finishes: false)
            try await ledger.closeDeadPlans(at: now, unless: sign)
            #expect(try await ledger.closeDeadRuns(at: now) == 1)
            #expect(try await ledger.runs(before: LedgerFixture.night(2), at: .lateEnough) == 1)
            try await ledger.deleteRuns(before: LedgerFixture.night(2), at: .lateEnough)
        }
        return Set(statements)
    }

    private static func fill(_ chronicle: LedgerFixture) async throws {
        for day in 1...4 {
            try await chronicle.run(
                day, sizes: [1: 10, 2: nil, 3: 30],
                [.add(1), .remove(2), .add(3, .declined), .remove(4, .unknown), .add(5, .accepted)],
                holds: [
                    .init(kind: "withheld", person: 6), .init(kind: "left", person: 7), .init(kind: "keep", person: 8),
                    .init(kind: "unconfirmed", person: 5),
                ], faults: [3: FailingGroup.errorCode])
        }
        try await chronicle.run(5, [.add(9, .planned), .add(10, .unknown)], finishes: false)
    }

    private static func read(_ ledger: Ledger) async throws {
        let (key, now, start) = (try LedgerFixture.key(), LedgerFixture.night(9), Timestamp(milliseconds: 0))
        let run = try await ledger.run(matching: "last")
        _ = try await ledger.run(matching: run.id.text)
        _ = try await ledger.groups(of: run.id)
        _ = try await ledger.actions(of: run.id)
        _ = try await ledger.holds(of: run.id)
        _ = try await ledger.attempts(of: run.id)
        _ = try await ledger.latestRuns(
            5, concerning: key.group, person: PersonReference(phone: try LedgerFixture.phone(1), lid: nil, name: nil))
        _ = try await ledger.figures()
        #expect(try await ledger.standingFigures() == StandingFigures(groupsFailing: 1, changesUnseen: 4))
        _ = try await ledger.addsSent(by: key.session, of: key.gateway, since: start, by: LedgerClock(at: .lateEnough))
        _ = try await ledger.latestCall(
            by: key.session, of: key.gateway, since: start, by: LedgerClock(at: .lateEnough))
        _ = try await ledger.memory(of: key.sessionKey)
        _ = try await ledger.openCalls(of: key.sessionKey, since: start)
        _ = try await ledger.confirmedChanges(
            of: [try LedgerFixture.phone(1)], in: key, since: now, by: LedgerClock(at: .lateEnough))
        _ = try await ledger.peopleNotFound(.promote, among: [try LedgerFixture.phone(1)], in: key)
        let history = try await ledger.history(
            of: PersonReference(phone: try LedgerFixture.phone(7), lid: LID(digits: 1), name: nil), latest: 10)
        #expect(history.groups[key]?.holds.isEmpty != false, "the last run of the group holds nobody")
    }

    private static func remember(in ledger: Ledger) async throws {
        let (key, now) = (try LedgerFixture.key(), LedgerFixture.night(9))
        let (phone, lid) = (try LedgerFixture.phone(3), try #require(LID(digits: 1)))
        var findings = SessionFindings()
        findings.asked = [key.group: [lid]]
        try await ledger.remember(findings, of: key.sessionKey, at: now)
        findings.phones = [lid: phone]
        findings.checks = [phone: CheckedNumber(isOnWhatsApp: true, account: nil, checkedAt: now)]
        findings.sizes = [key.group: 10]
        findings.shrunk = [key.group: Shrinkage(since: now, size: 3)]
        findings.sighted = [key.group: [phone]]
        findings.sightedLIDs = [key.group: [lid]]
        findings.arrived = [key.group: [phone]]
        findings.confirmed = [4]
        findings.neverShown = [
            key.group: [
                phone: NeverShownAdd(rows: [5], tries: DeclinedAdd(tries: 1, lastTriedAt: now, fingerprint: "f"))
            ]
        ]
        try await ledger.remember(findings, of: key.sessionKey, at: now)
        try await ledger.rememberWaiting([key.group: [phone]], among: [key.group], of: key.sessionKey, at: now)
        try await ledger.rememberWaiting([:], among: [key.group], of: key.sessionKey, at: now)
        let notes: [MemoryNote] = [
            .joined(isSighted: true, as: nil), .didNotShow(fingerprint: "f"), .hadTurn, .removed,
        ]
        let settled = notes.enumerated().map { position, note in
            SettledAction(
                id: Int64(position + 1), phone: phone, outcome: ActionOutcome(status: .confirmed), note: note)
        }
        try await ledger.commit([.settled(settled, in: key, size: 10, at: now)])
    }
}

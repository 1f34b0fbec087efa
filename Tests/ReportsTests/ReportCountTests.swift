import Core
import GRDB
import RunLedger
import Stage
import Testing

@testable import Reports

/// A report counts everything in one pass; here each figure is computed separately from the rows.
@Suite("Report figures") struct ReportCountTests {
    private let folder = TemporaryFolder()

    @Test("A report's figures match the rows, in any order", arguments: 1...24) func figures(seed: UInt64) async throws
    {
        let path = folder.path("ledger.sqlite")
        let chronicle = try LedgerFixture(path)
        var dice = Dice(state: seed)
        try await Self.fill(chronicle, &dice)
        try await Self.spread(path, over: ["S1", "S2"])
        let runs = Int.random(in: 1...20, using: &dice)
        let report = try await chronicle.report(runs: runs)
        let plain = try PlainCount(path, runs: runs)
        #expect(report.runs.map(\.called) == plain.called)
        #expect(report.groups.map(\.key) == plain.taken.keys.sorted())
        for group in report.groups {
            #expect(group.taken == plain.taken[group.key], "\(group.key)")
            let drifts = group.results.map { $0?.drift ?? 0 }
            let periods = try #require(report.periods)
            #expect(drifts == plain.drifts(of: group, in: periods), "\(group.key)")
        }
        #expect(report.flapping == plain.flapping)
        // Longer ledgers have people who come and go, so that the comparison is meaningful.
        if runs > 15, seed.isMultiple(of: 4) { #expect(!report.flapping.isEmpty) }
    }

    @Test("The figures are right for more people than one look-up or the initial capacity holds") func manyPeople()
        async throws
    {
        let chronicle = try LedgerFixture(folder.path("ledger.sqlite"))
        let people: [UInt64] = Array(1...600)
        for day in 1...2 { try await chronicle.run(day, people.map { .add($0) }) }
        try await chronicle.run(3, people.map { .add($0, .planned, name: "person \($0)") })
        let report = try await chronicle.report()
        #expect(report.groups[0].taken == ActionCounts(adds: 1_200))
        #expect(report.runs.map(\.called) == [600, 600, 600])
        #expect(report.flapping.map(\.phone) == (try people.map(LedgerFixture.phone)))
        #expect(report.flapping.allSatisfy { $0.counts == ActionCounts(adds: 2) && $0.last == LedgerFixture.night(2) })
        #expect(report.flapping.map(\.person) == people.map { "person \($0)" })
    }

    @Test(
        "A row that this version did not write is not counted",
        arguments: [
            ("phone", "62"), ("phone", "+"), ("phone", "+0628110000001"), ("phone", "+62811000000123456789"),
            ("phone", "+62811x000001"), ("group_jid", "x"), ("session", ""), ("sent_at", "soon"), ("planned_at", ""),
        ])
    func unreadable(column: String, text: String) async throws {
        let path = folder.path("ledger.sqlite")
        let chronicle = try LedgerFixture(path)
        try await chronicle.run(1, [.add(1)])
        try await DatabaseQueue(path: path).write { database in
            try database.execute(sql: "UPDATE actions SET \(column) = ?", arguments: [text])
        }
        let detail = "column \(column) has a value that this version did not write"
        await #expect(throws: LedgerError.failed(path: path, detail: detail)) { try await chronicle.report() }
    }

    private static func fill(_ chronicle: LedgerFixture, _ dice: inout Dice) async throws {
        var day = 1
        for _ in 1...20 {
            day += Int.random(in: 0...9, using: &dice)
            let changes = (0..<Int.random(in: 0...12, using: &dice)).map { _ in
                LedgerFixture.Change(
                    operation: Operation.allCases.randomElement(using: &dice) ?? .add,
                    person: UInt64.random(in: 1...4, using: &dice),
                    status: [.confirmed, .confirmed, .confirmed, .accepted, .declined, .failed, .unknown, .planned]
                        .randomElement(using: &dice) ?? .confirmed,
                    group: Int.random(in: 1...3, using: &dice),
                    name: [nil, "amina", "a name of more than fifteen letters"].randomElement(using: &dice) ?? nil)
            }
            let holds = (0..<Int.random(in: 0...3, using: &dice)).map { _ in
                LedgerFixture.Hold(
                    kind: "withheld", person: UInt64.random(in: 1...9, using: &dice),
                    group: Int.random(in: 1...3, using: &dice))
            }
            try await chronicle.run(day, sizes: [1: 10, 2: 20, 3: nil], changes, holds: holds)
        }
    }

    /// Assigns each group to several sessions, each with some of the actions, so that neighbouring rows differ.
    private static func spread(_ path: String, over sessions: [String]) async throws {
        try await DatabaseQueue(path: path).write { database in
            for (number, session) in sessions.enumerated() {
                try database.execute(
                    sql: """
                        UPDATE actions SET session = :session WHERE id % :count = :number;
                        INSERT INTO group_runs (run_id, gateway, session, group_jid, status, size_before)
                        SELECT run_id, gateway, :session, group_jid, status, size_before FROM group_runs
                        WHERE session = 'S1' AND :session <> 'S1'
                        """, arguments: ["session": session, "count": sessions.count, "number": number])
            }
        }
    }
}

/// A report's figures, each computed separately from all rows.
private struct PlainCount {
    var called: [Int] = []
    var taken: [GroupKey: ActionCounts] = [:]
    var flapping: [FlappingPerson] = []
    private var starts: [String: Timestamp] = [:]
    private var actions: [Action] = []
    private var withheld: [(run: String, key: GroupKey)] = []

    private struct Action {
        let run: String
        let key: GroupKey
        let phone: PhoneNumber
        let operation: String
        let status: String
        let name: String?
        let plannedAt: Timestamp
        let sentAt: Timestamp?
    }

    init(_ path: String, runs count: Int) throws {
        let (runs, rows, holds, groups) = try DatabaseQueue(path: path).read { database in
            (
                try Row.fetchAll(database, sql: "SELECT * FROM runs ORDER BY id DESC LIMIT ?", arguments: [count]),
                try Row.fetchAll(database, sql: "SELECT * FROM actions ORDER BY id"),
                try Row.fetchAll(database, sql: "SELECT * FROM holds"),
                try Row.fetchAll(database, sql: "SELECT * FROM group_runs")
            )
        }
        for run in runs { starts[run["id"]] = try Self.time(run, "started_at") }
        let first = try #require(starts.values.min())
        actions = try rows.map { row in
            Action(
                run: row["run_id"], key: try Self.key(row), phone: try Self.phone(row), operation: row["op"],
                status: row["status"], name: row["person"], plannedAt: try Self.time(row, "planned_at"),
                sentAt: (row["sent_at"] as String?).flatMap(Timestamp.init(iso8601:)))
        }
        withheld = try holds.map { (run: $0["run_id"], key: try Self.key($0)) }
        for row in groups where starts[row["run_id"]] != nil { taken[try Self.key(row)] = ActionCounts() }
        called = starts.keys.sorted().map { run in actions.count { $0.run == run } }
        for action in actions where ["accepted", "confirmed"].contains(action.status) {
            guard let sentAt = action.sentAt, sentAt >= first else { continue }
            Self.count(action.operation, in: &taken[action.key, default: ActionCounts()])
        }
        let planned = actions.filter { $0.plannedAt >= first }
        let people = Dictionary(grouping: planned) { ["\($0.key)", $0.phone.e164] }
        flapping = people.values.compactMap(Self.flapping).sorted { left, right in
            (-left.counts.total, left.key, left.phone) < (-right.counts.total, right.key, right.phone)
        }
    }

    /// Returns the maximum that one run called for and blocked in each period.
    func drifts(of group: ReportedGroup, in periods: ReportPeriods) -> [Int] {
        var most = [Int](repeating: 0, count: periods.count)
        for (run, start) in starts {
            let number =
                actions.count { $0.run == run && $0.key == group.key }
                + withheld.count { $0.run == run && $0.key == group.key }
            let position = periods.position(of: start)
            most[position] = max(most[position], number)
        }
        return most
    }

    /// Returns one person's actions in one group that were done twice in the thirty days before another was planned.
    private static func flapping(_ actions: [Action]) -> FlappingPerson? {
        var pointedOut: Set<Bool> = []
        var done: [Action] = []
        func isMembership(_ action: Action) -> Bool { ["add", "remove"].contains(action.operation) }
        for action in actions {
            let since = action.plannedAt.advanced(byMilliseconds: -30 * 86_400_000)
            let turns = done.filter { isMembership($0) == isMembership(action) && ($0.sentAt ?? since) > since }
            if turns.count >= 2 { pointedOut.insert(isMembership(action)) }
            if action.status == "confirmed" { done.append(action) }
        }
        let told = done.filter { pointedOut.contains(isMembership($0)) }
        guard let last = told.compactMap(\.sentAt).max(), let one = actions.first else { return nil }
        func count(_ operation: String) -> Int { told.count { $0.operation == operation } }
        return FlappingPerson(
            key: one.key, phone: one.phone, person: actions.compactMap(\.name).last,
            counts: ActionCounts(
                adds: count("add"), promotes: count("promote"), demotes: count("demote"), removes: count("remove")),
            last: last)
    }

    private static func count(_ operation: String, in counts: inout ActionCounts) {
        switch operation {
        case "add": counts[.add] += 1
        case "promote": counts[.promote] += 1
        case "demote": counts[.demote] += 1
        default: counts[.remove] += 1
        }
    }

    private static func key(_ row: Row) throws -> GroupKey {
        GroupKey(
            gateway: GatewayName(row["gateway"]), session: try #require(SessionID(row["session"])),
            group: try #require(GroupID(row["group_jid"])))
    }

    private static func phone(_ row: Row) throws -> PhoneNumber {
        try #require(UInt64((row["phone"] as String).dropFirst()).flatMap(PhoneNumber.init(digits:)))
    }

    private static func time(_ row: Row, _ column: String) throws -> Timestamp {
        try #require(Timestamp(iso8601: row[column]))
    }
}

/// Reproducible numbers (SplitMix64).
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

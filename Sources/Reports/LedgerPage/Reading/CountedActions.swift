import Core
import GRDB
import RunLedger

/// All counts of actions in a report, from one pass over their table.
///
/// Nearly every figure needs all actions, each grouped differently. Reading every row once, in the order on disk, is
/// faster than having SQLite sort a million rows for each figure.
struct CountedActions {
    /// How many changes each run called for, by the index of the covered run.
    private(set) var called: [Int]
    /// How many changes each covered run called for in each group; one pair may have several parts.
    private(set) var drift: [Drift] = []
    /// The groups and their indices.
    private(set) var groups = GroupIndex()
    /// The changes that the gateway accepted since the first covered run began, by the group's index.
    private(set) var taken: [ActionCounts] = []

    private let first: Timestamp
    private let positions: [String: Int]
    private var people = PeopleByGroup()

    // The values of the row before; most rows repeat them.
    private var run: (words: LatestText, position: Int?) = (LatestText(), nil)
    private var planned = (words: LatestText(), at: Timestamp(milliseconds: 0))
    private var group = 0
    private var streak = 0

    /// Counts the actions of covered runs, and those planned or sent since the first covered run began.
    init(of covered: CoveredRuns, in database: Database) throws {
        called = [Int](repeating: 0, count: covered.records.count)
        positions = covered.positions
        guard let first = covered.records.map(\.startedAt).min() else {
            first = Timestamp(milliseconds: 0)
            return
        }
        self.first = first
        let statement = try database.makeStatement(
            sql: """
                SELECT run_id, gateway, session, group_jid, phone, op, status, planned_at, sent_at,
                    iif(person IS NULL, 0, id)
                FROM actions NOT INDEXED WHERE run_id >= :run OR planned_at >= :first OR sent_at >= :first ORDER BY id
                """)
        let cursor = try Row.fetchCursor(statement, arguments: ["run": covered.first, "first": first.iso8601])
        while try cursor.next() != nil { try take(RawRow(statement: statement.sqliteStatement)) }
        endStreak()
        people.finish()
    }

    /// Returns the people that plans of the covered time warned of, most changes first.
    ///
    /// They were added or removed, or promoted or demoted, twice within thirty days, and another such change was due.
    func flapping(in database: Database) throws -> [FlappingPerson] {
        let keys = groups.keys
        var ranks = [Int](repeating: 0, count: keys.count)
        for (rank, group) in keys.indices.sorted(by: { keys[$0] < keys[$1] }).enumerated() { ranks[group] = rank }
        let told = people.all.compactMap { person in
            person.flapping.map { counts in
                (
                    position: (-counts.total, ranks[Int(person.group)], person.phone.orderKey), person: person,
                    counts: counts
                )
            }
        }.sorted { $0.position < $1.position }
        let names = try Self.names(in: told.map(\.person.namingRow), database)
        return told.map { _, person, counts in
            person.entry(counts, in: keys[Int(person.group)], name: names[person.namingRow])
        }
    }

    /// Returns the names in some rows; read late, because only few people are listed.
    private static func names(in rows: [Int64], _ database: Database) throws -> [Int64: String] {
        var names: [Int64: String] = [:]
        let list = rows.filter { $0 != 0 }.sorted().map(String.init).joined(separator: ",")
        try database.forEachRow(
            "SELECT actions.id, person FROM json_each(?) CROSS JOIN actions ON actions.id = value", ["[\(list)]"]
        ) { row in names[row[0]] = row[1] }
        return names
    }

    private mutating func take(_ row: RawRow) throws {
        try turn(to: row)
        streak += 1
        let operation = try row.readable(Operation(try row.text(.op)), in: .op)
        let status = try row.text(.status)
        let isConfirmed = status.spells("confirmed")
        var sentAt: Timestamp?
        if isConfirmed || status.spells("accepted"), let text = row.optional(.sentAt) {
            sentAt = try row.readable(text.time, in: .sentAt)
        }
        if let sentAt, sentAt >= first { taken[group][operation] += 1 }
        let plannedText = try row.text(.plannedAt)
        if planned.words.changes(to: plannedText) { planned.at = try row.readable(plannedText.time, in: .plannedAt) }
        guard planned.at >= first else { return }
        // A person known by LID alone has no number; repeated changes are tracked by number.
        guard let text = row.optional(.phone) else { return }
        let phone = try row.readable(text.phone, in: .phone)
        people.take(
            PersonalAction(
                phone: phone, group: UInt32(group), operation: operation, plannedAt: planned.at,
                doneAt: isConfirmed ? sentAt : nil, namingRow: row.number(Column.naming.rawValue)))
    }

    /// Selects the run and the group of a row.
    private mutating func turn(to row: RawRow) throws {
        let runText = try row.text(.run)
        let isOtherRun = run.words.changes(to: runText)
        let group = try groups.position(
            gateway: try row.text(.gateway), session: try row.text(.session), group: try row.text(.group))
        guard isOtherRun || group != self.group else { return }
        endStreak()
        if isOtherRun { run.position = positions[String(runText)] }
        self.group = group
        while taken.count <= group { taken.append(ActionCounts()) }
    }

    private mutating func endStreak() {
        defer { streak = 0 }
        guard streak > 0, let run = run.position else { return }
        called[run] += streak
        drift.append(Drift(run: run, group: group, number: streak))
    }
}

/// How many changes a covered run called for or blocked in one group.
struct Drift {
    /// The index of the covered run.
    let run: Int
    /// The group's index.
    let group: Int
    let number: Int
}

extension Operation {
    /// Reads the word in a row; nil for any other word.
    fileprivate init?(_ text: RawText) {
        if text.spells("add") {
            self = .add
        } else if text.spells("remove") {
            self = .remove
        } else if text.spells("promote") {
            self = .promote
        } else if text.spells("demote") {
            self = .demote
        } else {
            return nil
        }
    }
}

/// The columns of the query, in order.
private enum Column: Int32 {
    case run, gateway, session, group, phone, op, status, plannedAt, sentAt, naming
}

extension RawRow {
    fileprivate func optional(_ column: Column) -> RawText? { text(column.rawValue) }

    fileprivate func text(_ column: Column) throws -> RawText { try readable(optional(column), in: column) }

    /// Returns a value that was read from a column; throws if the column has none that this version writes.
    fileprivate func readable<Value>(_ value: Value?, in column: Column) throws -> Value {
        guard let value else { throw UnreadableRow(column: name(of: column.rawValue)) }
        return value
    }
}

import GRDB
import Membership

/// What a report counts of the actions, from one walk through their table.
///
/// Nearly every figure needs all of them, and each by another order. So each row is read once, in the order in which it lies
/// on the disk, and added to the counts it belongs to: SQLite would sort a million rows for each figure, or look each up.
struct CountedActions {
    /// How many changes each run called for, by the run's place among the covered.
    private(set) var called: [Int]
    /// How many changes each covered run called for in each group, where it did; maybe in several parts.
    private(set) var drift: [Drift] = []
    /// The groups, each with its place.
    private(set) var groups = PlacedGroups()
    /// What the gateway took of each group since the first covered run began, by the group's place.
    private(set) var taken: [RunTally] = []

    private let first: Timestamp
    private let places: [String: Int]
    private var people = PeopleByGroup()

    // What the row before was about: of most rows it is the same.
    private var run: (words: LatestText, place: Int?) = (LatestText(), nil)
    private var planned = (words: LatestText(), at: Timestamp(milliseconds: 0))
    private var group = 0
    private var streak = 0

    /// Counts the actions of covered runs, and those that were planned or sent since the first of these began.
    init(of covered: CoveredRuns, in database: Database) throws {
        called = [Int](repeating: 0, count: covered.records.count)
        places = covered.places
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

    /// Whoever was added or removed, or promoted or demoted, twice within thirty days and was to be again, the most turns
    /// first: what plans of the covered time pointed out.
    func flapping(in database: Database) throws -> [FlappingPerson] {
        let keys = groups.keys
        var ranks = [Int](repeating: 0, count: keys.count)
        for (rank, group) in keys.indices.sorted(by: { keys[$0] < keys[$1] }).enumerated() { ranks[group] = rank }
        let told = people.all.compactMap { person in
            person.turns.map { turns in
                (place: (-turns.total, ranks[Int(person.group)], person.phone.orderKey), person: person, turns: turns)
            }
        }.sorted { $0.place < $1.place }
        let names = try Self.names(in: told.map(\.person.namingRow), database)
        return told.map { _, person, turns in
            person.told(turns, in: keys[Int(person.group)], name: names[person.namingRow])
        }
    }

    /// The names that some rows give; few of those who were counted are told of, so that names are read only now.
    private static func names(in rows: [Int64], _ database: Database) throws -> [Int64: String] {
        var names: [Int64: String] = [:]
        let list = rows.filter { $0 != 0 }.sorted().map(String.init).joined(separator: ",")
        let cursor = try Row.fetchCursor(
            database, sql: "SELECT actions.id, person FROM json_each(?) CROSS JOIN actions ON actions.id = value",
            arguments: ["[\(list)]"])
        while let row = try cursor.next() { names[row[0]] = row[1] }
        return names
    }

    private mutating func take(_ row: RawRow) throws {
        try turn(to: row)
        streak += 1
        guard let operation = ActionOperation(try row.text(.op)) else { throw UnreadableRow(column: "op") }
        let status = try row.text(.status)
        let isConfirmed = status.spells("confirmed")
        var sentAt: Timestamp?
        if isConfirmed || status.spells("accepted"), let text = row.optional(.sentAt) {
            sentAt = try text.time(in: .sentAt)
        }
        if let sentAt, sentAt >= first { taken[group].count(operation) }
        let plannedText = try row.text(.plannedAt)
        if planned.words.changes(to: plannedText) { planned.at = try plannedText.time(in: .plannedAt) }
        guard planned.at >= first else { return }
        // Whoever is known by LID alone has no number; what comes again and again is told by numbers.
        guard let text = row.optional(.phone) else { return }
        guard let phone = text.phone else { throw UnreadableRow(column: "phone") }
        people.take(
            PersonalAction(
                phone: phone, group: UInt32(group), operation: operation, plannedAt: planned.at,
                doneAt: isConfirmed ? sentAt : nil, namingRow: row.number(Column.naming.rawValue)))
    }

    /// Turns to the run and the group that a row is about.
    private mutating func turn(to row: RawRow) throws {
        let runText = try row.text(.run)
        let isOtherRun = run.words.changes(to: runText)
        let group = try groups.place(
            gateway: try row.text(.gateway), session: try row.text(.session), group: try row.text(.group))
        guard isOtherRun || group != self.group else { return }
        endStreak()
        if isOtherRun { run.place = places[String(runText)] }
        self.group = group
        while taken.count <= group { taken.append(RunTally()) }
    }

    private mutating func endStreak() {
        defer { streak = 0 }
        guard streak > 0, let run = run.place else { return }
        called[run] += streak
        drift.append(Drift(run: run, group: group, number: streak))
    }
}

/// How many changes one of the covered runs called for, or withheld, in one group.
struct Drift {
    /// The run's place among the covered.
    let run: Int
    /// The group's place.
    let group: Int
    let number: Int
}

/// The columns of the walk, in its order.
private enum Column: Int32 {
    case run, gateway, session, group, phone, op, status, plannedAt, sentAt, naming

    /// What it is called in the table.
    var name: String {
        switch self {
        case .run: "run_id"
        case .gateway: "gateway"
        case .session: "session"
        case .group: "group_jid"
        case .phone: "phone"
        case .op: "op"
        case .status: "status"
        case .plannedAt: "planned_at"
        case .sentAt: "sent_at"
        case .naming: "person"
        }
    }
}

extension RawRow {
    fileprivate func optional(_ column: Column) -> RawText? { text(column.rawValue) }

    fileprivate func text(_ column: Column) throws -> RawText {
        guard let text = optional(column) else { throw UnreadableRow(column: column.name) }
        return text
    }
}

extension RawText {
    fileprivate func time(in column: Column) throws -> Timestamp {
        guard let time else { throw UnreadableRow(column: column.name) }
        return time
    }
}

extension RunTally {
    /// Counts one change that the gateway took.
    fileprivate mutating func count(_ operation: ActionOperation) {
        switch operation {
        case .add: adds += 1
        case .promote: promotes += 1
        case .demote: demotes += 1
        case .remove: removes += 1
        }
    }
}

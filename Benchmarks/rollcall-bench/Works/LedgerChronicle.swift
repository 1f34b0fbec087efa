import Core
import GRDB
import RunLedger

/// A ledger of 400 nights: four sessions with 75 groups each, and 60,000 people.
///
/// Each night changes something in each group. The ledger's own module creates the tables; this type writes the rows as
/// the program would.
struct LedgerChronicle {
    /// The number of actions.
    let actions: Int

    /// Id of the latest run.
    private(set) var latestRun = ""
    /// The last run that acted on `knownPerson`.
    private(set) var runOfKnownPerson = ""
    /// The number of adds that the session of `knownGroup` sent since `lastDay`.
    private(set) var addsOfLastDay = 0

    /// A person that runs changed.
    let knownPerson = 4_711
    /// A group that every run changed.
    let knownGroup = 17

    private static let runs = 400
    private static let groups = 300
    private static let sessions = 4
    private static let people = 60_000
    private static let day: Int64 = 86_400_000
    private static let begin = Timestamp(milliseconds: 1_767_225_600_000)
    private var dice = Dice(seed: 11)
    private var id = 0

    init(actions: Int) { self.actions = actions }

    /// The session of a group.
    func session(of group: Int) -> String { "01HZ0SESSION000000000000\(group % Self.sessions)" }

    /// Start of the latest run.
    var lastDay: Timestamp { start(of: Self.runs - 1) }

    private func start(of run: Int) -> Timestamp { Self.begin.advanced(byMilliseconds: Int64(run) * Self.day) }

    /// Writes the whole ledger.
    mutating func write(to path: String) throws {
        _ = try Ledger(path: path)
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000")
            try database.inTransaction {
                for run in 0..<Self.runs { try write(run, to: database) }
                try writeMemory(to: database)
                return .commit
            }
            try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try queue.close()
    }

    private mutating func write(_ run: Int, to database: Database) throws {
        let time = start(of: run)
        let name = RunID(at: time, randomness: (dice.next(), UInt16(truncatingIfNeeded: dice.next()))).text
        latestRun = name
        var tally = [0, 0, 0, 0]
        let count = actions / Self.runs
        for group in 0..<Self.groups {
            let first = group * count / Self.groups
            for sequence in first..<(group + 1) * count / Self.groups {
                let operation = try writeAction(sequence - first + 1, of: group, run, name, to: database)
                tally[operation] += 1
            }
            try database.cachedStatement(
                sql: """
                    INSERT INTO group_runs (run_id, gateway, session, group_jid, name, status, size_before, size_after)
                    VALUES (?, 'default', ?, ?, ?, 'changed', 200, 201)
                    """
            ).execute(arguments: [name, session(of: group), People.group(group), "Group \(group)"])
            try writeHolds(of: group, name, to: database)
        }
        try database.execute(
            sql: """
                INSERT INTO runs (id, command, started_at, finished_at, status, exit_code, policy_digest, version, host,
                adds, promotes, demotes, removes, holds, errors)
                VALUES (?, 'apply', ?, ?, 'succeeded', 0, 'sha256:00', '0.1.0', 'bench', ?, ?, ?, ?, ?, 0)
                """,
            arguments: [
                name, time.iso8601, time.advanced(byMilliseconds: 3_600_000).iso8601, tally[0], tally[1], tally[2],
                tally[3],
                Self.groups,
            ])
    }

    /// Writes an action, usually sent and confirmed; returns its kind, 0 to 3.
    private mutating func writeAction(
        _ sequence: Int, of group: Int, _ run: Int, _ name: String, to database: Database
    ) throws -> Int {
        id += 1
        let operation = [0, 0, 0, 0, 0, 1, 2, 3, 3, 3][Int.random(in: 0..<10, using: &dice)]
        // Most groups have their own people; a tenth of the actions concern anybody.
        let span = Self.people / Self.groups
        let isKnown = group == knownGroup && sequence == 1 && run % 50 == 0
        let person =
            isKnown
            ? knownPerson
            : Int.random(in: 0..<10, using: &dice) == 0
                ? Int.random(in: 0..<Self.people, using: &dice)
                : group * span + Int.random(in: 0..<span, using: &dice)
        if person == knownPerson { runOfKnownPerson = name }
        let outcome = Int.random(in: 0..<100, using: &dice)
        let status = outcome < 95 ? "confirmed" : outcome < 98 && operation == 0 ? "declined" : "failed"
        let planned = start(of: run)
        let sent = planned.advanced(byMilliseconds: Int64(sequence) * 3_000 + 1)
        let finished = sent.advanced(byMilliseconds: 200).iso8601
        if run == Self.runs - 1, operation == 0, session(of: group) == session(of: knownGroup) { addsOfLastDay += 1 }
        try database.cachedStatement(
            sql: """
                INSERT INTO actions (id, run_id, gateway, session, group_jid, seq, op, phone, jid, lid, person, source, status,
                attempts, http_status, error_code, planned_at, sent_at, finished_at)
                VALUES (?, ?, 'default', ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, 1, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                id, name, session(of: group), People.group(group), sequence,
                ["add", "promote", "demote", "remove"][operation], People.phone(person), People.jid(person),
                operation == 0 ? nil : People.lid(person), "policies/groups.yaml:\(group * 40 + sequence):7", status,
                status == "failed" ? 403 : 204, status == "confirmed" ? nil : status, planned.iso8601, sent.iso8601,
                finished,
            ])
        try database.cachedStatement(
            sql: """
                INSERT INTO attempts (action_id, attempt, status, http_status, sent_at, finished_at) VALUES (?, 1, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                id, status == "failed" ? "failed" : "accepted", status == "failed" ? 403 : 204, sent.iso8601, finished,
            ])
        return operation
    }

    private mutating func writeHolds(of group: Int, _ name: String, to database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO holds (run_id, gateway, session, group_jid, kind, phone, message)
                VALUES (?, 'default', ?, ?, ?, ?, ?)
                """)
        let key = [session(of: group), People.group(group)]
        try statement.execute(
            arguments: [name, key[0], key[1], "self", People.phone(0), "the session's own account is never removed"])
        guard Int.random(in: 0..<5, using: &dice) == 0 else { return }
        let person = Int.random(in: 0..<Self.people, using: &dice)
        try statement.execute(
            arguments: [name, key[0], key[1], "declined", People.phone(person), "2 adds never showed in the group"])
    }

    /// Writes the accounts that each session knows.
    private func writeMemory(to database: Database) throws {
        let (first, last) = (Self.begin.iso8601, lastDay.iso8601)
        for person in 0..<Self.people {
            try database.cachedStatement(
                sql: """
                    INSERT INTO identities (gateway, session, lid, phone, first_seen_at, last_seen_at)
                    VALUES ('default', ?, ?, ?, ?, ?)
                    """
            ).execute(
                arguments: [
                    session(of: person / (Self.people / Self.groups)), People.lid(person), People.phone(person), first,
                    last,
                ])
        }
    }
}

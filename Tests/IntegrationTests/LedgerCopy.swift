import Core
import Foundation
import GRDB

/// A ledger's contents at a moment, read from a copy of its files, because opening the ledger would recover it after a
/// crash.
struct LedgerCopy {
    /// SQLite's integrity result.
    let integrity: String
    /// The runs, oldest first.
    let runs: [RunRow]
    /// The actions in planned order.
    let actions: [ActionRow]
    /// The tries of people who decline, by group and number.
    let tries: [String: Int]

    /// A run.
    struct RunRow {
        /// The id.
        let id: String
        /// `plan` or `apply`.
        let command: String
        /// How it ended.
        let status: String
        /// The adds, promotions, demotions and removals that the row counts.
        let taken: [Int]
    }

    /// An action with its attempts.
    struct ActionRow {
        /// The run.
        let run: String
        /// What it requests.
        let step: GatewayRecord.Step
        /// The status.
        let status: String
        /// When it was last sent; nil if never.
        let sentAt: String?
        /// The number of times it was sent, from its own column.
        let count: Int
        /// Each time it was sent, with the result.
        var attempts: [(sentAt: String, status: String)]

        /// Adds the row's latest call if it has no attempt row yet.
        mutating func addAttemptUnderWay() {
            guard status == "sending" || status == "accepted", attempts.count < count, let sentAt else { return }
            attempts.append((sentAt, status))
        }
    }

    /// Reads a ledger; empty if there is none yet.
    init(of path: String) async throws {
        guard FileManager.default.fileExists(atPath: path) else {
            (integrity, runs, actions, tries) = ("ok", [], [], [:])
            return
        }
        let scratch = try ScratchFolder()
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: scratch.path("copy" + suffix))
        }
        let queue = try DatabaseQueue(path: scratch.path("copy"))
        self = try await queue.read { database in try LedgerCopy(database) }
        try queue.close()
    }

    private init(_ database: Database) throws {
        integrity = try String.fetchAll(database, sql: "PRAGMA integrity_check").joined(separator: "; ")
        guard try database.tableExists("attempts") else {
            (runs, actions, tries) = ([], [], [:])
            return
        }
        runs = try Row.fetchAll(database, sql: "SELECT * FROM runs ORDER BY id").map { row in
            RunRow(
                id: row["id"], command: row["command"], status: row["status"],
                taken: [row["adds"], row["promotes"], row["demotes"], row["removes"]])
        }
        let attempts = Dictionary(
            grouping: try Row.fetchAll(database, sql: "SELECT * FROM attempts ORDER BY action_id, attempt"),
            by: { $0["action_id"] as Int64 })
        actions = try Row.fetchAll(database, sql: "SELECT * FROM actions ORDER BY id").map { row in
            var action = ActionRow(
                run: row["run_id"],
                step: GatewayRecord.Step(
                    session: row["session"], group: row["group_jid"], operation: row["op"], jid: row["jid"]),
                status: row["status"], sentAt: row["sent_at"], count: row["attempts"],
                attempts: (attempts[row["id"]] ?? []).map { ($0["sent_at"], $0["status"]) })
            action.addAttemptUnderWay()
            return action
        }
        tries = Dictionary(
            uniqueKeysWithValues: try Row.fetchAll(database, sql: "SELECT * FROM declined_adds").map { row in
                ("\(row["group_jid"] as String) \(row["phone"] as String)", row["tries"])
            })
    }

    /// Returns what is wrong with it or missing, given all requests to the gateway.
    func wrongs(given record: GatewayRecord) -> [String] {
        var wrongs = integrity == "ok" ? [] : ["integrity: \(integrity)"]
        for action in actions {
            if action.count != action.attempts.count || action.sentAt != action.attempts.last?.sentAt {
                wrongs.append(
                    "\(action.step) was sent \(action.count) times, last at \(action.sentAt ?? "no time"), by its row, "
                        + "and by its attempts \(action.attempts)")
            }
            if (action.status == "sending") != (action.attempts.last?.status == "sending") {
                wrongs.append("\(action.step) is \(action.status), and its attempts are \(action.attempts)")
            }
        }
        var received: [GatewayRecord.Step: [String]] = [:]
        for call in record.calls { for step in call.steps { received[step, default: []].append(call.time) } }
        let sent = Dictionary(grouping: actions, by: \.step).mapValues { $0.flatMap(\.attempts).map(\.sentAt) }
        for (step, times) in received {
            // Each call belongs to an attempt that is not later, in order. The clocks of two programs may differ by a
            // millisecond.
            for (position, time) in times.sorted().enumerated()
            where (sent[step] ?? []).count(where: { $0 <= Self.justAfter(time) }) <= position {
                wrongs.append(
                    "call \(position + 1) for \(step) arrived at \(time), but the record has \(sent[step] ?? [])")
            }
        }
        return wrongs
    }

    private static func justAfter(_ time: String) -> String {
        Timestamp(iso8601: time)?.advanced(byMilliseconds: 1).iso8601 ?? time
    }

    /// Returns what the last run was doing when it died.
    func phase(given record: GatewayRecord) -> CrashPhase {
        guard let run = runs.last(where: { $0.command == "apply" }) else { return .beginning }
        guard run.status == "running" else { return .afterwards }
        let own = actions.filter { $0.run == run.id }
        if own.isEmpty { return .reading }
        let open = own.filter { $0.status == "sending" }
        if !open.isEmpty {
            let hasArrived = open.contains { action in
                record.calls.contains { $0.time >= action.sentAt ?? "~" && $0.steps.contains(action.step) }
            }
            return hasArrived ? .answerOpen : .callOpen
        }
        let groups = Dictionary(grouping: own, by: \.step.group).values
        let isConfirming = groups.contains { group in
            group.contains { $0.status == "accepted" } && !group.contains { $0.status == "planned" }
        }
        if isConfirming { return .confirming }
        return own.contains { $0.status == "planned" } ? .betweenCalls : .ending
    }
}

/// What an apply was doing when it was killed.
enum CrashPhase: String, CaseIterable {
    /// Not on record yet.
    case beginning = "before the run was on record"
    /// No plan yet.
    case reading = "while the groups were read"
    /// A call is committed, but has not reached the gateway.
    case callOpen = "a call committed, but not arrived"
    /// A call has reached the gateway, but its result is not on record.
    case answerOpen = "a call arrived, its answer not on record"
    /// No session is calling.
    case betweenCalls = "between two calls"
    /// All of a group's calls are made, and its member list is being read.
    case confirming = "while a group was confirmed"
    /// Every action is settled.
    case ending = "before the run was closed"
    /// The run has ended.
    case afterwards = "after the end"
}

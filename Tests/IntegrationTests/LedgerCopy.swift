import Foundation
import GRDB
import Membership

/// What a ledger holds at a moment, read from a copy of its files: looking at the ledger itself would tidy up after a crash.
struct LedgerCopy {
    /// What SQLite says of its pages.
    let integrity: String
    /// The runs, oldest first.
    let runs: [RunRow]
    /// The actions in the order in which they were planned.
    let actions: [ActionRow]
    /// How often someone was tried who declines, by group and number.
    let tries: [String: Int]

    /// A run.
    struct RunRow {
        /// The id.
        let id: String
        /// `plan` or `apply`.
        let command: String
        /// How it ended.
        let status: String
        /// What the gateway took, by its word.
        let taken: [Int]
    }

    /// An action with its attempts.
    struct ActionRow {
        /// The run.
        let run: String
        /// What it asks for.
        let step: GatewayRecord.Step
        /// How far it has come.
        let status: String
        /// When it was last sent; nil where it never was.
        let sentAt: String?
        /// How often it was sent, by its own column.
        let count: Int
        /// Each time it was sent, and what came of that.
        var attempts: [(sentAt: String, status: String)]

        /// Adds what the row says of its latest call, where that has no row among the attempts yet.
        mutating func addAttemptUnderWay() {
            guard status == "sending" || status == "accepted", attempts.count < count, let sentAt else { return }
            attempts.append((sentAt, status))
        }
    }

    /// Reads a ledger; nothing where there is none yet.
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

    /// What is wrong with it, or missing from it, given all that the gateway has received.
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
            // The first call belongs to an attempt that is no later, the second to another one, and so on. The clocks of two programs
            // may be a millisecond apart.
            for (place, time) in times.sorted().enumerated()
            where (sent[step] ?? []).count(where: { $0 <= Self.justAfter(time) }) <= place {
                wrongs.append("call \(place + 1) for \(step) came at \(time), but on record is \(sent[step] ?? [])")
            }
        }
        return wrongs
    }

    private static func justAfter(_ time: String) -> String {
        Timestamp(iso8601: time)?.advanced(byMilliseconds: 1).iso8601 ?? time
    }

    /// In the midst of what the last run was when it died.
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
    /// A call was committed, and had not come to the gateway.
    case callOpen = "a call committed, not arrived"
    /// A call had come to the gateway, and its outcome was not on record.
    case answerOpen = "a call arrived, its answer not on record"
    /// No session was calling.
    case betweenCalls = "between two calls"
    /// All of a group's calls were made, and its roster was read.
    case confirming = "while a group was confirmed"
    /// Every action was settled.
    case ending = "before the run was closed"
    /// The run was over.
    case afterwards = "after the end"
}

import Foundation
import Membership
import RunLedger

/// What a run made of a fault: how it ended, what it recorded, and what the gateway saw.
struct MatrixResult {
    /// The field of the matrix.
    let cell: MatrixCell
    /// How the program ended.
    let ending: ProgramResult
    /// The run's row.
    let run: RunRecord
    /// The rows of the groups: the struck one, the one beside it, the one elsewhere.
    let groups: [GroupRunRecord]
    /// The rows of all actions.
    let actions: [ActionRecord]
    /// The rows of all attempts.
    let attempts: [AttemptRecord]
    /// The ledger's bytes, its companions included.
    let ledgerBytes: Data
    /// The requests of the field's sessions, in the order in which they came; those of the judged run alone.
    var requests: [RunningSimulator.Entry] = []

    /// Runs the program in a project of its own.
    static func observing(_ cell: MatrixCell, at url: String) async throws -> MatrixResult {
        let town = try Town(["rollcall.yaml": cell.configuration, "policies/town.yaml": cell.policy])
        let program = town.rollcall(url)
        if cell.call == .invite { _ = try await program.run("apply", "--yes") }
        let verb = cell.call == .invite ? ["plan", "--invite-links"] : ["apply", "--yes"]
        let ending = try await program.run(verb + ["--log-level", "debug"])
        let ledger = try Ledger(path: town.path("rollcall.sqlite"))
        let run = try await ledger.run(matching: "last")
        var bytes = Data()
        for suffix in ["", "-wal", "-shm"] {
            bytes += FileManager.default.contents(atPath: town.path("rollcall.sqlite" + suffix)) ?? Data()
        }
        return MatrixResult(
            cell: cell, ending: ending, run: run, groups: try await ledger.groups(of: run.id),
            actions: try await ledger.actions(of: run.id), attempts: try await ledger.attempts(of: run.id),
            ledgerBytes: bytes)
    }

    /// The actions of the struck group, in their order.
    var struckActions: [ActionRecord] { actions.filter { $0.key.group.jid == "\(cell.groups[0])@g.us" } }

    /// The attempts at an action, in their order.
    func attempts(at action: ActionRecord) -> [AttemptRecord] { attempts.filter { $0.action == action.id } }

    /// The requests about the struck group.
    var struckRequests: [RunningSimulator.Entry] { requests.filter { $0.path.contains(cell.groups[0]) } }

    /// The changes of the struck group and the looks at its members between them, each kind once in a row, as words.
    var sequence: [String] {
        var words: [String] = []
        for request in struckRequests {
            guard let word = request.word else { continue }
            if word == "look", words.last == "look" || words.isEmpty { continue }
            words.append(word)
        }
        return words
    }
}

extension RunningSimulator.Entry {
    /// The change that it asks for, or `look` for a reading of members; nil for everything else.
    var word: String? {
        let bare = path.prefix { $0 != "?" }
        if method == "GET" { return bare.hasSuffix("/members") ? "look" : nil }
        if method == "DELETE" { return "remove" }
        if bare.hasSuffix("/promote") { return "promote" }
        return bare.hasSuffix("/demote") ? "demote" : "add"
    }
}

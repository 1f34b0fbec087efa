import Core
import Foundation
import RunLedger
import Stage

/// The result of a run with a fault: its end, its records, and the gateway's journal.
struct MatrixResult {
    /// The cell.
    let cell: MatrixCell
    /// The program's result.
    let ending: ProgramResult
    /// The run's row.
    let run: RunRecord
    /// The rows of the groups: the affected one, the other of its session, the other session's.
    let groups: [GroupRunRecord]
    /// The rows of all actions.
    let actions: [ActionRecord]
    /// The rows of all attempts.
    let attempts: [AttemptRecord]
    /// The ledger's bytes, with its companion files.
    let ledgerBytes: Data
    /// The requests of the cell's sessions in order, only those of the judged run.
    var requests: [RunningSimulator.Entry] = []

    /// Runs the program in its own project.
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

    /// The actions of the affected group, in order.
    var struckActions: [ActionRecord] { actions.filter { $0.key.group.jid == "\(cell.groups[0])@g.us" } }

    /// Returns the attempts of an action, in order.
    func attempts(at action: ActionRecord) -> [AttemptRecord] { attempts.filter { $0.action == action.id } }

    /// The requests about the affected group.
    var struckRequests: [RunningSimulator.Entry] { requests.filter { $0.path.contains(cell.groups[0]) } }

    /// The affected group's changes and the member reads between them, as words without repetitions.
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
    /// The requested change, or `look` for a read of members; nil for everything else.
    var word: String? {
        let bare = path.prefix { $0 != "?" }
        if method == "GET" { return bare.hasSuffix("/members") ? "look" : nil }
        if method == "DELETE" { return "remove" }
        if bare.hasSuffix("/promote") { return "promote" }
        return bare.hasSuffix("/demote") ? "demote" : "add"
    }
}

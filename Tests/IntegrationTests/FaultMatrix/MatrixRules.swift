import Core
import Foundation
import RunLedger
import Stage

/// The rules that hold for every fault.
extension MatrixResult {
    /// The broken rules, one sentence each.
    var complaints: [String] {
        (endingComplaints + isolationComplaints + readingComplaints + sendingComplaints).map { "\(cell.name): \($0)" }
    }

    private var endingComplaints: [String] {
        var found: [String] = []
        if ending.signal != nil || ending.errors.contains("Fatal error") {
            found.append("it trapped: \(ending.errors)")
        }
        if cell.fault.reach == .run, ending.code != 77 { found.append("a rejected token ends with \(ending.code)") }
        if ![0, 3, 4, 69, 77].contains(ending.code) { found.append("the exit code is \(ending.code)") }
        if run.exitCode.map(Int32.init) != ending.code { found.append("the ledger says \(run.exitCode ?? -1)") }
        if (ending.output + ending.errors).contains(Town.token) { found.append("it revealed the token") }
        if ledgerBytes.firstRange(of: Data(Town.token.utf8)) != nil { found.append("the ledger holds the token") }
        let endedBefore = ending.code == 77 && groups.isEmpty
        let troubled = groups.first { [.changed, .withheld, .unchanged].contains($0.status) && $0.errorCode != nil }
        if let troubled {
            found.append("a group ended as \(troubled.status) with the code \(troubled.errorCode ?? "")")
        }
        if groups.count != 3, !endedBefore { found.append("it recorded \(groups.count) groups") }
        return found
    }

    /// A fault reaches no further than it must.
    private var isolationComplaints: [String] {
        guard groups.count == 3, cell.call != .invite else { return [] }
        var found: [String] = []
        let isSpared = cell.fault.reach == .run ? false : true
        if isSpared, groups[2].status != .changed { found.append("the other session's group is \(groups[2].status)") }
        let sparesSession = isSpared && cell.fault.reach == .group && !cell.call.isOfSession
        if sparesSession, groups[1].status != .changed {
            found.append("the session's other group is \(groups[1].status)")
        }
        return found
    }

    /// A group without a sound read is not changed.
    private var readingComplaints: [String] {
        guard let struck = groups.first, !cell.call.isMutation else { return [] }
        var found: [String] = []
        let changes = struckRequests.filter { $0.method != "GET" }
        if struck.status == .failed, !changes.isEmpty { found.append("a group that could not be read was changed") }
        if cell.fault.spelling.contains("501"), struck.status == .failed, groups.last?.status == .changed,
            requests.contains(where: { $0.method != "GET" && $0.path.contains(cell.session) })
        {
            found.append("a session that is not connected was sent a change")
        }
        if cell.call == .invite, !changes.isEmpty { found.append("a plan changed something") }
        if cell.call == .session, cell.isLasting, struck.status != .changed, changes.contains(where: \.countsAsRemoval)
        {
            found.append("someone was removed or demoted although the own account is unknown")
        }
        let struckReads = requests.count { $0.faulty && $0.path.contains(cell.session) && !$0.isDistortedList(cell) }
        if cell.fault.isFinal, cell.call != .membersAfterwards, cell.call != .check, struckReads > 2 {
            found.append("a call that must not be repeated was sent \(struckReads) times")
        }
        return found
    }

    /// Nothing is sent too often, blindly, or without a record.
    private var sendingComplaints: [String] {
        var found: [String] = []
        let sent = requests.count { $0.method != "GET" }
        if cell.call != .invite, sent != attempts.count {
            found.append("\(sent) changes were sent and \(attempts.count) are on record")
        }
        for action in actions {
            let tries = attempts(at: action)
            let unknown = tries.count { $0.status == .unknown }
            if tries.count > 4 { found.append("\(action.operation.rawValue) was sent \(tries.count) times") }
            if unknown > 2 { found.append("\(action.operation.rawValue) was sent \(unknown) times without an answer") }
            if tries.count != action.attempts {
                found.append(
                    "\(action.operation.rawValue) was sent \(action.attempts) times by its row, \(tries.count) by its attempts"
                )
            }
            let refused = tries.dropLast().first { [400, 401, 403, 404, 422, 501].contains($0.httpStatus) }
            if let refused {
                found.append("\(action.operation.rawValue) was sent again after \(refused.httpStatus ?? 0)")
            }
            let repeats = zip(tries, tries.dropFirst()).count { first, _ in first.status == .unknown }
            let word = action.operation.rawValue
            let blind = zip(sequence, sequence.dropFirst()).count { $0 == word && $1 == word }
            if repeats > 0, blind > tries.count - 1 - repeats { found.append("\(word) was sent again without a read") }
        }
        return found
    }
}

extension RunningSimulator.Entry {
    /// Whether it removes or demotes someone.
    fileprivate var countsAsRemoval: Bool { word == "remove" || word == "demote" }

    /// Whether the list is distorted so that the group is read by itself.
    func isDistortedList(_ cell: MatrixCell) -> Bool {
        cell.call == .group && path.prefix { $0 != "?" }.hasSuffix("/groups")
    }
}

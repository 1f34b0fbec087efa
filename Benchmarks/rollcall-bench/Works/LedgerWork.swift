import Core
import Foundation
import RunLedger

/// Queries on a ledger of a million actions.
struct LedgerWork: Work {
    func measure(with bench: Bench) async throws -> Section {
        let folder = try bench.folder("ledger")
        let path = "\(folder)/rollcall.sqlite"
        var chronicle = LedgerChronicle(actions: bench.scaled(1_000_000))
        bench.say("ledger: writing \(chronicle.actions) actions")
        try chronicle.write(to: path)
        let size = Figure.Unit.bytes.text(of: Double(try bench.size(of: path)))
        return Section(
            title: "a ledger of \(chronicle.actions) actions, \(size)",
            rows: try commands(path, folder, chronicle, bench) + (await queries(path, chronicle, bench)))
    }

    /// Measures whole commands.
    private func commands(
        _ path: String, _ folder: String, _ chronicle: LedgerChronicle, _ bench: Bench
    ) throws -> [Row] {
        let (latest, person) = (chronicle.latestRun, People.phone(chronicle.knownPerson))
        let group = People.group(chronicle.knownGroup)
        let questions: [(name: String, arguments: [String], saying: String, bound: Double)] = [
            ("`history`", ["history"], latest, 0.1),
            ("`history --group`", ["history", "--group", group], latest, 0.1),
            ("`history --person`", ["history", "--person", person], chronicle.runOfKnownPerson, 0.1),
            ("`show last`", ["show", "last"], latest, 0.1),
            ("`report`", ["report", "--out", "\(folder)/report.html"], "wrote ", 2),
        ]
        let trials = try bench.inTurn(
            bench.runs, "ledger",
            questions.map { question in
                {
                    try bench.run(
                        bench.rollcall, question.arguments + ["--ledger", path], in: folder, saying: question.saying)
                }
            })
        var rows = zip(questions, trials).map { question, trials in
            Row(question.name, trials.times).below(question.bound)
        }
        if let report = trials.last { rows.append(Row("`report`: memory", report.peaks)) }
        return rows
    }

    /// Measures what a run asks its ledger, through the functions that it calls.
    private func queries(_ path: String, _ chronicle: LedgerChronicle, _ bench: Bench) async throws -> [Row] {
        guard let session = SessionID(chronicle.session(of: chronicle.knownGroup)),
            let phone = PhoneNumber(digits: UInt64(People.phone(chronicle.knownPerson).dropFirst()) ?? 0)
        else { throw Complaint("Invalid session or number.") }
        let ledger = try Ledger(path: path)
        let clock = LedgerClock(at: chronicle.lastDay.advanced(byMilliseconds: 86_400_000))
        var times: (budget: [Double], latest: [Double], person: [Double]) = ([], [], [])
        for round in 0...bench.runs {
            let start = ContinuousClock.now
            let sent = try await ledger.addsSent(by: session, of: .default, since: chronicle.lastDay, by: clock)
            let afterBudget = ContinuousClock.now
            let latest = try await ledger.latestCall(by: session, of: .default, since: chronicle.lastDay, by: clock)
            let afterLatest = ContinuousClock.now
            let history = try await ledger.history(of: PersonReference(phone: phone, lid: nil, name: nil), latest: 20)
            let end = ContinuousClock.now
            guard sent == chronicle.addsOfLastDay, latest != nil, history.eventCount > 0 else {
                throw Complaint("The ledger reported \(sent) adds instead of \(chronicle.addsOfLastDay), or no calls.")
            }
            guard round > 0 else { continue }
            times.budget.append((afterBudget - start) / .seconds(1))
            times.latest.append((afterLatest - afterBudget) / .seconds(1))
            times.person.append((end - afterLatest) / .seconds(1))
        }
        return [
            Row("the day's budget of a session (\(chronicle.addsOfLastDay) adds)", Figure(times.budget, .seconds))
                .below(0.1),
            Row("a session's latest call", Figure(times.latest, .seconds)).below(0.1),
            Row("everything known about a person, for `explain`", Figure(times.person, .seconds)).below(0.1),
        ]
    }
}

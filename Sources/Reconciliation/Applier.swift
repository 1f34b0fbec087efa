package import GatewayAPI
package import Membership
package import RunLedger
import Synchronization

/// A gateway as an apply may use it.
package struct WritableGateway: Sendable {
    /// The reading port.
    package let reading: any GatewayReading
    /// The writing port.
    package let writing: any GatewayWriting

    /// Joins the two ports of a gateway.
    package init(reading: any GatewayReading, writing: any GatewayWriting) {
        self.reading = reading
        self.writing = writing
    }
}

/// Carries out a plan: sessions side by side, one session's calls one after another, each in the ledger first.
package struct Applier: Sendable {
    let gateways: [GatewayName: WritableGateway]
    let ledger: Ledger
    let time: any TimeSource
    let pace: Pace
    let control: RunControl
    let progress: any ProgressReporting
    let random: @Sendable () -> Double

    /// Takes all that carrying out a plan needs; `random` gives numbers from 0 up to 1 for the jitter.
    package init(
        gateways: [GatewayName: WritableGateway], ledger: Ledger, time: any TimeSource, pace: Pace,
        control: RunControl, progress: any ProgressReporting, random: @Sendable @escaping () -> Double
    ) {
        self.gateways = gateways
        self.ledger = ledger
        self.time = time
        self.pace = pace
        self.control = control
        self.progress = progress
        self.random = random
    }

    /// Carries out a plan whose actions the ledger already knows, by their rows in the same order.
    ///
    /// Nothing is thrown: what goes wrong with a group or an action is part of the outcome.
    package func apply(_ plan: Plan, rows: [GroupKey: [ActionRecord]], of run: RunID) async -> RunOutcome {
        let counter = CallCounter(total: plan.summary.total, progress: progress)
        let sessions = Self.sessions(of: plan)
        return await withTaskGroup(of: ([(Int, GroupOutcome)], LedgerError?).self) { group in
            for session in sessions {
                group.addTask {
                    var worker = SessionWorker(applier: self, run: run, counter: counter)
                    var outcomes: [(Int, GroupOutcome)] = []
                    for (index, groupPlan) in session {
                        let outcome = await worker.carryOut(groupPlan, rows: rows[groupPlan.key] ?? [])
                        outcomes.append((index, outcome))
                        let record = outcome.record
                        _ = await worker.record { ledger throws(LedgerError) in try await ledger.finish(record, of: run)
                        }
                    }
                    return (outcomes, worker.ledgerError)
                }
            }
            var all: [(Int, GroupOutcome)] = []
            var ledgerError: LedgerError?
            for await (some, error) in group {
                all += some
                ledgerError = ledgerError ?? error
            }
            return RunOutcome(
                groups: all.sorted { $0.0 < $1.0 }.map(\.1), stopReason: control.stopReason, ledgerError: ledgerError)
        }
    }

    /// The plan's groups by session, each with its place in the plan.
    private static func sessions(of plan: Plan) -> [[(Int, GroupPlan)]] {
        var sessions: [[(Int, GroupPlan)]] = []
        for (index, group) in plan.groups.enumerated() {
            if let last = sessions.last?.last?.1.key, last.gateway == group.key.gateway,
                last.session == group.key.session
            {
                sessions[sessions.count - 1].append((index, group))
            } else {
                sessions.append([(index, group)])
            }
        }
        return sessions
    }
}

/// Counts the calls of all sessions for whoever watches.
final class CallCounter: Sendable {
    private let done = Atomic(0)
    private let total: Int
    private let progress: any ProgressReporting

    init(total: Int, progress: any ProgressReporting) {
        self.total = total
        self.progress = progress
    }

    func count(_ calls: Int) {
        progress.report(.applying(done: done.wrappingAdd(calls, ordering: .relaxed).newValue, of: total, endsAt: nil))
    }
}

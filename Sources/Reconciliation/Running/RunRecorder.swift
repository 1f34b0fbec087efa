package import Core
package import Logging
package import RunLedger

/// Records one run in the ledger, from beginning to end.
package struct RunRecorder: Sendable {
    /// The ledger.
    package let ledger: Ledger
    /// The run's row as it began.
    package let run: RunRecord
    private let time: any TimeSource

    /// The lock against other runs that change groups; nil for a run that changes none.
    private let lock: RunLock?

    /// The sign that a run without a lock is alive.
    private let sign: LivenessLock

    /// Opens the ledger and records the beginning of a run.
    ///
    /// A run that changes groups first takes the ledger's lock, waiting if allowed, and closes the rows of dead runs.
    /// Any other run takes no lock and shows a sign of life instead.
    package init(
        command: String, ledgerPath: String, policyDigest: String, host: String, locks: LockRequest?, logger: Logger,
        time: any TimeSource, control: RunControl
    ) async throws(RunFault) {
        self.time = time
        let start = time.now()
        guard (1970...9999).contains(start.date.components.year) else { throw .clockOutOfRange(start.date) }
        var lock: RunLock?
        do throws(LedgerError) { ledger = try Ledger(path: ledgerPath) } catch { throw .ledger(error) }
        if let locks { lock = try await locks.acquire(ledgerPath, time: time, control: control) }
        do throws(LedgerError) {
            sign = try LivenessLock(ledger: ledgerPath)
            if lock == nil { try sign.acquire() } else { try await ledger.examine() }
            let now = time.now()
            if let leap = try await ledger.recordUse(at: now) { logger.warning("\(leap.sentence(at: now))") }
            try await ledger.closeDeadPlans(at: now, unless: sign)
            if lock != nil {
                let dead = try await ledger.closeDeadRuns(at: now)
                if dead > 0 {
                    logger.warning(
                        dead == 1
                            ? "an earlier run died; this run first checks the calls of that run"
                            : "\(dead) earlier runs died; this run first checks the calls of those runs")
                }
            }
            run = try await ledger.begin(
                RunRecord(
                    id: .random(at: now), command: command, startedAt: now, policyDigest: policyDigest,
                    version: Version.current, host: host))
            try lock?.sign(run: run.id, since: now, host: host)
        } catch {
            throw .ledger(error)
        }
        self.lock = lock
    }

    /// Records the plan; returns the ledger rows of its actions by group.
    package func record(_ plan: Plan, isPlanOnly: Bool) async throws(RunFault) -> [GroupKey: [ActionRecord]] {
        let now = time.now()
        var actions: [ActionRecord] = []
        var holds: [HoldRecord] = []
        for group in plan.groups {
            for (index, action) in group.actions.enumerated() {
                actions.append(
                    ActionRecord(
                        key: group.key, sequence: index + 1, operation: action.operation, phone: action.phone,
                        lid: action.lid, jid: action.account.description, person: action.person,
                        source: action.source.description, plannedAt: now))
            }
            for hold in group.holds {
                holds.append(
                    HoldRecord(
                        key: group.key, kind: hold.kind, phone: hold.phone, lid: hold.lid, person: hold.person,
                        message: hold.message)
                )
            }
        }
        return try await onRecord { () throws(LedgerError) in
            let stored = try await ledger.record(
                groups: plan.groups.map { $0.record(isPlanOnly: isPlanOnly) }, actions: actions, holds: holds,
                of: run.id)
            if !isPlanOnly { try await rememberWaiting(plan, at: now) }
            return Dictionary(grouping: stored, by: \.key)
        }
    }

    /// Remembers who is still to be added, so the longest wait comes first in the next run: this run may end early.
    private func rememberWaiting(_ plan: Plan, at now: Timestamp) async throws(LedgerError) {
        for (session, groups) in Dictionary(grouping: plan.groups, by: \.key.sessionKey) {
            var waiting: [GroupID: Set<PhoneNumber>] = [:]
            for group in groups {
                let adds = group.actions.filter { $0.operation == .add }.compactMap(\.phone)
                let putOff = group.holds.filter { $0.kind == "deferred" }.compactMap(\.phone)
                waiting[group.key.group] = Set(adds + putOff)
            }
            let planned = groups.filter { $0.fault == nil }.map(\.key.group)
            try await ledger.rememberWaiting(waiting, among: planned, of: session, at: now)
        }
    }

    /// Records the end of the run.
    package func finish(_ status: RunStatus, exitCode: Int, tally: RunTally = RunTally()) async throws(RunFault) {
        var finished = run
        finished.finishedAt = time.now()
        finished.status = status
        finished.exitCode = exitCode
        finished.tally = tally
        try await onRecord { [finished] () throws(LedgerError) in try await ledger.finish(finished) }
    }

    /// Records that the run failed, and closes the open rows of an apply.
    package func fail(_ status: RunStatus, exitCode: Int) async throws(RunFault) {
        guard run.command == "apply" else { return try await finish(status, exitCode: exitCode) }
        try await onRecord { () throws(LedgerError) in
            try await ledger.abandon(run.id, as: status, exitCode: exitCode, at: time.now())
        }
    }
}

extension GroupPlan {
    /// Returns the ledger row of the group before anything is sent.
    fileprivate func record(isPlanOnly: Bool) -> GroupRunRecord {
        let status: GroupRunStatus =
            if let fault { fault.isStale ? .stale : .failed } else if !actions.isEmpty {
                isPlanOnly ? .changed : .skipped
            } else if isWithheld { .withheld } else { .unchanged }
        return GroupRunRecord(
            key: key, name: name, status: status, sizeBefore: size,
            sizeAfter: !isPlanOnly && actions.isEmpty && fault == nil ? size : nil, rosterDigest: rosterDigest,
            errorCode: fault?.code, error: fault?.message)
    }
}

extension ClockLeap {
    /// Returns the warning about a ledger that was last used later than now.
    package func sentence(at now: Timestamp) -> String {
        """
        the ledger was last used at \(latest.iso8601), but now it is \(now.iso8601): this machine's clock was ahead \
        then, or is behind now. For records with a time in the future, Rollcall uses \(noticedAt.iso8601) instead, the \
        time when it noticed the difference
        """
    }
}

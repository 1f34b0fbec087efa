import Core
import GatewayAPI
import RunLedger

/// One session's part of an apply: its groups in sequence.
struct SessionWorker {
    let applier: Applier
    let run: RunID
    private let counter: CallCounter
    private let position: Int
    /// Limits the concurrent calls of the session's gateway.
    private let slots: AsyncSemaphore
    private var pacer: Pacer?
    /// Why the session's calls have ended while other sessions go on; nil while they have not.
    var endReason: String?
    private(set) var ledgerError: LedgerError?
    /// Entries that are recorded together with the next commit.
    private var queued: [LedgerWrite] = []
    /// How many more adds may be sent today; nil if not limited.
    private(set) var addsLeft: Int?
    /// Whether the session's store showed no change in a group during the whole settle time.
    var readsAreUseless = false
    /// How many calls in a row failed for a reason that does not concern the group.
    private var failures = 0
    /// In how many groups in a row all changes failed without a reason.
    var unexplainedGroups = 0

    /// After this many failures or groups in a row, the session's calls end.
    private static let maxFailures = 3

    init(applier: Applier, run: RunID, counter: CallCounter, position: Int, key: SessionKey?) {
        self.applier = applier
        self.run = run
        self.counter = counter
        self.position = position
        slots = key.flatMap { applier.slots[$0.gateway] } ?? AsyncSemaphore(1)
        addsLeft = key.flatMap { applier.budgets[$0]?.left }
    }

    /// Waits until the session's next call may be sent and takes a slot for it; returns the reason if none may be sent.
    ///
    /// `endTurn` frees the slot.
    mutating func waitForTurn(_ key: SessionKey) async -> String? {
        var pacer =
            pacer
            ?? Pacer(
                applier.pace(of: key), after: applier.latestCalls[key], now: applier.time.now(), random: applier.random)
        defer { self.pacer = pacer }
        while reasonToStop == nil, let pause = pacer.pause(at: applier.time.now()) {
            await commitQueued()
            do { try await sleep(for: pause) { reasonToStop == nil } } catch { return "the run was interrupted" }
        }
        if let reason = reasonToStop { return reason }
        if !slots.tryEnter() {
            await commitQueued()
            await slots.enter()
        }
        if let reason = reasonToStop {
            slots.leave()
            return reason
        }
        pacer.note(callAt: applier.time.now())
        return nil
    }

    /// Frees the slot for another session.
    func endTurn() { slots.leave() }

    /// Waits before a call is sent again; ends early if there is a reason to send none.
    func wait(for pause: Duration) async throws { try await sleep(for: pause.milliseconds) { reasonToStop == nil } }

    /// Waits some milliseconds between two looks; false if a signal ended the run meanwhile.
    func rest(for pause: Int64) async -> Bool {
        do { try await sleep(for: pause) { !applier.control.isInterrupted } } catch { return false }
        return !applier.control.isInterrupted
    }

    /// Waits some milliseconds in short steps, as long as a condition holds.
    private func sleep(for pause: Int64, while goesOn: () -> Bool) async throws {
        var left = pause
        while left > 0, goesOn() {
            try await applier.time.sleep(for: .milliseconds(min(left, Self.pollInterval)))
            left -= Self.pollInterval
            counter.report()
        }
    }

    /// Counts adds against the day's budget.
    mutating func noteAdds(_ count: Int) { addsLeft = addsLeft.map { max(0, $0 - count) } }

    /// Counts failures in a row that do not concern the group; after `maxFailures` of them the session's calls end.
    mutating func noteFailure(_ message: String) {
        failures += 1
        guard failures >= Self.maxFailures, endReason == nil else { return }
        endReason = "\(failures) calls in a row failed; last error: \(message)"
    }

    /// Counts a group whose changes all failed without a reason; after `maxFailures` in a row the session's calls end.
    mutating func noteUnexplainedGroup() {
        unexplainedGroups += 1
        guard unexplainedGroups >= Self.maxFailures, endReason == nil else { return }
        endReason =
            "all changes in \(unexplainedGroups) groups in a row failed without a reason; WhatsApp may limit this "
            + "account, so wait before you try again"
    }

    /// Resets the count of failures after a successful call.
    mutating func noteSuccess() { failures = 0 }

    /// How often a pause checks whether the run must end, in milliseconds.
    private static let pollInterval: Int64 = 250

    /// Reports that this many changes are done.
    func count(_ calls: Int) { counter.count(calls, ofSession: position) }

    /// Carries out one group's plan; the outcome covers each action, whatever happens.
    mutating func carryOut(_ plan: GroupPlan, rows: [ActionRecord], allowing allowed: Int) async -> GroupOutcome {
        var outcome = GroupOutcome(
            plan: plan, actions: plan.actions.map { _ in ActionOutcome(status: .planned) },
            status: plan.isWithheld ? .withheld : .unchanged, sizeAfter: plan.size)
        if let fault = plan.fault {
            outcome.status = fault.isStale ? .stale : .failed
            outcome.sizeAfter = nil
            outcome.errorCode = fault.code
            outcome.error = fault.message
            return outcome
        }
        guard !plan.actions.isEmpty, let gateway = applier.gateways[plan.key.gateway] else { return outcome }
        if allowed > 0 { counter.begin(plan.name ?? plan.key.group.jid) }
        var application = GroupApplication(
            plan: plan, rows: rows, allowed: allowed, gateway: gateway,
            seenAt: applier.recheck?.plannedAt ?? applier.time.now())
        if reasonToStop == nil, application.isStale(in: self) { await application.lookAgain(in: &self) }
        await application.run(in: &self)
        return application.outcome(describing: outcome)
    }

    /// Why no further call of this session may be sent; nil while it may.
    var reasonToStop: String? {
        if let deadline = applier.deadline, applier.time.now() >= deadline.lastCall {
            applier.control.stop(.deadlinePassed)
        }
        return applier.control.stopReason?.message ?? endReason
    }

    /// Keeps an entry for the next commit, which comes before the session's next call and before any wait.
    mutating func enqueue(_ entry: LedgerWrite) { queued.append(entry) }

    /// Commits the entries that were kept.
    mutating func commitQueued() async { if !queued.isEmpty { _ = await commit([]) } }

    /// Commits entries to the ledger, after those that were kept.
    ///
    /// If that fails, no session sends another call, and known results are kept for the next commit.
    mutating func commit(_ entries: [LedgerWrite]) async -> Bool {
        let entries = queued + entries
        queued = []
        do {
            try await applier.ledger.commit(entries)
            return true
        } catch {
            queued = entries.filter { if case .sending = $0 { false } else { true } }
            ledgerError = ledgerError ?? error
            applier.control.stop(.ledgerFailed)
            return false
        }
    }
}

/// Keeps one session's changes apart in time.
struct Pacer {
    private let interval: Int64
    private let jitter: Double
    private let random: @Sendable () -> Double
    private var next: Timestamp?

    /// Creates a pacer; `random` returns numbers from 0 up to 1.
    ///
    /// `latest` is when an earlier run sent the session's last call.
    init(_ pace: Pace, after latest: Timestamp?, now: Timestamp, random: @Sendable @escaping () -> Double) {
        interval = pace.callsPerMinute > 0 ? Int64(60_000 / pace.callsPerMinute) : 0
        jitter = pace.jitter
        self.random = random
        // A call in the future, after the clock stepped back, counts as a call now.
        if let latest { note(callAt: min(latest, now)) }
    }

    /// Returns the milliseconds until the next call may be sent; nil if it may be sent now.
    func pause(at now: Timestamp) -> Int64? {
        guard let next, next > now else { return nil }
        return next.milliseconds - now.milliseconds
    }

    /// Records a call, so that the next one waits.
    mutating func note(callAt now: Timestamp) {
        guard interval > 0 else { return }
        next = now.advanced(byMilliseconds: Int64(Double(interval) * (1 + jitter * random())))
    }
}

import Core
import GatewayAPI
import RunLedger

/// The calls of one session in an apply, one after the other: when the next may be sent, and what is recorded of them.
final class SessionCalls {
    let applier: Applier
    let key: SessionKey
    /// The configured pace, or the session's own rate if that is lower.
    let pace: Pace
    private let counter: CallCounter
    private let position: Int
    /// Limits the concurrent calls of the session's gateway.
    private let slots: AsyncSemaphore
    private var pacer: Pacer
    /// Why the session's calls have ended while other sessions go on; nil while they have not.
    private var endReason: String?
    private(set) var ledgerError: LedgerError?
    /// Entries that are recorded together with the next commit.
    private var queued: [LedgerWrite] = []
    /// How many more adds may be sent today; nil if not limited.
    private(set) var addsLeft: Int?
    /// Whether the session's store showed no change in a group during the whole settle time.
    private(set) var readsAreUseless = false
    /// How many calls in a row failed for a reason that does not concern the group.
    private var failures = 0
    /// In how many groups in a row all changes failed without a reason.
    private var unexplainedGroups = 0

    /// After this many failures or groups in a row, the session's calls end.
    private static let maxFailures = 3

    init(applier: Applier, key: SessionKey, slots: AsyncSemaphore, counter: CallCounter, position: Int) {
        self.applier = applier
        self.key = key
        self.slots = slots
        self.counter = counter
        self.position = position
        pace = applier.pace(of: key)
        pacer = Pacer(
            pace, after: applier.planned.latestCalls[key], now: applier.planning.time.now(),
            random: applier.random)
        addsLeft = applier.planned.budgets[key]?.left
    }

    /// The time now.
    var now: Timestamp { applier.planning.time.now() }

    private var control: RunControl { applier.planning.control }

    /// Waits until the session's next call may be sent and takes a slot for it; returns the reason if none may be sent.
    ///
    /// `endTurn` frees the slot.
    func waitForTurn() async -> String? {
        while reasonToStop == nil, let pause = pacer.pause(at: now) {
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
        pacer.note(callAt: now)
        return nil
    }

    /// Frees the slot for another session.
    func endTurn() { slots.leave() }

    /// Waits before a call is sent again; ends early if there is a reason to send none.
    func wait(for pause: Duration) async throws { try await sleep(for: pause.milliseconds) { reasonToStop == nil } }

    /// Waits some milliseconds between two looks; false if a signal ended the run meanwhile.
    func rest(for pause: Int64) async -> Bool {
        do { try await sleep(for: pause) { !control.isInterrupted } } catch { return false }
        return !control.isInterrupted
    }

    /// Waits some milliseconds in short steps, as long as a condition holds.
    private func sleep(for pause: Int64, while goesOn: () -> Bool) async throws {
        var left = pause
        while left > 0, goesOn() {
            try await applier.planning.time.sleep(for: .milliseconds(min(left, Self.pollInterval)))
            left -= Self.pollInterval
            counter.report()
        }
    }

    /// Counts adds against the day's budget.
    func noteAdds(_ count: Int) { addsLeft = addsLeft.map { max(0, $0 - count) } }

    /// Ends the session's calls while other sessions go on; the first reason counts.
    func end(because reason: String) { endReason = endReason ?? reason }

    /// Records that the ledger failed.
    func note(_ error: LedgerError) { ledgerError = ledgerError ?? error }

    /// Resets the count of failures after a successful call.
    func noteSuccess() { failures = 0 }

    /// Decides what a failed call means for the session's further calls.
    ///
    /// After `maxFailures` in a row that do not concern the group, the session's calls end.
    func learn(from error: GatewayError) {
        switch error.kind.reach {
        case .change: break
        case .group:
            guard error.kind.mayConcernSession || error.kind == .unreadable else { return }
            failures += 1
            if failures >= Self.maxFailures {
                end(because: "\(failures) calls in a row failed; last error: \(error.message)")
            }
        case .session: end(because: error.message)
        case .run: control.stop(.credentialsRejected)
        }
    }

    /// Records whether all changes of a group failed without a reason; after `maxFailures` such groups in a row the
    /// session's calls end.
    func noteGroup(failedWithoutReason: Bool) {
        unexplainedGroups = failedWithoutReason ? unexplainedGroups + 1 : 0
        guard unexplainedGroups >= Self.maxFailures else { return }
        end(
            because:
                "all changes in \(unexplainedGroups) groups in a row failed without a reason; WhatsApp may limit this "
                + "account, so wait before you try again")
    }

    /// Records whether the session's store showed a change within the settle time.
    func noteRead(showsChange: Bool) { readsAreUseless = !showsChange }

    /// How often a pause checks whether the run must end, in milliseconds.
    private static let pollInterval: Int64 = 250

    /// Reports that this many changes are done.
    func count(_ calls: Int) { counter.count(calls, ofSession: position) }

    /// Reports that a group has begun.
    func begin(_ group: String) { counter.begin(group) }

    /// Why no further call of this session may be sent; nil while it may.
    var reasonToStop: String? {
        if let deadline = applier.planning.deadline, now >= deadline.lastCall {
            control.stop(.deadlinePassed)
        }
        return control.stopReason?.message ?? endReason
    }

    /// Keeps an entry for the next commit, which comes before the session's next call and before any wait.
    func enqueue(_ entry: LedgerWrite) { queued.append(entry) }

    /// Commits the entries that were kept.
    func commitQueued() async { if !queued.isEmpty { _ = await commit([]) } }

    /// Commits entries to the ledger, after those that were kept.
    ///
    /// If that fails, no session sends another call, and known results are kept for the next commit.
    func commit(_ entries: [LedgerWrite]) async -> Bool {
        let entries = queued + entries
        queued = []
        do {
            try await applier.planning.ledger.commit(entries)
            return true
        } catch {
            queued = entries.filter { if case .sending = $0 { false } else { true } }
            note(error)
            control.stop(.ledgerFailed)
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

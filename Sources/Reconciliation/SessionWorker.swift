import GatewayAPI
import Membership
import RunLedger

/// One session's share of an apply: its groups one after another.
struct SessionWorker {
    let applier: Applier
    let run: RunID
    private let counter: CallCounter
    private let place: Int
    /// Where it takes turns with the other sessions of its gateway; what has no gateway calls nobody.
    private let slots: Slots
    private var pacer: Pacer?
    /// Why the session's calls have ended, though other sessions go on; nil while they have not.
    var stopped: String?
    private(set) var ledgerError: LedgerError?
    /// What is known of calls and not on record yet, because it goes there together with what follows at once.
    private var held: [JournalEntry] = []
    /// How many more adds may be sent today; nil where that is not bounded.
    private(set) var addsLeft: Int?
    /// Whether the session's store has shown nothing of what was changed in a group, though it was looked at for as long as that may
    /// take.
    var showsNothing = false
    /// How many calls in a row have failed in a way that says nothing of the group.
    private var failures = 0
    /// In how many groups in a row all changes failed without a name.
    var namelessGroups = 0

    /// After so many failures, or groups, in a row the gateway is left alone.
    private static let patience = 3

    init(applier: Applier, run: RunID, counter: CallCounter, place: Int, key: SessionKey?) {
        self.applier = applier
        self.run = run
        self.counter = counter
        self.place = place
        slots = key.flatMap { applier.slots[$0.gateway] } ?? Slots(1)
        addsLeft = key.flatMap { applier.budgets[$0]?.left }
    }

    /// Waits until the session's next call may be sent, and takes a slot for it, which `endTurn` gives back; or returns why none
    /// may be sent.
    mutating func waitForTurn(_ key: SessionKey) async -> String? {
        var pacer =
            pacer
            ?? Pacer(
                applier.pace(of: key), after: applier.latestCalls[key], now: applier.time.now(), random: applier.random)
        defer { self.pacer = pacer }
        while reasonToStop == nil, let pause = pacer.pause(at: applier.time.now()) {
            await commitHeld()
            do {
                try await applier.time.sleep(for: .milliseconds(min(pause, Self.attention)))
            } catch {
                return "the run was interrupted"
            }
            counter.tell()
        }
        if let reason = reasonToStop { return reason }
        if !slots.enterAtOnce() {
            await commitHeld()
            await slots.enter()
        }
        if let reason = reasonToStop {
            slots.leave()
            return reason
        }
        pacer.note(callAt: applier.time.now())
        return nil
    }

    /// Lets another session call.
    func endTurn() { slots.leave() }

    /// Waits before a call is sent again; it is over when there is a reason to send none.
    func wait(for pause: Duration) async throws {
        var left = pause.milliseconds
        while left > 0, reasonToStop == nil {
            try await applier.time.sleep(for: .milliseconds(min(left, Self.attention)))
            left -= Self.attention
            counter.tell()
        }
    }

    /// Waits for so many milliseconds between two looks; false where the run was told to end at once.
    func rest(for pause: Int64) async -> Bool {
        var left = pause
        while left > 0, !applier.control.isInterrupted {
            do { try await applier.time.sleep(for: .milliseconds(min(left, Self.attention))) } catch { return false }
            left -= Self.attention
            counter.tell()
        }
        return !applier.control.isInterrupted
    }

    /// Counts adds against the day's budget.
    mutating func noteAdds(_ count: Int) { addsLeft = addsLeft.map { max(0, $0 - count) } }

    /// Counts failures in a row that say nothing of the group; after a few of them the session's calls end.
    mutating func noteFailure(_ message: String) {
        failures += 1
        guard failures >= Self.patience, stopped == nil else { return }
        stopped = "\(failures) calls in a row failed, the last so: \(message)"
    }

    /// Notes a group whose changes all failed without a name; after a few of them the session's calls end.
    mutating func noteNamelessGroup() {
        namelessGroups += 1
        guard namelessGroups >= Self.patience, stopped == nil else { return }
        stopped =
            "all changes in \(namelessGroups) groups in a row failed without a reason; WhatsApp may be limiting the account's rate"
    }

    /// Notes that the gateway answers as it should.
    mutating func noteSuccess() { failures = 0 }

    /// How long a pause may last before it is looked whether the run is to end, in milliseconds.
    private static let attention: Int64 = 250

    /// Tells whoever watches that so many more calls are done with.
    func count(_ calls: Int) { counter.count(calls, ofSession: place) }

    /// Carries out one group's plan; whatever happens, the outcome tells of each action.
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
            seenAt: applier.secondLook?.plannedAt ?? applier.time.now())
        if reasonToStop == nil, application.isStale(in: self) { await application.lookAgain(in: &self) }
        await application.run(in: &self)
        return application.outcome(describing: outcome)
    }

    /// Why no further call of this session may be sent; nil while it may.
    var reasonToStop: String? {
        if let deadline = applier.deadline, applier.time.now() >= deadline.lastCall {
            applier.control.stop(.deadlinePassed)
        }
        return applier.control.stopReason?.message ?? stopped
    }

    /// Leaves something to the next commit, which comes before the session's next call and before anything is waited for.
    mutating func hold(_ entry: JournalEntry) { held.append(entry) }

    /// Commits what was left to the next commit.
    mutating func commitHeld() async { if !held.isEmpty { _ = await commit([]) } }

    /// Commits something to the ledger, after what was left to this commit; where that fails, no further call is sent by
    /// anyone, and what is known already is left to the next commit.
    mutating func commit(_ entries: [JournalEntry]) async -> Bool {
        let entries = held + entries
        held = []
        do {
            try await applier.ledger.commit(entries)
            return true
        } catch {
            held = entries.filter { if case .sending = $0 { false } else { true } }
            ledgerError = ledgerError ?? error
            applier.control.stop(.ledgerFailed)
            return false
        }
    }
}

package import Core
import Glibc

/// A simulated gateway with its WhatsApp, in memory: a function from requests to answers, without I/O.
package final class SimulatedWorld: Sendable {
    private let state: Guarded<WorldState>
    private let clock: @Sendable () -> Timestamp
    private let servesControlPaths: Bool
    private let observer: (@Sendable (WorldChange) -> Void)?

    /// Creates the world that a seed describes.
    ///
    /// Scheduled events and ends of backfills happen before the first request, or outside change, at or after their
    /// time. The observer hears of every change of a group after it happened, on the thread that made it, one at a time
    /// if requests arrive one at a time.
    package init(
        _ seed: WorldSeed, servesControlPaths: Bool = false,
        clock: @escaping @Sendable () -> Timestamp = SimulatedWorld.systemTime,
        observer: (@Sendable (WorldChange) -> Void)? = nil
    ) throws(SeedError) {
        state = Guarded(try WorldState(seed, now: clock()))
        self.clock = clock
        self.servesControlPaths = servesControlPaths
        self.observer = observer
    }

    /// The machine's clock.
    package static let systemTime: @Sendable () -> Timestamp = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Answers a request; `login` is the caller if the request has a valid login token.
    package func respond(to request: SimulatedRequest, login: Caller? = nil) -> SimulatedResponse {
        let isControl = servesControlPaths && request.path.hasPrefix(Self.controlPrefix)
        return change { state, now in
            isControl ? state.answerControl(request, now: now) : state.exchange(request, login: login, now: now)
        }
    }

    /// Reads or changes the state atomically.
    func withState<Result>(_ body: (inout WorldState) -> Result) -> Result { state.withLock(body) }

    /// Changes the state atomically, after everything that is due, and notifies the observer of changes of groups.
    func change<Result>(_ body: (inout WorldState, Timestamp) -> (Result, WorldChange?)) -> Result {
        let now = clock()
        let (result, changes) = state.withLock { state -> (Result, [WorldChange]) in
            let earlier = state.catchUp(to: now)
            let (result, change) = body(&state, now)
            return (result, earlier + (change.map { [$0] } ?? []))
        }
        if let observer { for change in changes { observer(change) } }
        return result
    }

    /// The prefix of the control paths.
    static let controlPrefix = "/_simulator/"
}

extension WorldState {
    /// Serves one request, with faults and journal; also returns the change of a group, if any.
    mutating func exchange(
        _ received: SimulatedRequest, login: Caller?, now: Timestamp
    ) -> (SimulatedResponse, WorldChange?) {
        var request = ServedRequest(received, login: login, sequence: journal.nextSequence(), now: now)
        let fault = faults.fault(method: received.method, path: received.path)
        let response = faulted(&request, by: fault)
        journal.append(
            JournalEntry(
                sequence: request.sequence, time: now, method: received.method, path: received.path,
                caller: request.caller?.name,
                body: String(decoding: received.body.prefix(Journal.longestBody), as: UTF8.self),
                status: response.status, effects: request.effects, isFaulty: fault != nil))
        guard let first = request.effects.first, request.effects.contains(where: \.outcome.isChange),
            let group = trueGroup(first.group)
        else { return (response, nil) }
        let change = WorldChange(
            sequence: request.sequence, session: request.session, effects: request.effects, group: group)
        return (response, change)
    }
}

extension SimulatedWorld {
    /// The latest requests, oldest first.
    package var journal: [JournalEntry] { withState { $0.journal.entries } }

    /// The latest requests for a change, oldest first.
    package var mutations: [JournalEntry] { journal.filter { $0.method != "GET" } }

    /// Clears the journal; the numbers continue.
    package func clearJournal() { withState { $0.journal.clear() } }

    /// Returns a group's true state; nil if there is none.
    package func trueGroup(_ id: GroupID) -> TrueGroup? { withState { $0.trueGroup(id) } }

    /// The true state of every group, by id.
    package var trueGroups: [TrueGroup] {
        withState { state in state.groups.keys.sorted().compactMap { state.trueGroup($0) } }
    }

    /// Returns how often requests tried to add a number to a group, with any result.
    package func addAttempts(of phone: PhoneNumber, to group: GroupID) -> Int {
        withState { $0.addAttempts[phone]?[group] ?? 0 }
    }

    /// Returns the LID of the account that a number reaches; nil if there is none.
    package func lid(of phone: PhoneNumber) -> LID? { withState { $0.accounts.lid(reachedBy: phone) } }
}

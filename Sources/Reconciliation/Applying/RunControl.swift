package import Core
import GatewayAPI
import RunLedger

/// Why no further call is sent.
package enum StopReason: Hashable, Sendable {
    /// A signal asked the run to end.
    case interrupted(signal: Int32)
    /// The gateway rejected the token.
    case credentialsRejected
    /// The ledger cannot be written.
    case ledgerFailed
    /// The time is up, except what is needed to confirm the calls that were sent.
    case deadlinePassed

    /// The reason in skipped actions; fits behind "stopped early because".
    package var message: String {
        switch self {
        case .interrupted: "the run was interrupted"
        case .credentialsRejected: "the gateway rejected the token"
        case .ledgerFailed: "the ledger could not be written"
        case .deadlinePassed: "too little time was left before the deadline"
        }
    }
}

/// The switch that ends a run early; the first reason counts, but a signal replaces every other reason.
package final class RunControl: Sendable {
    private struct Waiter {
        let continuation: CheckedContinuation<Void, Never>
        let needsSignal: Bool
    }

    private struct State {
        var reason: StopReason?
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0

        var isInterrupted: Bool { if case .interrupted? = reason { true } else { false } }

        func isOver(needsSignal: Bool) -> Bool { needsSignal ? isInterrupted : reason != nil }
    }

    private let state = Guarded(State())

    /// Creates a switch that lets the run go on.
    package init() {}

    /// Why the run must end; nil while it may go on.
    package var stopReason: StopReason? { state.withLock { $0.reason } }

    /// Whether a signal asked the run to end, so that the run waits for nothing that a later run can do.
    package var isInterrupted: Bool { state.withLock { $0.isInterrupted } }

    /// Stops all further calls.
    package func stop(_ reason: StopReason) {
        let released = state.withLock { state in
            if case .interrupted = reason, !state.isInterrupted { state.reason = reason }
            if state.reason == nil { state.reason = reason }
            let released = state.waiters.filter { state.isOver(needsSignal: $1.needsSignal) }
            for number in released.keys { state.waiters[number] = nil }
            return released.values
        }
        for waiter in released { waiter.continuation.resume() }
    }

    /// Runs `body`, cancels it when the run must end, and returns its result; nil if it was cancelled.
    package func unlessStopped<Value: Sendable>(_ body: @Sendable @escaping () async -> Value) async -> Value? {
        await perform(body) { await self.waitForStop(needsSignal: false) }
    }

    /// Runs `body`, cancels it when a signal asks the run to end, and returns its result; nil if it was cancelled.
    func unlessInterrupted<Value: Sendable>(_ body: @Sendable @escaping () async -> Value) async -> Value? {
        if isInterrupted { return nil }
        // Every other reason leaves time to look.
        return await perform(body) { await self.waitForStop(needsSignal: true) }
    }

    /// Runs `body` until it or `end` finishes; nil if `end` finishes first.
    private func perform<Value: Sendable>(
        _ body: @Sendable @escaping () async -> Value, until end: @Sendable @escaping () async -> Void
    ) async -> Value? {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await body() }
            group.addTask {
                await end()
                return nil
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? nil
        }
    }

    /// Returns when the run is to end, or only when a signal asks for it, or when the task is cancelled.
    private func waitForStop(needsSignal: Bool) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isOver(needsSignal: needsSignal) || Task.isCancelled { return true }
                    state.waiters[number] = Waiter(continuation: continuation, needsSignal: needsSignal)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume()
        }
    }
}

/// When a run must end.
package struct Deadline: Hashable, Sendable {
    /// The moment itself.
    package let end: Timestamp
    /// The last moment for sending a change, so that there is time left to confirm it.
    let lastCall: Timestamp

    /// Sets the deadline of a run from `start` to `end`; `settle` is how long a change may take to show.
    package init(from start: Timestamp, to end: Timestamp, settle: Duration) {
        self.end = end
        lastCall = end.advanced(byMilliseconds: -min(settle.milliseconds, (end.milliseconds - start.milliseconds) / 4))
    }
}

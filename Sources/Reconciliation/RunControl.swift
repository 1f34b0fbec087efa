import GatewayAPI
import Locking
import RunLedger

/// Why no further call may be sent.
package enum StopReason: Hashable, Sendable {
    /// A signal asked the run to end.
    case interrupted(signal: Int32)
    /// The gateway rejected the token.
    case credentialsRejected
    /// The ledger no longer takes what is to be recorded.
    case ledgerFailed
    /// The time that the run was given is over, but for what is needed to see what has become of its calls.
    case deadlinePassed

    /// The reason as skipped actions record it.
    package var message: String {
        switch self {
        case .interrupted: "the run was interrupted"
        case .credentialsRejected: "the gateway rejected the credentials"
        case .ledgerFailed: "the ledger could not be written"
        case .deadlinePassed: "the deadline of the run was too near to send another call"
        }
    }
}

/// The one switch that ends a run early; the first reason counts, but a signal replaces every other.
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

    /// Lets the run go on.
    package init() {}

    /// Why the run is to end; nil while it may go on.
    package var stopReason: StopReason? { state.withLock { $0.reason } }

    /// Whether a signal has asked the run to end: nothing that can be left to a later run is waited for.
    package var isInterrupted: Bool { state.withLock { $0.isInterrupted } }

    /// Lets no further call out.
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

    /// Does something that may take long, and gives it up when the run is to end: nil then, once it has come to its end.
    package func unlessStopped<Value: Sendable>(
        _ body: @Sendable @escaping () async -> Value
    ) async -> Value? {
        await perform(body) { await self.waitForStop(needsSignal: false) }
    }

    /// Does something that may take long, and gives it up when a signal asks the run to end: nil then.
    func unlessInterrupted<Value: Sendable>(_ body: @Sendable @escaping () async -> Value) async -> Value? {
        if isInterrupted { return nil }
        // Every other reason leaves time to look.
        return await perform(body) { await self.waitForStop(needsSignal: true) }
    }

    /// Does something until it is done or something else has come to its end: nil then.
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

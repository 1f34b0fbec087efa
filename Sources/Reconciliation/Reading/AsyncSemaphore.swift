import Core

/// Limits how many tasks do something at a time; others wait in order.
final class AsyncSemaphore: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Guarded<State>

    /// Allows `count` at a time, at least one.
    init(_ count: Int) { state = Guarded(State(free: max(1, count))) }

    /// Runs `body` with a slot.
    func withSlot<Value, Failure>(_ body: () async throws(Failure) -> Value) async throws(Failure) -> Value {
        await enter()
        defer { leave() }
        return try await body()
    }

    /// Takes a slot if one is free, to be freed by `leave`; false if none is.
    func tryEnter() -> Bool {
        state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
    }

    /// Waits for a slot and takes it, to be freed by `leave`.
    func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    /// Gives the slot to the task that has waited longest, or frees it.
    func leave() {
        let next = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil as CheckedContinuation<Void, Never>?
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}

/// Transforms every input, at most `limit` at a time, and returns the results in the order of the inputs.
///
/// The first error cancels the rest and is thrown.
func concurrentMap<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], limit: Int, _ transform: @Sendable @escaping (Input) async throws -> Output
) async throws -> [Output] {
    var outputs = [Output?](repeating: nil, count: inputs.count)
    try await withThrowingTaskGroup(of: (Int, Output).self) { group in
        var next = 0
        while next < min(max(1, limit), inputs.count) {
            let index = next
            group.addTask { (index, try await transform(inputs[index])) }
            next += 1
        }
        while let (index, output) = try await group.next() {
            outputs[index] = output
            if next < inputs.count {
                let index = next
                group.addTask { (index, try await transform(inputs[index])) }
                next += 1
            }
        }
    }
    return outputs.compactMap { $0 }
}

/// A condition that never became true.
struct NeverHappened: Error {
    let what: String
}

/// Polls until a condition holds.
func waitUntil(_ what: String, _ condition: () async throws -> Bool) async throws {
    for _ in 0..<4_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw NeverHappened(what: what)
}

import Core

/// Runs an action after the world's first change.
final class FirstChange: Sendable {
    private let action = Guarded<(@Sendable () -> Void)?>(nil)

    /// Sets the action.
    func then(_ body: @escaping @Sendable () -> Void) { action.withLock { $0 = body } }

    /// Handles a change; the action may change the world again.
    func tell() {
        let body = action.withLock { action in
            defer { action = nil }
            return action
        }
        body?()
    }
}

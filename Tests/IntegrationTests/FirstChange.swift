import Locking

/// Lets a test do something when the world has changed for the first time.
final class FirstChange: Sendable {
    private let action = Guarded<(@Sendable () -> Void)?>(nil)

    /// Says what to do then.
    func then(_ body: @escaping @Sendable () -> Void) { action.withLock { $0 = body } }

    /// Takes the news of a change; what is done may change the world again.
    func tell() {
        let body = action.withLock { action in
            defer { action = nil }
            return action
        }
        body?()
    }
}

package import Core
package import RunLedger

/// A request for the ledger's lock, and how long to wait for it.
package struct LockRequest: Sendable {
    private let timeout: Duration

    /// The interval between attempts, in milliseconds.
    private static let interval: Int64 = 250

    /// Waits no longer than `timeout`; by default not at all.
    package init(timeout: Duration = .zero) { self.timeout = timeout }

    /// Takes the ledger's lock, or throws an error that names the holder.
    package func acquire(
        _ ledgerPath: String, time: any TimeSource, control: RunControl
    ) async throws(RunFault) -> RunLock {
        var left = timeout
        while true {
            switch try await onRecord({ () throws(LedgerError) in try RunLock.attempt(ledger: ledgerPath) }) {
            case .acquired(let lock): return lock
            case .held(let holder):
                guard left > .zero, control.stopReason == nil else { throw .locked(by: holder) }
                let pause = min(left, .milliseconds(Self.interval))
                do { try await time.sleep(for: pause) } catch { throw .locked(by: holder) }
                left -= pause
            }
        }
    }
}

import Membership
import Reconciliation
import Reports
import RunLedger

/// That a run wants the ledger to itself, and how long it waits for that.
struct LockWish {
    /// How long to wait; nothing by default.
    var patience: Duration = .zero

    /// How often it is asked again, in milliseconds.
    private static let interval: Int64 = 250

    /// Takes the lock of a ledger, or says who has it.
    func fulfil(_ ledgerPath: String, in context: Context) async throws(Failure) -> RunLock {
        var left = patience
        while true {
            let attempt: LockAttempt
            do throws(LedgerError) {
                attempt = try RunLock.attempt(ledger: ledgerPath)
            } catch {
                throw Failure(error)
            }
            switch attempt {
            case .acquired(let lock):
                return lock
            case .held(let holder):
                guard left > .zero, context.control.stopReason == nil else { throw Self.refusal(holder) }
                let pause = min(left, .milliseconds(Self.interval))
                do { try await context.time.sleep(for: pause) } catch { throw Self.refusal(holder) }
                left -= pause
            }
        }
    }

    private static func refusal(_ holder: LockHolder?) -> Failure {
        let who =
            holder.map { "run \($0.run), at work since \($0.since) on \($0.host)" } ?? "another run that has just begun"
        return Failure(
            .locked,
            "the ledger is held by \(who.defusedForTerminal); nothing was done. Wait for it with --wait, for example "
                + "--wait 10m")
    }
}

import Core
import Reconciliation
import Reports
import RunLedger

/// A request for the ledger's lock, and how long to wait for it.
struct LockRequest {
    /// How long to wait; not at all by default.
    var timeout: Duration = .zero

    /// The interval between attempts, in milliseconds.
    private static let interval: Int64 = 250

    /// Takes the ledger's lock, or throws an error that names the holder.
    func acquire(_ ledgerPath: String, in context: Context) async throws(Failure) -> RunLock {
        var left = timeout
        while true {
            let attempt: LockAttempt
            do throws(LedgerError) { attempt = try RunLock.attempt(ledger: ledgerPath) } catch { throw Failure(error) }
            switch attempt {
            case .acquired(let lock): return lock
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
            holder.map { "run \($0.run), running since \($0.since) on \($0.host)" } ?? "another run that has just begun"
        return Failure(
            .locked,
            "the ledger is locked by \(who.escapedForTerminal); nothing was done. Wait for it with --wait, for example "
                + "--wait 10m")
    }
}

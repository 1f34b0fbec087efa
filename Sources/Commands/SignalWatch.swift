import Dispatch
import Glibc
import Reconciliation

/// Turns SIGINT, SIGTERM and SIGHUP into a request to end the run after the call in flight.
final class SignalWatch {
    private let sources: [(number: Int32, source: any DispatchSourceSignal)]

    /// Watches for signals; `tell` is done with what is said to whoever sent the first.
    init(control: RunControl, tell: @Sendable @escaping (String) -> Void) {
        // One after another, so that of two signals at once one is the second.
        let queue = DispatchQueue(label: "signals", qos: .userInitiated)
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
            // What the caller has chosen to ignore (`nohup`) stays ignored.
            if Self.isIgnored(number) { return nil }
            // The source is at work a little later. A signal that comes before ends the process as it does any other,
            // which at most leaves a row for the next run to close; to ignore it meanwhile would lose it.
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                // A second signal means it: the ledger knows of the call in flight, so ending here is safe.
                if control.isInterrupted { _exit(128 + number) }
                control.stop(.interrupted(signal: number))
                tell(
                    "\nrollcall: stopping; the call that is under way is finished first. "
                        + "Once more stops at once, and the next run looks up what became of it.\n")
            }
            source.resume()
            return (number, source)
        }
    }

    func end() {
        for (number, source) in sources {
            source.cancel()
            signal(number, SIG_DFL)
        }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}

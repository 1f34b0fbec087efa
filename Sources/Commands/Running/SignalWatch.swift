import Dispatch
import Glibc
import Reconciliation

/// On SIGINT, SIGTERM or SIGHUP, stops the run after the current call.
final class SignalWatch {
    private let sources: [(number: Int32, source: any DispatchSourceSignal)]

    /// Watches for signals; `tell` prints the message at the first one.
    init(control: RunControl, tell: @Sendable @escaping (String) -> Void) {
        // A serial queue, so one of two simultaneous signals is the second.
        let queue = DispatchQueue(label: "signals", qos: .userInitiated)
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
            // A signal that the caller ignores (`nohup`) stays ignored.
            if Self.isIgnored(number) { return nil }
            // The source starts a little later. A signal before that ends the process, which at most leaves a row for
            // the next run to close; ignoring the signal until then would lose it.
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                // At a second signal, end at once: the ledger has recorded the current call, so this is safe.
                if control.isInterrupted { _exit(128 + number) }
                control.stop(.interrupted(signal: number))
                tell(
                    "\nrollcall: stopping after the current call. "
                        + "Interrupt again to stop at once; the next run then checks what the call did.\n")
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

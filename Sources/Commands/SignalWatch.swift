import Dispatch
import Glibc
import Reconciliation

/// Turns SIGINT, SIGTERM and SIGHUP into a request to end the run after the call in flight.
final class SignalWatch {
    private let sources: [(number: Int32, source: any DispatchSourceSignal)]

    init(control: RunControl) {
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
            // What the caller has chosen to ignore (`nohup`) stays ignored.
            if Self.isIgnored(number) { return nil }
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                // A second signal means it: the ledger knows of the call in flight, so ending here is safe.
                if control.stopReason != nil { _exit(128 + number) }
                control.stop(.interrupted(signal: number))
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

import Dispatch
import Glibc
import Reconciliation

/// Turns SIGINT and SIGTERM into a request to end the run after the call in flight.
final class SignalWatch {
    private let sources: [any DispatchSourceSignal]

    init(control: RunControl) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                // A second signal means it: the ledger knows of the call in flight, so ending here is safe.
                if control.stopReason != nil { _exit(128 + number) }
                control.stop(.interrupted(signal: number))
            }
            source.resume()
            return source
        }
    }

    func end() {
        for source in sources { source.cancel() }
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }
}

import Locking
import Membership
import Reconciliation

/// One line on a terminal that says how far a long run has come, rewritten in place.
final class ProgressLine: ProgressReporting {
    private struct State {
        var isShown = false
        var lastShown: Int64 = 0
    }

    private let context: Context
    private let isWanted: Bool
    private let state = Guarded(State())

    /// How often the line is rewritten at most, in milliseconds.
    private static let interval: Int64 = 100

    init(context: Context, quiet: Bool) {
        self.context = context
        isWanted = context.terminal.showsErrors && context.environment["TERM"] != "dumb" && !quiet
    }

    func report(_ progress: Progress) {
        guard isWanted else { return }
        let (text, isLast): (String, Bool) =
            switch progress {
            case .reading(let done, let total): ("Reading groups \(done)/\(total)", done == total)
            case .applying(let done, let total, let endsAt):
                (
                    "Sending calls \(done)/\(total)\(endsAt.map { ", done at about \($0.clockTime) UTC" } ?? "")",
                    done == total
                )
            }
        let now = context.time.now().milliseconds
        state.withLock { state in
            guard isLast || now - state.lastShown >= Self.interval else { return }
            state.lastShown = now
            state.isShown = true
            context.output.writeError("\r\u{1B}[K" + String(text.prefix(max(1, context.terminal.width - 1))))
        }
    }

    /// Takes the line away, so that results follow on a clean one.
    func clear() {
        state.withLock { state in
            guard state.isShown else { return }
            state.isShown = false
            context.output.writeError("\r\u{1B}[K")
        }
    }
}

extension Timestamp {
    /// Hours and minutes, for example `20:05`.
    fileprivate var clockTime: Substring { iso8601.dropFirst(11).prefix(5) }
}

import Locking
import Membership
import Reconciliation

/// One line on a terminal that says how far a long run has come, rewritten in place.
final class ProgressLine: ProgressReporting {
    private struct State {
        /// What stands on the terminal; empty where nothing does.
        var shown = ""
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
        let now = context.time.now()
        state.withLock { state in
            guard progress.isComplete || now.milliseconds - state.lastShown >= Self.interval else { return }
            state.lastShown = now.milliseconds
            // The width is asked for each time, as the window may have been made smaller.
            let text = ProgressBar(progress, at: now).text(width: context.terminal.errorWidth())
            guard text != state.shown else { return }
            state.shown = text
            context.output.writeError("\r\u{1B}[K" + text)
        }
    }

    /// Takes the line away, so that results follow on a clean one.
    func clear() {
        state.withLock { state in
            guard !state.shown.isEmpty else { return }
            state.shown = ""
            context.output.writeError("\r\u{1B}[K")
        }
    }
}

import Locking
import Membership
import Reconciliation

/// One line on a terminal that says how far a long run has come, rewritten in place.
final class ProgressLine: ProgressReporting {
    private let context: Context
    private let isWanted: Bool
    /// When it was last rewritten, in milliseconds.
    private let lastShown = Guarded<Int64>(0)

    /// How often the line is rewritten at most, in milliseconds.
    private static let interval: Int64 = 100

    init(context: Context, quiet: Bool) {
        self.context = context
        isWanted = context.terminal.showsErrors && context.environment["TERM"] != "dumb" && !quiet
    }

    func report(_ progress: Progress) {
        guard isWanted else { return }
        let now = context.time.now()
        lastShown.withLock { lastShown in
            guard progress.isComplete || now.milliseconds - lastShown >= Self.interval else { return }
            lastShown = now.milliseconds
            // The width is asked for each time, as the window may have been made smaller.
            context.output.show(passing: ProgressBar(progress, at: now).text(width: context.terminal.errorWidth()))
        }
    }

    /// Takes the line away, so that results follow on a clean one.
    func clear() { if isWanted { context.output.show(passing: "") } }
}

import Core
import Reconciliation

/// A progress line on the terminal, rewritten in place.
final class ProgressLine: ProgressReporting {
    private let context: Context
    private let isWanted: Bool
    /// When the line was last rewritten, in milliseconds.
    private let lastShown = Guarded<Int64>(0)

    /// The shortest interval between updates, in milliseconds.
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
            // Reads the width each time, since the window may have changed.
            context.output.show(passing: ProgressBar(progress, at: now).text(width: context.terminal.errorWidth()))
        }
    }

    /// Removes the line, so results begin on an empty one.
    func clear() { if isWanted { context.output.show(passing: "") } }
}

import Core
import Reconciliation
import Reports

/// The progress of a run on one line; equal state and width give equal text.
struct ProgressBar {
    private let progress: Progress
    private let now: Timestamp

    /// Creates a bar for the progress at a moment.
    init(_ progress: Progress, at now: Timestamp) {
        self.progress = progress
        self.now = now
    }

    /// Returns the line for a terminal of `width` columns; the last column stays free, since some terminals wrap there.
    ///
    /// Parts that do not fit are shortened or left out. The bar's length depends only on the width, so it is stable.
    func text(width: Int) -> String {
        let room = max(0, width - 1)
        let fitting = forms(room).first { $0.displayWidth <= room }
        return fitting ?? counts.shortened(toWidth: room)
    }

    /// Returns all forms of the line, the longest first.
    private func forms(_ room: Int) -> [String] {
        let label = "\(title) \(counts)"
        let bar = "\(label) \(drawnBar(length: min(30, max(8, room / 5)))) \(percentage)"
        let plain = "\(label) \(percentage)"
        var forms: [String] = []
        if let name = progress.group?.escapedForTerminal {
            for ending in [longEnding, shortEnding] {
                let start = bar + (ending.map { "  \($0)" } ?? "") + "  "
                let left = room - start.displayWidth
                // A shorter part of a name does not identify the group.
                if left >= min(name.displayWidth, ending == shortEnding ? 10 : 24) {
                    forms.append(start + name.shortened(toWidth: left))
                }
            }
        }
        for ending in [longEnding, shortEnding].compactMap(\.self) { forms.append("\(bar)  \(ending)") }
        if let shortEnding { forms += ["\(plain)  \(shortEnding)", "\(counts) \(percentage)  \(shortEnding)"] }
        return forms + [bar, plain, label, "\(counts) \(percentage)"]
    }

    private var title: String {
        switch progress {
        case .reading: "Reading groups"
        case .applying: "Sending calls"
        }
    }

    private var counts: String { "\(progress.done)/\(progress.total)" }

    /// The share done, between 0 and 1.
    private var share: Double {
        progress.total > 0 ? min(1, max(0, Double(progress.done) / Double(progress.total))) : 1
    }

    /// The percentage in four characters; 100% only when all is done.
    private var percentage: String {
        let text = "\(Int(share * 100))%"
        return String(repeating: " ", count: 4 - text.count) + text
    }

    private func drawnBar(length: Int) -> String {
        let filled = Int(share * Double(length))
        let full = String(repeating: "=", count: filled)
        let head = filled == length ? full : full + ">"
        return "[" + head + String(repeating: " ", count: length - head.count) + "]"
    }

    private var longEnding: String? {
        progress.endsAt.map { "\(left(until: $0)) left, until about \($0.clockWords) UTC" }
    }

    private var shortEnding: String? { progress.endsAt.map { "\(left(until: $0)), \($0.clockWords) UTC" } }

    /// Returns the time left, rounded up.
    private func left(until end: Timestamp) -> String {
        let seconds = max(0, end.milliseconds - now.milliseconds + 999) / 1_000
        if seconds < 60 { return "\(seconds) s" }
        let minutes = (seconds + 59) / 60
        return minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
    }
}

extension Progress {
    fileprivate var done: Int {
        switch self {
        case .reading(let done, _), .applying(let done, _, _, _): done
        }
    }

    fileprivate var total: Int {
        switch self {
        case .reading(_, let total), .applying(_, let total, _, _): total
        }
    }

    fileprivate var endsAt: Timestamp? {
        switch self {
        case .reading: nil
        case .applying(_, _, let endsAt, _): endsAt
        }
    }

    fileprivate var group: String? {
        switch self {
        case .reading: nil
        case .applying(_, _, _, let group): group
        }
    }

    /// Whether everything is done.
    var isComplete: Bool { done >= total }
}

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

import Core

/// The periods of a report: equal, consecutive, each with the results of many runs.
struct ReportPeriods: Hashable, Sendable {
    /// When the first period begins.
    let start: Timestamp
    /// The length in milliseconds: an hour, or whole days from midnight UTC.
    let length: Int64
    /// The number of periods.
    let count: Int

    /// Maximum periods in a chart.
    static let most = 60
    /// Minimum periods, so that a chart of a few runs does not look like years.
    static let fewest = 12

    private static let hour: Int64 = 3_600_000
    private static let day = 24 * hour
    private static let lengths = [day, 2 * day, 7 * day, 14 * day, 28 * day, 91 * day, 364 * day]

    /// Chooses the shortest length that needs at most `most` periods to cover the time; the last one contains `last`.
    ///
    /// It is an hour if the time is within one day.
    init(from first: Timestamp, through last: Timestamp) {
        let last = max(first, last)
        var length = Self.hour
        for candidate in first.date == last.date ? [Self.hour] : Self.lengths {
            length = candidate
            if Self.slots(from: first, through: last, length) <= Int64(Self.most) { break }
        }
        // If even the longest are too short, double them: a wrong clock must not make a chart endless.
        while Self.slots(from: first, through: last, length) > Int64(Self.most) { length *= 2 }
        self.length = length
        let needed = Int(Self.slots(from: first, through: last, length))
        count = max(needed, Self.fewest)
        let step = min(length, Self.day)
        let beginning = Self.floor(first.milliseconds, to: step) - Int64(count - needed) * length
        start = Timestamp(milliseconds: beginning)
    }

    /// Returns the index of a time's period; the first or last for a time outside.
    func position(of time: Timestamp) -> Int {
        let elapsed = time.milliseconds - start.milliseconds
        return max(0, min(count - 1, Int(elapsed / length)))
    }

    /// Returns when a period begins; `count` gives the end of the last.
    func start(of position: Int) -> Timestamp { start.advanced(byMilliseconds: Int64(position) * length) }

    /// Whether each period is at least a day.
    var areWholeDays: Bool { length >= Self.day }

    private static func slots(from first: Timestamp, through last: Timestamp, _ length: Int64) -> Int64 {
        (last.milliseconds - floor(first.milliseconds, to: min(length, day))) / length + 1
    }

    private static func floor(_ milliseconds: Int64, to step: Int64) -> Int64 {
        let rest = milliseconds % step
        return milliseconds - (rest < 0 ? rest + step : rest)
    }
}

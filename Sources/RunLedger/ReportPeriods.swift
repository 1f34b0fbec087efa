package import Membership

/// Equal stretches of time, one after the other, into which a report gathers what many runs found.
package struct ReportPeriods: Hashable, Sendable {
    /// When the first one begins.
    package let start: Timestamp
    /// How long each is, in milliseconds: a number of hours, or of days that begin at midnight in UTC.
    package let length: Int64
    /// How many there are.
    package let count: Int

    /// The most that a chart can show side by side.
    package static let most = 60
    /// The fewest, so that a ledger with a few runs does not look like one that covers years.
    package static let fewest = 12

    private static let hour: Int64 = 3_600_000
    private static let day = 24 * hour
    private static let lengths = [day, 2 * day, 7 * day, 14 * day, 28 * day, 91 * day, 364 * day]

    /// The shortest that cover a time with no more than can be shown, hours where it is all one day; the last one holds
    /// its end.
    package init(from first: Timestamp, through last: Timestamp) {
        let last = max(first, last)
        var length = Self.hour
        for candidate in first.date == last.date ? [Self.hour] : Self.lengths {
            length = candidate
            if Self.slots(from: first, through: last, length) <= Int64(Self.most) { break }
        }
        // Where even these are too short, the last kind is doubled: a clock that was wrong must not make a chart endless.
        while Self.slots(from: first, through: last, length) > Int64(Self.most) { length *= 2 }
        self.length = length
        let needed = Int(Self.slots(from: first, through: last, length))
        count = max(needed, Self.fewest)
        let step = min(length, Self.day)
        let beginning = Self.floor(first.milliseconds, to: step) - Int64(count - needed) * length
        start = Timestamp(milliseconds: beginning)
    }

    /// Which one a moment falls into; the first or the last for a moment outside.
    package func place(of time: Timestamp) -> Int {
        let elapsed = time.milliseconds - start.milliseconds
        return max(0, min(count - 1, Int(elapsed / length)))
    }

    /// When one of them begins; that of `count` is the end of all.
    package func start(of place: Int) -> Timestamp { start.advanced(byMilliseconds: Int64(place) * length) }

    /// Whether each is a day or longer.
    package var areWholeDays: Bool { length >= Self.day }

    private static func slots(from first: Timestamp, through last: Timestamp, _ length: Int64) -> Int64 {
        (last.milliseconds - floor(first.milliseconds, to: min(length, day))) / length + 1
    }

    private static func floor(_ milliseconds: Int64, to step: Int64) -> Int64 {
        let rest = milliseconds % step
        return milliseconds - (rest < 0 ? rest + step : rest)
    }
}

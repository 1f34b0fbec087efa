/// A moment, in milliseconds since 1970-01-01 UTC.
package struct Timestamp: Hashable, Sendable, Comparable {
    /// Milliseconds since 1970.
    package let milliseconds: Int64

    /// Counts from 1970.
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The day in UTC.
    package var date: CalendarDate {
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        return CalendarDate(daysSince1970: Int(days) - (rest < 0 ? 1 : 0))
    }

    /// The moment a number of milliseconds later.
    package func advanced(byMilliseconds difference: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds + difference)
    }

    /// Earlier is less.
    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp {
    /// ISO 8601 in UTC to the millisecond, for example `2026-11-23T20:00:00.000Z`; such texts sort as their moments do.
    package var iso8601: String {
        let ofDay = Int(milliseconds - Int64(date.daysSince1970) * 86_400_000)
        let (seconds, fraction) = ofDay.quotientAndRemainder(dividingBy: 1_000)
        let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, to: 2) }.joined(separator: ":")
        return "\(date)T\(time).\(padded(fraction, to: 3))Z"
    }

    /// Reads what `iso8601` writes; nil for anything else.
    package init?(iso8601 text: String) {
        guard text.utf8.count == 24, text.hasSuffix("Z"), let date = CalendarDate(parsing: String(text.prefix(10)))
        else { return nil }
        let time = text.dropFirst(11).dropLast().split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "." }
        let numbers = time.compactMap { UInt16($0) }.map(Int64.init)
        guard numbers.count == 4, numbers[0] < 24, numbers[1] < 60, numbers[2] < 60, numbers[3] < 1_000
        else { return nil }
        let ofDay = ((numbers[0] * 60 + numbers[1]) * 60 + numbers[2]) * 1_000 + numbers[3]
        self.init(milliseconds: Int64(date.daysSince1970) * 86_400_000 + ofDay)
    }
}

extension Timestamp: CustomStringConvertible {
    /// The ISO 8601 text.
    package var description: String { iso8601 }
}

/// Time as the program knows it, so that tests can hold the clock.
package protocol TimeSource: Sendable {
    /// The wall clock.
    func now() -> Timestamp
    /// Waits; throws `CancellationError` when the task is cancelled meanwhile.
    func sleep(for duration: Duration) async throws
}

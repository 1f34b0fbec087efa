/// A moment, in milliseconds since 1970-01-01 UTC.
package struct Timestamp: Hashable, Sendable, Comparable {
    /// Milliseconds since 1970.
    package let milliseconds: Int64

    /// Creates the moment this many milliseconds after 1970.
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The day in UTC.
    package var date: CalendarDate {
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        return CalendarDate(daysSince1970: Int(days) - (rest < 0 ? 1 : 0))
    }

    /// Returns the moment this many milliseconds later.
    package func advanced(byMilliseconds difference: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds + difference)
    }

    /// True if the left moment is earlier.
    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp {
    /// ISO 8601 in UTC to the millisecond, for example `2026-11-23T20:00:00.000Z`.
    ///
    /// These texts sort by time in the years 0 to 9999; later years are written as the end of 9999.
    package var iso8601: String {
        let (year, month, day) = date.components
        // Five-digit years would break reading and sorting.
        if year > 9999 { return "9999-12-31T23:59:59.999Z" }
        let rest = Int(milliseconds % 86_400_000)
        let (seconds, fraction) = (rest < 0 ? rest + 86_400_000 : rest).quotientAndRemainder(dividingBy: 1_000)
        // Negative years come only from a wrong clock.
        guard (0...9999).contains(year) else {
            let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded("\($0)", to: 2) }
            return "\(date)T\(time.joined(separator: ":")).\(padded("\(fraction)", to: 3))Z"
        }
        // Digit by digit for speed: each row of the ledger has several timestamps.
        return String(unsafeUninitializedCapacity: 24) { bytes in
            var count = 0
            func write(_ number: Int, _ width: Int, then separator: Unicode.Scalar) {
                var rest = number
                for position in (count..<count + width).reversed() {
                    bytes[position] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                bytes[count + width] = UInt8(ascii: separator)
                count += width + 1
            }
            write(year, 4, then: "-")
            write(month, 2, then: "-")
            write(day, 2, then: "T")
            write(seconds / 3_600, 2, then: ":")
            write(seconds / 60 % 60, 2, then: ":")
            write(seconds % 60, 2, then: ".")
            write(fraction, 3, then: "Z")
            return count
        }
    }

    /// Reads what `iso8601` writes for the years 0 to 9999; nil for anything else.
    package init?(iso8601 text: String) {
        var text = text
        guard let moment = text.withUTF8({ Timestamp(iso8601: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = moment
    }

    /// Reads the bytes of what `iso8601` writes for the years 0 to 9999; nil for anything else.
    package init?(iso8601 bytes: UnsafeRawBufferPointer) {
        let form: StaticString = "0000-00-00T00:00:00.000Z"
        guard bytes.count == form.utf8CodeUnitCount else { return nil }
        for index in 0..<form.utf8CodeUnitCount {
            let (byte, expected) = (bytes[index], form.utf8Start[index])
            guard expected == UInt8(ascii: "0") ? byte.isDigit : byte == expected else { return nil }
        }
        func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 * 10 + Int(bytes[$1] - UInt8(ascii: "0")) } }
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        guard hour < 24, minute < 60, second < 60,
            let date = CalendarDate(proleptic: number(0..<4), month: number(5..<7), day: number(8..<10))
        else { return nil }
        let seconds = ((date.daysSince1970 * 24 + hour) * 60 + minute) * 60 + second
        self.init(milliseconds: Int64(seconds) * 1_000 + Int64(number(20..<23)))
    }
}

extension Timestamp: CustomStringConvertible {
    /// The ISO 8601 text.
    package var description: String { iso8601 }
}

/// The clock; tests replace it.
package protocol TimeSource: Sendable {
    /// Returns the wall-clock time.
    func now() -> Timestamp
    /// Waits this long; throws `CancellationError` if the task is cancelled.
    func sleep(for duration: Duration) async throws
}

extension Duration {
    /// The duration in whole milliseconds, rounded toward zero.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}

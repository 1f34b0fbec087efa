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
    /// ISO 8601 in UTC to the millisecond, for example `2026-11-23T20:00:00.000Z`.
    ///
    /// In the years 0 to 9999 such texts sort as their moments do.
    package var iso8601: String {
        let (year, month, day) = date.components
        // What a run that crosses into the year 10000 writes has to be read, and to sort, afterwards.
        if year > 9999 { return "9999-12-31T23:59:59.999Z" }
        let rest = Int(milliseconds % 86_400_000)
        let (seconds, fraction) = (rest < 0 ? rest + 86_400_000 : rest).quotientAndRemainder(dividingBy: 1_000)
        // Years that do not have four digits are for whoever has a strange clock.
        guard (0...9999).contains(year) else {
            let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, to: 2) }
            return "\(date)T\(time.joined(separator: ":")).\(padded(fraction, to: 3))Z"
        }
        // Written digit by digit: each row of the ledger has some of these.
        return String(unsafeUninitializedCapacity: 24) { bytes in
            var count = 0
            func write(_ number: Int, _ width: Int, then separator: Unicode.Scalar) {
                var rest = number
                for place in (count..<count + width).reversed() {
                    bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
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
            let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            guard expected == UInt8(ascii: "0") ? isDigit : byte == expected else { return nil }
        }
        func number(_ range: Range<Int>) -> Int {
            range.reduce(0) { $0 * 10 + Int(bytes[$1] - UInt8(ascii: "0")) }
        }
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

/// Time as the program knows it, so that tests can hold the clock.
package protocol TimeSource: Sendable {
    /// The wall clock.
    func now() -> Timestamp
    /// Waits; throws `CancellationError` when the task is cancelled meanwhile.
    func sleep(for duration: Duration) async throws
}

extension Duration {
    /// Whole milliseconds.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}

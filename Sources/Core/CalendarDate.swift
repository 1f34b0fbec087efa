/// A day of the Gregorian calendar in UTC.
package struct CalendarDate: Hashable, Sendable, Comparable {
    /// Days since 1970-01-01.
    package let daysSince1970: Int

    /// Creates the date this many days after 1970-01-01.
    package init(daysSince1970: Int) { self.daysSince1970 = daysSince1970 }

    /// Returns nil if the year is not 1970 to 9999 or the calendar has no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1970...9999).contains(year) else { return nil }
        self.init(proleptic: year, month: month, day: day)
    }

    /// Accepts the years 0 to 9999, also those before the Gregorian calendar was in use; else nil.
    init?(proleptic year: Int, month: Int, day: Int) {
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Howard Hinnant's civil calendar arithmetic, with years that begin in March.
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let date = CalendarDate(daysSince1970: era * 146_097 + dayOfEra - 719_468)
        guard date.components == (year, month, day) else { return nil }
        self = date
    }

    /// Reads `2026-12-31`; nil for anything else.
    package init?(parsing text: String) {
        let bytes = Array(text.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.count == 10,
            bytes.indices.allSatisfy({ $0 == 4 || $0 == 7 ? bytes[$0] == dash : bytes[$0].isDigit })
        else { return nil }
        func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1 - 48) } }
        self.init(year: number(0..<4), month: number(5..<7), day: number(8..<10))
    }

    /// The year, month (1 to 12) and day (1 to 31).
    package var components: (year: Int, month: Int, day: Int) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// True if the left date is earlier.
    package static func < (left: CalendarDate, right: CalendarDate) -> Bool { left.daysSince1970 < right.daysSince1970 }
}

extension CalendarDate: CustomStringConvertible {
    /// ISO 8601, for example `2026-12-31`.
    package var description: String {
        let (year, month, day) = components
        return [padded("\(year)", to: 4), padded("\(month)", to: 2), padded("\(day)", to: 2)].joined(separator: "-")
    }
}

import Core
import Testing

@Suite("Days")
struct CalendarDateTests {
    @Test("Every day from 1970 to 9999 exists, follows the day before, and parses from its own text")
    func everyDay() throws {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var expected = 0
        for year in 1970...9999 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for month in 1...12 {
                let length = lengths[month - 1] + (isLeap && month == 2 ? 1 : 0)
                // Each day is counted; the first and last of each month are also read back.
                let first = CalendarDate(year: year, month: month, day: 1)
                let last = CalendarDate(year: year, month: month, day: length)
                guard first?.daysSince1970 == expected, last?.daysSince1970 == expected + length - 1,
                    CalendarDate(year: year, month: month, day: length + 1) == nil,
                    let last, CalendarDate(parsing: last.description) == last, last.components == (year, month, length)
                else {
                    Issue.record("\(year)-\(month) is wrong")
                    return
                }
                expected += length
            }
        }
        #expect(CalendarDate(daysSince1970: expected - 1).description == "9999-12-31")
    }

    @Test("A day has an ISO 8601 text", arguments: [(0, "1970-01-01"), (19_782, "2024-02-29"), (-1, "1969-12-31")])
    func text(days: Int, text: String) {
        #expect(CalendarDate(daysSince1970: days).description == text)
    }

    @Test(
        "A date that the calendar lacks is not a day",
        arguments: [
            "", "2026-02-29", "2100-02-29", "2026-00-01", "2026-13-01", "2026-01-00", "2026-01-32", "2026-04-31",
            "1969-12-31", "0000-01-01", "2026-1-01", "2026-01-1", "26-01-01", "2026/01/01", "2026-01-01 ", " 026-01-01",
            "+026-01-01", "2026-01-01T00", "10000-01-01", "２026-01-01", "2026-99-99",
        ]
    )
    func noDays(text: String) {
        #expect(CalendarDate(parsing: text) == nil)
    }

    @Test("Out-of-range months and days are rejected", arguments: [Int.min, -1, 0, 32, Int.max])
    func extremes(number: Int) {
        #expect(CalendarDate(year: 2026, month: number, day: 1) == nil)
        #expect(CalendarDate(year: 2026, month: 1, day: number) == nil)
        #expect(CalendarDate(year: number, month: 1, day: 1) == nil)
    }

    @Test("A day sorts before the next")
    func order() {
        #expect(CalendarDate(daysSince1970: 1) < CalendarDate(daysSince1970: 2))
        #expect(!(CalendarDate(daysSince1970: 2) < CalendarDate(daysSince1970: 2)))
    }
}

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "A timestamp has an ISO 8601 text and is read back from it",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (-86_400_000, "1969-12-31T00:00:00.000Z"), (-86_400_001, "1969-12-30T23:59:59.999Z"),
            (1_795_464_000_000, "2026-11-23T20:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"), (-62_162_035_200_001, "0000-02-29T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func roundTrip(milliseconds: Int64, text: String) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(moment.iso8601 == text)
        #expect(moment.description == text)
        #expect(Timestamp(iso8601: text) == moment)
    }

    @Test("Timestamps of the years 0 to 9999 are read back, and sort like their texts")
    func everywhere() {
        var previous = ""
        for milliseconds in stride(from: -62_167_219_200_000, through: 253_402_300_799_999, by: 31_557_600_123) {
            let moment = Timestamp(milliseconds: Int64(milliseconds))
            #expect(Timestamp(iso8601: moment.iso8601) == moment)
            #expect(previous < moment.iso8601)
            previous = moment.iso8601
        }
    }

    @Test(
        "A timestamp parses from no other text",
        arguments: [
            "", "2026-11-23", "2026-11-23T20:00:00Z", "2026-11-23T20:00:00.000", "2026-11-23 20:00:00.000Z",
            "2026-11-23T24:00:00.000Z", "2026-11-23T20:60:00.000Z", "2026-11-23T20:00:60.000Z",
            "2026-11-23T+2:00:00.000Z", "2026-11-23T20.00.00:000Z", "2026-11-23T20:00:00.+00Z",
            "2026-02-29T20:00:00.000Z", "2026-11-23t20:00:00.000z", "2026-11-23T20:00:00.000Z ",
        ]
    )
    func refusals(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test("A timestamp at either end of its range has a day and a text", arguments: [Int64.min, .max])
    func extremes(milliseconds: Int64) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(moment.date.daysSince1970 == Int((Double(milliseconds) / 86_400_000).rounded(.down)))
        #expect(moment.iso8601.hasSuffix("Z"))
    }

    @Test("Timestamps can be moved and sorted")
    func order() {
        let moment = Timestamp(milliseconds: 5)
        #expect(moment.advanced(byMilliseconds: -6) == Timestamp(milliseconds: -1))
        #expect(Timestamp(milliseconds: -1) < moment)
        #expect(!(moment < moment))
        #expect(Timestamp(milliseconds: -1).date == CalendarDate(daysSince1970: -1))
    }
}

import Core

/// The value of a `Retry-After` header.
package enum RetryAfter: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// A number of seconds.
    case seconds(Int)
    /// A date this many seconds after the answer; it may be in the past.
    case date(secondsFromNow: Int)

    /// A number of seconds.
    package init(integerLiteral seconds: Int) { self = .seconds(seconds) }

    /// Returns the header's value in an answer sent at this time.
    func text(at now: Timestamp) -> String {
        switch self {
        case .seconds(let seconds): String(seconds)
        case .date(let seconds): Self.date(now.advanced(byMilliseconds: Int64(seconds) * 1_000))
        }
    }

    /// Formats a time as HTTP does, for example `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date(_ moment: Timestamp) -> String {
        // The first day of 1970 was a Thursday.
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekday = weekdays[(moment.date.daysSince1970 % 7 + 7) % 7]
        // `2026-11-23T20:00:00.000Z` has all the other parts.
        let parts = moment.iso8601.split { "-T.".contains($0) }
        let month = months[(Int(parts[1]) ?? 1) - 1]
        return "\(weekday), \(parts[2]) \(month) \(parts[0]) \(parts[3]) GMT"
    }
}

import Core

/// A duration as people write it: a whole number and a unit, such as `30s`.
package struct DurationText: Comparable, Sendable {
    /// The text as written.
    package let text: String
    /// The duration.
    package let duration: Duration

    /// The units and their milliseconds.
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// The longest duration that is accepted: a hundred years, so that no sum of it and a date overflows.
    private static let longest = Duration.seconds(36_525 * 86_400)

    /// Reads a number and a unit; nil for anything else, or for more than a hundred years.
    package init?(_ text: String) {
        let digits = text.utf8.prefix(while: \.isDigit)
        let unit = text[digits.endIndex...]
        guard !digits.isEmpty, digits.count <= 12, let number = Int64(String(text[..<digits.endIndex])),
            let milliseconds = Self.units.first(where: { $0.name == unit })?.milliseconds
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: milliseconds)
        guard !overflow, .milliseconds(product) <= Self.longest else { return nil }
        self.text = text
        duration = .milliseconds(product)
    }

    /// Creates a bound of a configuration value.
    init(seconds: Int) {
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        text =
            days > 0 && rest == 0
            ? "\(days)d" : seconds.isMultiple(of: 60) && seconds > 0 ? "\(seconds / 60)m" : "\(seconds)s"
        duration = .seconds(seconds)
    }

    /// Compares the durations.
    package static func < (left: DurationText, right: DurationText) -> Bool { left.duration < right.duration }

    /// Compares the durations, whatever their units.
    package static func == (left: DurationText, right: DurationText) -> Bool { left.duration == right.duration }
}

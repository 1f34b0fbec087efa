import Foundation

/// One quantity, measured several times.
struct Figure: Sendable {
    /// In the order of the runs.
    let values: [Double]
    /// The unit of the values.
    let unit: Unit
    /// How the values are summarised.
    let summary: Summary

    /// How to summarise the values.
    enum Summary: Sendable {
        /// The median.
        case median
        /// The largest value, for peak memory.
        case most
    }

    /// The quantity, always in SI units.
    enum Unit: Sendable {
        case seconds
        case bytes
        case bytesPerSecond
        case callsPerSecond
    }

    init(_ values: [Double], _ unit: Unit, _ summary: Summary = .median) {
        self.values = values
        self.unit = unit
        self.summary = summary
    }

    /// The summary of all values.
    var value: Double {
        let sorted = values.sorted()
        guard let last = sorted.last else { return .nan }
        let middle = sorted.count / 2
        switch summary {
        case .most: return last
        case .median: return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        }
    }

    /// The summary with its unit.
    var text: String { unit.text(of: value) }

    /// The smallest and the largest value.
    var range: String { "\(unit.text(of: values.min() ?? .nan)) – \(unit.text(of: values.max() ?? .nan))" }
}

extension Figure.Unit {
    /// Formats a value with three digits and a fitting unit.
    func text(of value: Double) -> String {
        switch self {
        case .seconds:
            if value >= 1 { return "\(value.threeDigits) s" }
            return value >= 0.001 ? "\((value * 1e3).threeDigits) ms" : "\((value * 1e6).threeDigits) µs"
        case .bytes: return "\((value / 1e6).threeDigits) MB"
        case .bytesPerSecond: return "\((value / 1e6).threeDigits) MB/s"
        case .callsPerSecond: return "\(value.threeDigits)/s"
        }
    }
}

extension Double {
    /// Three digits, or all digits before the point.
    var threeDigits: String {
        let size = abs(self)
        return String(format: size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", self)
    }
}

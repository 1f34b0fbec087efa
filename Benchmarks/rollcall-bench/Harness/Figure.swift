import Foundation

/// One thing measured several times.
struct Figure: Sendable {
    /// In the order of the runs.
    let values: [Double]
    /// What the values count.
    let unit: Unit
    /// How the values become one.
    let summary: Summary

    /// Which of the values stands for all.
    enum Summary: Sendable {
        /// The one in the middle, or between the two in the middle.
        case median
        /// The largest: how much memory is needed at the worst.
        case most
    }

    /// What is counted, always in units of the SI.
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

    /// The value that stands for all.
    var value: Double {
        let sorted = values.sorted()
        guard let last = sorted.last else { return .nan }
        let middle = sorted.count / 2
        switch summary {
        case .most: return last
        case .median: return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        }
    }

    /// The value with its unit.
    var text: String { unit.text(of: value) }

    /// The least and the most.
    var range: String { "\(unit.text(of: values.min() ?? .nan)) – \(unit.text(of: values.max() ?? .nan))" }
}

extension Figure.Unit {
    /// A value with three digits and a unit of a size that fits.
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
    /// Three digits, or all those before the point.
    var threeDigits: String {
        let size = abs(self)
        return String(format: size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", self)
    }
}

/// The lines of a text, to check whether a place is inside it.
///
/// Counts columns in characters. YAML and CSV end lines differently; a place that is valid in either is accepted.
struct TextPositions {
    private let lengthsInYAML: [Int]
    private let lengthsInCSV: [Int]

    /// Measures the lines of a text.
    init(_ bytes: [UInt8]) {
        lengthsInYAML = Self.lengths(of: bytes, wideBreaks: true)
        lengthsInCSV = Self.lengths(of: bytes, wideBreaks: false)
    }

    /// Returns whether the place exists; the end of each line and of the text count as places.
    func holds(line: Int, column: Int) -> Bool {
        [lengthsInYAML, lengthsInCSV].contains { lengths in
            line >= 1 && line <= lengths.count && column >= 1 && column <= lengths[line - 1] + 1
        }
    }

    private static func lengths(of bytes: [UInt8], wideBreaks: Bool) -> [Int] {
        // Each byte that is not UTF-8 counts as a character.
        var lengths = [0]
        var previous: Unicode.Scalar?
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            defer { previous = scalar }
            switch scalar {
            case "\n" where previous == "\r": continue
            case "\n", "\r": lengths.append(0)
            case "\u{85}" where wideBreaks, "\u{2028}" where wideBreaks, "\u{2029}" where wideBreaks:
                lengths.append(0)
            default: lengths[lengths.count - 1] += 1
            }
        }
        return lengths
    }
}

/// The lines of a text, to tell whether a place lies in it.
///
/// Counts columns in characters. What ends a line differs between YAML and CSV; a place that either knows is one.
struct TextPlaces {
    private let lengthsInYAML: [Int]
    private let lengthsInCSV: [Int]

    /// Measures the lines of a text.
    init(_ bytes: [UInt8]) {
        lengthsInYAML = Self.lengths(of: bytes, wideBreaks: true)
        lengthsInCSV = Self.lengths(of: bytes, wideBreaks: false)
    }

    /// Whether there is such a place; the end of each line, and that of the text, are places too.
    func holds(line: Int, column: Int) -> Bool {
        [lengthsInYAML, lengthsInCSV].contains { lengths in
            line >= 1 && line <= lengths.count && column >= 1 && column <= lengths[line - 1] + 1
        }
    }

    private static func lengths(of bytes: [UInt8], wideBreaks: Bool) -> [Int] {
        // Bytes that are no UTF-8 count as a character each.
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

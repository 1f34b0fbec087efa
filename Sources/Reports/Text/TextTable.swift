/// Rows of cells with aligned columns; the last column is not padded.
///
/// A column of empty cells takes no room. On a terminal, the last column wraps; if there is too little room for that,
/// the cells that do not fit go below the row, one line each.
struct TextTable {
    private var rows: [[String]] = []
    private let firstWidth: Int
    private let indent: Int
    private let width: Int?

    /// The extra indent of cells below their row.
    private static let stackIndent = 4
    /// The least width of a last column beside the others.
    private static let leastRoom = 28

    /// Creates a table; `firstWidth` is the least width of the first column, to align several tables.
    ///
    /// The caller writes `indent` columns before each row. `width` is the terminal's; nil if the output is no terminal.
    init(firstWidth: Int = 0, indent: Int = 0, width: Int? = nil) {
        self.firstWidth = firstWidth
        self.indent = indent
        self.width = width
    }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// Returns the rows, each cell but the last padded to its column's width.
    func lines(gap: Int = 2) -> [[String]] {
        var widths = [firstWidth]
        for row in rows {
            for (index, cell) in row.enumerated().dropLast() {
                if index == widths.count { widths.append(0) }
                widths[index] = max(widths[index], size(of: cell))
            }
        }
        let padded = rows.map { row in
            row.enumerated().map { index, cell in
                guard index < row.count - 1, widths[index] > 0 else { return cell }
                return cell + String(repeating: " ", count: widths[index] - size(of: cell) + gap)
            }
        }
        guard let width else { return padded }
        var starts = [indent]
        for column in widths { starts.append(starts[starts.count - 1] + (column > 0 ? column + gap : 0)) }
        return fitted(padded, to: width, starts: starts, gap: gap)
    }

    /// Fits the padded rows to a terminal of `width` columns; `starts` are the first positions of the columns.
    private func fitted(_ padded: [[String]], to width: Int, starts: [Int], gap: Int) -> [[String]] {
        let last = starts.count - 1
        // Paths and sentences need room. A word too long for any line does not count.
        let words = rows.flatMap { $0.count > last ? $0[last].split(separator: " ") : [] }
        let longest =
            words.map { String($0).displayWidth }.filter { indent + Self.stackIndent + $0 <= width }.max() ?? 0
        let wanted = max(longest, Self.leastRoom)
        let isWhole = rows.allSatisfy { row in row.count <= last || starts[last] + row[last].displayWidth <= width }
        if isWhole || starts[last] + wanted <= width {
            return padded.map { row in
                guard row.count > last else { return row }
                return row.dropLast() + [row[last].wrapped(toWidth: width, from: starts[last], hanging: starts[last])]
            }
        }
        let standing = max(1, (1...last).last { starts[$0] - gap <= width } ?? 1)
        return zip(rows, padded).map { row, padded in stacked(row, padded, standing: standing, width: width) }
    }

    /// Returns a row whose cells from index `standing` on go below the others.
    private func stacked(_ row: [String], _ padded: [String], standing: Int, width: Int) -> [String] {
        let lastStanding = row.prefix(standing).lastIndex { !$0.isEmpty }
        var isFirst = lastStanding == nil
        return row.indices.map { index in
            if index < standing {
                guard let lastStanding, index <= lastStanding else { return "" }
                return index == lastStanding ? row[index] : padded[index]
            }
            guard !row[index].isEmpty else { return "" }
            // The caller writes the indent of the row's first line only.
            let start = isFirst ? "" : "\n" + String(repeating: " ", count: indent)
            isFirst = false
            let margin = indent + Self.stackIndent
            return start + String(repeating: " ", count: Self.stackIndent)
                + row[index].wrapped(toWidth: width, from: margin, hanging: margin)
        }
    }

    private func size(of cell: String) -> Int { width == nil ? cell.count : cell.displayWidth }
}

extension String {
    /// The most terminal columns that the text takes, without control characters.
    ///
    /// East Asian letters and emoji take two columns, combining marks none. Terminals differ in emoji sequences; the
    /// widest reading counts.
    package var displayWidth: Int {
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
        var width = 0
        var last: Unicode.Scalar?
        for scalar in unicodeScalars {
            width += Self.width(of: scalar, after: last)
            last = scalar
        }
        return width
    }

    /// Returns the text in at most `width` columns, shortened with `…`.
    package func shortened(toWidth width: Int) -> String {
        guard displayWidth > width else { return self }
        guard width > 0 else { return "" }
        var result = ""
        var used = 1
        for character in self {
            used += String(character).displayWidth
            if used > width { break }
            result.append(character)
        }
        return result + "…"
    }

    private static func width(of scalar: Unicode.Scalar, after last: Unicode.Scalar?) -> Int {
        // This selector turns the character before it into an emoji, which is one column wider.
        if scalar == "\u{FE0F}" { return last.map { $0.properties.isEmoji && width(of: $0) == 1 ? 1 : 0 } ?? 0 }
        return width(of: scalar)
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        if wideRanges.contains(where: { $0.contains(scalar.value) }) { return 2 }
        // Two of these make one flag of two columns.
        if (0x1F1E6...0x1F1FF).contains(scalar.value) { return 1 }
        if scalar.properties.isEmojiPresentation { return 2 }
        return scalar.properties.isDefaultIgnorableCodePoint ? 0 : 1
    }

    /// The wide characters of Unicode Standard Annex 11, in ranges that also cover small gaps.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
        0x1AFF0...0x1B2FF, 0x1D300...0x1D376, 0x1F200...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
        0x20000...0x3FFFD,
    ]
}

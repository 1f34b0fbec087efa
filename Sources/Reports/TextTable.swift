/// Rows of cells, padded so that the columns stand under each other; the last column is left as it is.
///
/// A column in which every cell is empty takes no room. On a terminal the last column is broken into lines that stand under
/// each other, and where there is too little room for that, what does not fit stands below, a line for each cell.
struct TextTable {
    private var rows: [[String]] = []
    private let firstWidth: Int
    private let indent: Int
    private let width: Int?

    /// By how much what stands below a row is further in than the row.
    private static let stackIndent = 4
    /// How many columns a last column has at least that stands beside the others.
    private static let leastRoom = 28

    /// A table whose first column is at least so wide, so that several tables stand under each other.
    ///
    /// `indent` columns stand before each row, which the caller writes; `width` is that of the terminal, nil where the table
    /// goes elsewhere.
    init(firstWidth: Int = 0, indent: Int = 0, width: Int? = nil) {
        self.firstWidth = firstWidth
        self.indent = indent
        self.width = width
    }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The rows as lines, each cell but the last padded to its column's width: in characters, or in columns of a terminal.
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

    /// The padded rows for a terminal of so many columns; `starts` are the places at which the columns begin.
    private func fitted(_ padded: [[String]], to width: Int, starts: [Int], gap: Int) -> [[String]] {
        let last = starts.count - 1
        // Paths and sentences want room. A word that fits nowhere is no reason to give them more.
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

    /// A row of which the cells from a certain one on stand below the others.
    private func stacked(_ row: [String], _ padded: [String], standing: Int, width: Int) -> [String] {
        let lastStanding = row.prefix(standing).lastIndex { !$0.isEmpty }
        var isFirst = lastStanding == nil
        return row.indices.map { index in
            if index < standing {
                guard let lastStanding, index <= lastStanding else { return "" }
                return index == lastStanding ? row[index] : padded[index]
            }
            guard !row[index].isEmpty else { return "" }
            // The caller has written the indent of the row's first line only.
            let start = isFirst ? "" : "\n" + String(repeating: " ", count: indent)
            isFirst = false
            let margin = indent + Self.stackIndent
            return start + String(repeating: " ", count: Self.stackIndent)
                + row[index].wrapped(toWidth: width, from: margin, hanging: margin)
        }
    }

    private func size(of cell: String) -> Int { width == nil ? cell.count : cell.displayWidth }
}

/// Rows of cells, padded so that the columns stand under each other; the last column is left as it is.
struct TextTable {
    private var rows: [[String]] = []

    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The rows as lines, each cell but the last padded to its column's width in characters.
    func lines(gap: Int = 2) -> [[String]] {
        var widths: [Int] = []
        for row in rows {
            for (index, cell) in row.enumerated().dropLast() {
                if index == widths.count { widths.append(0) }
                widths[index] = max(widths[index], cell.count)
            }
        }
        return rows.map { row in
            row.enumerated().map { index, cell in
                guard index < row.count - 1 else { return cell }
                return cell + String(repeating: " ", count: widths[index] - cell.count + gap)
            }
        }
    }
}

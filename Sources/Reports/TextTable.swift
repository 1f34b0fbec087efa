/// Rows of cells, padded so that the columns stand under each other; the last column is left as it is.
///
/// A column in which every cell is empty takes no room.
struct TextTable {
    private var rows: [[String]] = []
    private let firstWidth: Int

    /// A table whose first column is at least so wide, so that several tables stand under each other.
    init(firstWidth: Int = 0) { self.firstWidth = firstWidth }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The rows as lines, each cell but the last padded to its column's width in characters.
    func lines(gap: Int = 2) -> [[String]] {
        var widths = [firstWidth]
        for row in rows {
            for (index, cell) in row.enumerated().dropLast() {
                if index == widths.count { widths.append(0) }
                widths[index] = max(widths[index], cell.count)
            }
        }
        return rows.map { row in
            row.enumerated().map { index, cell in
                guard index < row.count - 1, widths[index] > 0 else { return cell }
                return cell + String(repeating: " ", count: widths[index] - cell.count + gap)
            }
        }
    }
}

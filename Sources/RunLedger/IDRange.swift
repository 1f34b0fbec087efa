/// Rows with consecutive ids that get the same value, so that one statement writes them.
struct IDRange<Value: Equatable> {
    /// The rows' ids.
    private(set) var rows: ClosedRange<Int64>
    /// The value to write.
    let value: Value

    /// Joins consecutive rows with equal values.
    static func all(of rows: [(id: Int64, value: Value)]) -> [IDRange] {
        var stretches: [IDRange] = []
        for (id, value) in rows {
            if let last = stretches.last, last.rows.upperBound + 1 == id, last.value == value {
                stretches[stretches.count - 1].rows = last.rows.lowerBound...id
            } else {
                stretches.append(IDRange(rows: id...id, value: value))
            }
        }
        return stretches
    }
}

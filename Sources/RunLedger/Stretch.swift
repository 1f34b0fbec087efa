/// Rows of a table with consecutive ids of which the same is to be written, which one statement does.
struct Stretch<Value: Equatable> {
    /// Their ids.
    private(set) var rows: ClosedRange<Int64>
    /// What is to be written.
    let value: Value

    /// Puts rows together that come one after another.
    static func all(of rows: [(id: Int64, value: Value)]) -> [Stretch] {
        var stretches: [Stretch] = []
        for (id, value) in rows {
            if let last = stretches.last, last.rows.upperBound + 1 == id, last.value == value {
                stretches[stretches.count - 1].rows = last.rows.lowerBound...id
            } else {
                stretches.append(Stretch(rows: id...id, value: value))
            }
        }
        return stretches
    }
}

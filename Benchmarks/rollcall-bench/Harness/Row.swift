/// One line of the table.
struct Row: Sendable {
    /// What was measured.
    let what: String
    /// The result.
    let figure: Figure
    /// The yardstick's name and result; nil without one.
    private(set) var yardstick: String?
    /// The result relative to the yardstick, in the unit of the bar.
    private(set) var ratio: String?
    /// The bar; nil if there is none.
    private(set) var bar: String?
    /// Whether the result meets the bar; nil if there is none.
    private(set) var holds: Bool?

    init(_ what: String, _ figure: Figure) {
        self.what = what
        self.figure = figure
    }

    /// Sets the bar: the value must be below a bound, in the figure's unit.
    func below(_ bound: Double) -> Row {
        with { row in
            row.bar = "< \(figure.unit.text(of: bound))"
            row.holds = figure.value < bound
        }
    }

    /// Sets the bar: the value must be at least a bound, in the figure's unit.
    func atLeast(_ bound: Double) -> Row {
        with { row in
            row.bar = "≥ \(figure.unit.text(of: bound))"
            row.holds = figure.value >= bound
        }
    }

    /// Compares a time with a shorter one: how many times as long it takes.
    func times(_ name: String, _ other: Figure, atMost bound: Double? = nil) -> Row {
        compared(name, other) { row in
            let ratio = figure.value / other.value
            row.ratio = "\(ratio.threeDigits) ×"
            row.ask(ratio, atMost: bound, "\(bound?.threeDigits ?? "") ×")
        }
    }

    /// Compares a time with a longer one: how many times as fast it is.
    func timesFaster(_ name: String, _ other: Figure, atLeast bound: Double? = nil) -> Row {
        compared(name, other) { row in
            let ratio = other.value / figure.value
            row.ratio = "\(ratio.threeDigits) × as fast"
            row.ask(ratio, atLeast: bound, "\(bound?.threeDigits ?? "") ×")
        }
    }

    /// Compares a rate with another: the share it reaches.
    func share(_ name: String, _ other: Figure, atLeast bound: Double? = nil) -> Row {
        compared(name, other) { row in
            let ratio = figure.value / other.value
            row.ratio = "\((ratio * 100).threeDigits) %"
            row.ask(ratio, atLeast: bound, "\(((bound ?? 0) * 100).threeDigits) %")
        }
    }

    private func compared(_ name: String, _ other: Figure, _ change: (inout Row) -> Void) -> Row {
        with { row in
            row.yardstick = "\(name): \(other.text)"
            change(&row)
        }
    }

    private mutating func ask(_ ratio: Double, atLeast bound: Double?, _ text: String) {
        guard let bound else { return }
        bar = "≥ \(text)"
        holds = ratio >= bound
    }

    private mutating func ask(_ ratio: Double, atMost bound: Double?, _ text: String) {
        guard let bound else { return }
        bar = "≤ \(text)"
        holds = ratio <= bound
    }

    private func with(_ change: (inout Row) -> Void) -> Row {
        var row = self
        change(&row)
        return row
    }
}

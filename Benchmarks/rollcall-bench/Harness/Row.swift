/// One line of the table.
struct Row: Sendable {
    /// What was measured.
    let what: String
    /// How it came out.
    let figure: Figure
    /// What it is held against, with how that came out; nil for what stands alone.
    private(set) var yardstick: String?
    /// The two set against each other, as the bar counts it.
    private(set) var ratio: String?
    /// What is asked for; nil where nothing is.
    private(set) var bar: String?
    /// Whether that is so; nil where nothing is asked for.
    private(set) var holds: Bool?

    init(_ what: String, _ figure: Figure) {
        self.what = what
        self.figure = figure
    }

    /// Asks for a value below a bound, in the figure's unit.
    func below(_ bound: Double) -> Row {
        with { row in
            row.bar = "< \(figure.unit.text(of: bound))"
            row.holds = figure.value < bound
        }
    }

    /// Asks for a value of a bound or more, in the figure's unit.
    func atLeast(_ bound: Double) -> Row {
        with { row in
            row.bar = "≥ \(figure.unit.text(of: bound))"
            row.holds = figure.value >= bound
        }
    }

    /// Sets a time against a shorter one: how many times as long it takes.
    func times(_ name: String, _ other: Figure, atMost bound: Double? = nil) -> Row {
        compared(name, other) { row in
            let ratio = figure.value / other.value
            row.ratio = "\(ratio.threeDigits) ×"
            row.ask(ratio, atMost: bound, "\(bound?.threeDigits ?? "") ×")
        }
    }

    /// Sets a time against a longer one: how many times as fast it is.
    func timesFaster(_ name: String, _ other: Figure, atLeast bound: Double? = nil) -> Row {
        compared(name, other) { row in
            let ratio = other.value / figure.value
            row.ratio = "\(ratio.threeDigits) × as fast"
            row.ask(ratio, atLeast: bound, "\(bound?.threeDigits ?? "") ×")
        }
    }

    /// Sets a rate against another one: the share of it that is reached.
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

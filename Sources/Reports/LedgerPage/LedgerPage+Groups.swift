import Core
import RunLedger

extension LedgerPage {
    /// The most groups that the page lists.
    static let charted = 1_000

    /// The groups with the most changes.
    var busiest: PageValues {
        let busy = report.groups.filter { $0.taken.total > 0 }
            .sorted { $0.taken.total == $1.taken.total ? $0.key < $1.key : $0.taken.total > $1.taken.total }
        let most = busy.first?.taken.total ?? 1
        let total = busy.reduce(0) { $0 + $1.taken.total }
        let top = busy.prefix(10).reduce(0) { $0 + $1.taken.total }
        let intro =
            busy.isEmpty
            ? "No change was made."
            : busy.count > 10
                ? "The ten groups with the most changes: \(Self.percentage(top, of: total)) of all "
                    + "\(total.words)."
                : "\(total.words("change")) in \(busy.count.words("group"))."
        return .list(intro: intro, rows: busy.prefix(10).map { row($0, most: most) })
    }

    private func row(_ group: ReportedGroup, most: Int) -> PageValues {
        let taken = group.taken
        var x = 0
        var bars: [PageValues] = []
        for operation in Operation.allCases where taken[operation] > 0 {
            let width = max(1, taken[operation] * 1_000 / most)
            bars.append(["mark": operation.rawValue, "x": x, "y": 0, "width": width, "height": 10])
            x += width
        }
        return [
            "group": names.name(group.key), "total": taken.total.words,
            "title": taken.words(isPlan: false).joined(separator: ", "), "bars": bars, "adds": taken[.add].words,
            "promotes": taken[.promote].words, "demotes": taken[.demote].words, "removes": taken[.remove].words,
        ]
    }

    /// Every group over time: groups that need a look first, then by name.
    var groups: PageValues {
        let order = GroupCondition.allCases
        let sorted = report.groups.map { (group: $0, name: names.name($0.key), state: state(of: $0)) }
            .sorted { left, right in
                let (one, other) = (order.firstIndex(of: left.state) ?? 0, order.firstIndex(of: right.state) ?? 0)
                if one != other { return one < other }
                return left.name == right.name ? left.group.key < right.group.key : left.name < right.name
            }
        return .list(
            intro:
                "Groups that need attention come first, then the others by name. The curve shows the number of members; "
                + "the columns show the drift in each period.",
            rows: sorted.prefix(Self.charted).map { row($0.group, name: $0.name, state: $0.state) },
            leftOut: sorted.count - Self.charted
        ) { "And \($0.words("group")) more." }
    }

    private func row(_ group: ReportedGroup, name: String, state: GroupCondition) -> PageValues {
        let sizes = group.results.map { $0?.size }
        let known = sizes.compactMap(\.self)
        let drifts = group.results.compactMap { $0?.drift }
        let (first, last) = (known.first ?? 0, known.last ?? 0)
        let seen = group.latest.flatMap { starts[$0.run] }
        let peak = drifts.max() ?? 0
        let spark = Sparkline(periods: group.results.count)
        let sizeTitle =
            known.isEmpty
            ? "No member list was read"
            : "Members: from \(first.words) to \(last.words), between \((known.min() ?? 0).words) and "
                + (known.max() ?? 0).words
        let drift = group.latest?.drift?.words
        return [
            "name": group.name == nil ? "(no name)" : name, "address": names.address(group.key),
            "size": known.isEmpty ? "–" : last.words,
            "growth": known.isEmpty ? "" : last == first ? "±0" : (last - first).signedWords, "width": spark.width,
            "sizeTitle": sizeTitle, "sizeLine": spark.line(sizes), "drift": drift ?? "–",
            "peak": drifts.isEmpty ? "" : "most \(peak.words)",
            "driftTitle": "Drift: \(drift ?? "unknown") when last read, at most \(peak.words)",
            "driftBars": spark.bars(group.results.map { $0?.drift ?? 0 }), "state": state.rawValue,
            "mark": state.mark, "seen": seen?.dayWords ?? "", "error": group.error.map(numbers.text(in:)),
        ]
    }
}

/// A small chart of one group: 24 units high, 4 units wide per period.
struct Sparkline {
    let periods: Int
    var width: Int { periods * 4 }

    /// Returns the path through the values, level for periods without a value; empty without any value.
    func line(_ values: [Int?]) -> String {
        let known = values.compactMap(\.self)
        guard let least = known.min(), let most = known.max() else { return "" }
        // A small change in a large group must look small.
        let span = Double(max(most - least, most / 10, 4))
        let middle = Double(most + least) / 2
        var path = ""
        var before: String?
        for (position, value) in values.enumerated() {
            guard let value else { continue }
            let y = (12 - (Double(value) - middle) / span * 20).short
            let x = position * 4 + 2
            if y == before, position < values.count - 1 { continue }
            // Draws the level part that was skipped so far.
            if path.isEmpty { path = "M\(x) \(y)" } else { path += y == before ? "H\(x)" : "H\(x - 2)L\(x) \(y)" }
            before = y
        }
        if known.count == 1 || !path.contains("H") { path += "h1" }
        return path
    }

    /// Returns the path of columns from the bottom; none for a value of 0.
    func bars(_ values: [Int]) -> String {
        let most = max(values.max() ?? 0, 4)
        return values.enumerated().filter { $1 > 0 }.map { position, value in
            "M\(position * 4 + 2) 24V\((24 - max(2, Double(value) / Double(most) * 22)).short)"
        }.joined()
    }
}

import Core
import RunLedger

/// The figures of each period, for the charts and their table.
struct PeriodFigures {
    /// The figures of one period.
    private struct Figures {
        var statuses: [RunStatus: Int] = [:]
        var changes = ActionCounts()
        /// Of the run that found the most drift: changes asked for, and removals and demotions blocked.
        var drift: (called: Int, withheld: Int)?
        var members: Int?
        var runs: Int { statuses.values.reduce(0, +) }
        var isRead: Bool { runs > 0 && members != nil }
    }

    private let periods: ReportPeriods
    private var figures: [Figures]
    private let runCount: Int
    /// The stacking order, best first.
    private static let order: [RunStatus] = [
        .succeeded, .withheld, .incomplete, .stale, .failed, .interrupted, .running,
    ]

    init(_ report: LedgerReport) {
        let none = Timestamp(milliseconds: 0)
        periods = report.periods ?? ReportPeriods(from: none, through: none)
        figures = Array(repeating: Figures(), count: periods.count)
        runCount = report.runs.count
        for run in report.runs {
            let position = periods.position(of: run.record.startedAt)
            figures[position].statuses[run.record.status, default: 0] += 1
            let most = figures[position].drift.map { $0.called + $0.withheld } ?? -1
            if run.called + run.withheld > most { figures[position].drift = (run.called, run.withheld) }
            // A plan makes no changes.
            guard run.record.command != "plan" else { continue }
            figures[position].changes = figures[position].changes + run.record.tally.changes
        }
        var sizes = [Int?](repeating: nil, count: report.groups.count)
        for position in figures.indices {
            for (index, group) in report.groups.enumerated() {
                sizes[index] = group.results[position]?.size ?? sizes[index]
            }
            let known = sizes.compactMap(\.self)
            if !known.isEmpty { figures[position].members = known.reduce(0, +) }
        }
    }

    /// The introduction to the charts.
    var intro: String {
        "Each column is \(spanWords). Drift is the difference between policy and groups: changes needed, plus removals "
            + "and demotions that were blocked. Members are counted as last read."
    }

    private var spanWords: String {
        guard periods.areWholeDays else { return "an hour" }
        let days = Int(periods.length / 86_400_000)
        return days == 1 ? "a day" : days == 7 ? "a week" : "\(days.words) days"
    }

    /// The charts, in display order.
    var charts: [PageValues] { [outcomes, changes, drift, members] }

    private var outcomes: PageValues {
        let used = Self.order.filter { status in figures.contains { $0.statuses[status] != nil } }
        let scale = ChartScale(figures.map(\.runs).max() ?? 0)
        let columns = figures.indices.map { position in
            column(position, used.map { ($0.mark, figures[position].statuses[$0] ?? 0) }, scale) {
                Self.words(figures[position].statuses)
            }
        }
        let sums = Self.words(figures.reduce(into: [:]) { $0.merge($1.statuses, uniquingKeysWith: +) })
        return chart(
            "outcomes", "Runs and how they ended", "Every run, by its outcome.",
            "Of \(runCount.words("run")): \(sums.joined(separator: ", ")).",
            used.map { ($0.mark, $0.rawValue) }, scale.labels, columns)
    }

    /// Returns the number of runs by status in words.
    private static func words(_ statuses: [RunStatus: Int]) -> [String] {
        order.compactMap { status in statuses[status].map { "\($0.words) \(status.word)" } }
    }

    private var changes: PageValues {
        let ups = figures.map { $0.changes[.add] + $0.changes[.promote] }
        let downs = figures.map { $0.changes[.remove] + $0.changes[.demote] }
        let scale = ChartScale(max(ups.max() ?? 0, downs.max() ?? 0))
        let columns = figures.indices.map { position in
            let counts = figures[position].changes
            let bars =
                bars([("add", counts[.add]), ("promote", counts[.promote])], position, from: 50, unit: -50, scale)
                + bars([("remove", counts[.remove]), ("demote", counts[.demote])], position, from: 50, unit: 50, scale)
            return column(position, counts.words(isPlan: false), bars)
        }
        let total = figures.map(\.changes).reduce(ActionCounts(), +)
        let words = total.words(isPlan: false)
        return chart(
            "changes", "Changes made", "Added and promoted above the line, removed and demoted below it.",
            words.isEmpty ? "No change was made." : "In total: \(words.joined(separator: ", ")).",
            [("add", "added"), ("promote", "promoted"), ("demote", "demoted"), ("remove", "removed")],
            [scale.top.words, "0", scale.top.words], columns)
    }

    private var drift: PageValues {
        let totals = figures.map { $0.drift.map { $0.called + $0.withheld } ?? 0 }
        let scale = ChartScale(totals.max() ?? 0)
        let columns = figures.indices.map { position in
            let found = figures[position].drift
            return column(position, [("called", found?.called ?? 0), ("withheld", found?.withheld ?? 0)], scale) {
                found.map { ["\($0.called.words) needed", "\($0.withheld.words) blocked"] } ?? []
            }
        }
        return chart(
            "drift", "Drift", "For each period, the run with the most drift.",
            "The most in one run: \((totals.max() ?? 0).words("change")). "
                + "In the last period: \((totals.last ?? 0).words).",
            [("called", "needed"), ("withheld", "blocked")], scale.labels, columns)
    }

    private var members: PageValues {
        let known = figures.compactMap(\.members)
        let scale = ChartScale(known.max() ?? 0)
        var line = ""
        var edges: (first: Int, last: Int)?
        for (position, figure) in figures.enumerated() {
            guard let members = figure.members else { continue }
            let x = position * 10 + 5
            line += "\(line.isEmpty ? "M" : "L")\(x) \((100 - scale.share(members) * 100).short)"
            edges = (edges?.first ?? x, x)
        }
        let area = edges.map { "\(line)V100H\($0.first)Z" }
        let columns = figures.indices.map { position in
            column(position, figures[position].isRead ? ["\(figures[position].members?.words ?? "–") members"] : [])
        }
        let description =
            if let first = known.first, let last = known.last {
                "Members: \(first.words) at first, \(last.words) at the end, \((known.max() ?? 0).words) at most."
            } else { "No member list was read." }
        return chart(
            "members", "Members in all groups", "Memberships: a person in two groups counts twice.", description,
            [("members", "members")], scale.labels, columns, area: area, line: edges == nil ? nil : line)
    }

    private func chart(
        _ id: String, _ title: String, _ caption: String, _ description: String, _ legend: [(String, String)],
        _ scale: [String], _ columns: [PageValues?], area: String? = nil, line: String? = nil
    ) -> PageValues {
        let moments = [0, periods.count / 2, periods.count - 1].map { position in
            periods.areWholeDays ? label(position) : periods.start(of: position).clockWords
        }
        let entries = legend.count < 2 ? [] : legend.map { ["mark": $0, "text": $1] as PageValues }
        return [
            "id": id, "title": title, "caption": caption, "description": description, "legend": entries,
            "scale": scale, "width": periods.count * 10, "columns": columns.compactMap(\.self), "area": area,
            "line": line, "times": moments,
        ]
    }

    private func column(
        _ position: Int, _ values: [(mark: String, value: Int)], _ scale: ChartScale, _ words: () -> [String]
    ) -> PageValues? {
        column(position, words(), bars(values, position, from: 100, unit: -100, scale))
    }

    /// Returns everything that a chart shows for one period; nil if there is nothing to say about it.
    private func column(_ position: Int, _ words: [String], _ bars: [PageValues] = []) -> PageValues? {
        guard !words.isEmpty else { return nil }
        return ["title": "\(label(position)): \(words.joined(separator: ", "))", "x": position * 10, "bars": bars]
    }

    /// Returns rectangles on top of each other from a height, upwards if the unit, the height of the scale, is negative.
    private func bars(
        _ values: [(mark: String, value: Int)], _ position: Int, from start: Double, unit: Double, _ scale: ChartScale
    ) -> [PageValues] {
        var edge = start
        return values.filter { $0.value > 0 }.map { mark, value in
            let before = edge
            edge += scale.share(value) * unit
            return [
                "mark": mark, "x": position * 10 + 1, "y": min(before, edge).short, "width": 8,
                "height": (scale.share(value) * abs(unit)).short,
            ]
        }
    }

    private func label(_ position: Int) -> String {
        let start = periods.start(of: position)
        return periods.areWholeDays ? start.dayWords : start.momentWords
    }

    /// The headings of the table.
    var heads: [PageValues] { [Self.cell("From", "", isNumber: false)] + cells(Figures()) }

    /// The periods with runs, newest first.
    var rows: [PageValues] {
        figures.indices.reversed().filter { figures[$0].runs > 0 }.map { position in
            ["head": label(position), "cells": cells(figures[position])]
        }
    }

    private func cells(_ figure: Figures) -> [PageValues] {
        let outcomes = Self.words(figure.statuses)
        let changes = figure.changes
        let numbers: [(String, Int?)] = [
            ("Added", changes[.add]), ("Promoted", changes[.promote]), ("Demoted", changes[.demote]),
            ("Removed", changes[.remove]),
            ("Needed", figure.drift?.called), ("Blocked", figure.drift?.withheld), ("Members", figure.members),
        ]
        return [Self.cell("Runs", outcomes.joined(separator: ", "), isNumber: false)]
            + numbers.map { Self.cell($0, $1?.words ?? "–", isNumber: true) }
    }

    /// Returns one figure with its column heading.
    private static func cell(_ label: String, _ text: String, isNumber: Bool) -> PageValues {
        ["label": label, "text": text, "isNumber": isNumber]
    }
}

/// The top of a chart's scale: the greatest value, rounded up to a round number.
struct ChartScale {
    let top: Int

    init(_ most: Int) {
        var step = 1
        while most > step * 10 { step *= 10 }
        top = [2, 4, 6, 8, 10].map { $0 * step }.first { $0 >= most } ?? max(most, 2)
    }

    /// Returns the share of the height that a value takes.
    func share(_ value: Int) -> Double { Double(value) / Double(top) }

    /// Top, middle and bottom.
    var labels: [String] { [top.words, (top / 2).words, "0"] }
}

extension Double {
    /// The number with at most one decimal.
    var short: String {
        let tenths = Int((self * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
    }
}

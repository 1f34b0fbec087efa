import Mustache

/// The values for the root template, under the names that the templates use.
struct LedgerPageParts {
    let frame: PageFrame
    let hasRuns: Bool
    let sections: [SectionLink]
    let tiles: [Tile]
    let failing: ListParts<FailingRow>
    let unseen: ListParts<UnseenRow>
    let periodsIntro: String
    let timeCharts: [ChartParts]
    let periodHeads: [PeriodCell]
    let periodRows: [PeriodRow]
    let absences: ListParts<AbsenceRow>
    let withheld: ListParts<WithheldRow>
    let hasHeldKinds: Bool
    let heldKinds: [HeldKindRow]
    let busiest: ListParts<BusyGroupRow>
    let flapping: ListParts<FlappingRow>
    let groups: ListParts<GroupRow>
    let runsIntro: Passage
    let months: [MonthParts]
}

/// A chart over time.
struct ChartParts {
    let id: String
    let title: String
    let caption: String
    let description: String
    let legend: [LegendEntry]
    /// The values of the top, middle and bottom line.
    let scale: [String]
    let width: Int
    let columns: [ChartColumn]
    /// The path of a filled curve; nil for a chart of columns.
    let area: String?
    /// The path of its upper edge.
    let line: String?
    let times: [String]
}

/// The meaning of a colour in a chart.
struct LegendEntry {
    let mark: String
    let text: String
}

/// Everything that a chart shows for one period.
struct ChartColumn {
    let title: String
    let x: Int
    let bars: [ChartBar]
}

/// One rectangle of a chart, in the units of its drawing.
struct ChartBar {
    let mark: String
    let x: String
    let y: String
    let width: String
    let height: String
}

/// One row of the table of figures.
struct PeriodRow {
    let head: String
    let cells: [PeriodCell]
}

/// One figure with its column heading.
struct PeriodCell {
    let label: String
    let text: String
    let isNumber: Bool
}

/// One month's runs.
struct MonthParts {
    let name: String
    let runs: [RunParts]
}

/// One run in full.
struct RunParts {
    let startedAt: String
    let moment: String
    let command: String
    let status: String
    let mark: String
    let counts: String
    let facts: [Fact]
    let faults: [FaultLine]
    let groups: [ChangedGroup]
    let more: String?
}

/// One line of facts.
struct Fact {
    let label: String
    let text: String
}

/// An error and its groups.
struct FaultLine {
    let groups: String
    let error: String
}

/// The changes of one group in one run.
struct ChangedGroup {
    let name: String
    let changes: [ChangeLine]
}

/// One change.
struct ChangeLine {
    let mark: String
    let operation: String
    let person: String?
    let phone: String
    let status: String
    let error: String?
}

/// A group in which no change succeeds.
struct FailingRow {
    let group: String
    let address: String
    let since: String
    let age: String
    let nights: String
}

/// A change that was sent and is not confirmed yet.
struct UnseenRow {
    let person: String?
    let phone: String
    let group: String
    let operation: String
    let since: String
    let age: String
}

/// Someone who could not be added.
struct AbsenceRow {
    let person: String?
    let phone: String
    let group: String
    let since: String
    let age: String
    let tries: String
    let kind: String
    let message: Passage
}

/// A group with blocked removals or demotions.
struct WithheldRow {
    let group: String
    let state: String
    let mark: String
    let people: String
    let when: String
    let runs: String
    let reasons: [Passage]
}

/// The number of holds of one kind.
struct HeldKindRow {
    let kind: String
    let count: String
    let meaning: String
}

/// A group with its number of changes.
struct BusyGroupRow {
    let group: String
    let total: String
    let title: String
    let bars: [ChartBar]
    let adds: String
    let promotes: String
    let demotes: String
    let removes: String
}

/// A group with people changed back and forth.
struct FlappingRow {
    let group: String
    let turns: String
    let people: [FlappingLine]
    let more: String?
}

/// A person changed back and forth.
struct FlappingLine {
    let person: String?
    let phone: String
    let turns: String
}

/// A group over time.
struct GroupRow {
    let name: String
    let address: String
    let size: String
    let growth: String
    let width: Int
    let sizeTitle: String
    let sizeLine: String
    let drift: String
    let peak: String
    let driftTitle: String
    let driftBars: String
    let state: String
    let mark: String
    let seen: String
    let error: String?
}

// By default a template looks up values through reflection. A large ledger's page has thousands of these lines, so they
// return their values directly, which is faster.

extension ChangeLine: MustacheParent {
    func child(named name: String) -> Any? {
        switch name {
        case "mark": mark
        case "operation": operation
        case "person": person
        case "phone": phone
        case "status": status
        case "error": error
        default: nil
        }
    }
}

extension FlappingLine: MustacheParent {
    func child(named name: String) -> Any? {
        switch name {
        case "person": person
        case "phone": phone
        case "turns": turns
        default: nil
        }
    }
}

extension GroupRow: MustacheParent {
    func child(named name: String) -> Any? {
        switch name {
        case "name": self.name
        case "address": address
        case "size": size
        case "growth": growth
        case "width": width
        case "sizeTitle": sizeTitle
        case "sizeLine": sizeLine
        case "drift": drift
        case "peak": peak
        case "driftTitle": driftTitle
        case "driftBars": driftBars
        case "state": state
        case "mark": mark
        case "seen": seen
        case "error": error
        default: nil
        }
    }
}

/// What the root template is filled with; the names are those that the templates use.
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
    let busiest: ListParts<BusyRow>
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
    /// What the top, the middle and the bottom line stand for.
    let scale: [String]
    let width: Int
    let columns: [ChartColumn]
    /// The path of a filled curve; nil for a chart of columns.
    let area: String?
    /// The path of its upper edge.
    let line: String?
    let times: [String]
}

/// What a colour of a chart stands for.
struct LegendEntry {
    let mark: String
    let text: String
}

/// All that a chart shows for one period.
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

/// One row of the figures behind the charts.
struct PeriodRow {
    let head: String
    let cells: [PeriodCell]
}

/// One figure, with the heading under which it stands.
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

/// What went wrong, and with which groups.
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

/// A group in which nothing can be changed.
struct FailingRow {
    let group: String
    let place: String
    let since: String
    let age: String
    let nights: String
}

/// A change that waits to be seen.
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

/// A group of which something was withheld.
struct WithheldRow {
    let group: String
    let state: String
    let mark: String
    let people: String
    let when: String
    let runs: String
    let reasons: [Passage]
}

/// How many people are left alone for one kind of reason.
struct HeldKindRow {
    let kind: String
    let count: String
    let meaning: String
}

/// A group by its changes.
struct BusyRow {
    let group: String
    let total: String
    let title: String
    let bars: [ChartBar]
    let adds: String
    let promotes: String
    let demotes: String
    let removes: String
}

/// A group with people who come and go.
struct FlappingRow {
    let group: String
    let turns: String
    let people: [FlappingLine]
    let more: String?
}

/// Someone who comes and goes.
struct FlappingLine {
    let person: String?
    let phone: String
    let turns: String
}

/// A group over time.
struct GroupRow {
    let name: String
    let place: String
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

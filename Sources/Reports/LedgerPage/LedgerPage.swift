package import Core
import RunLedger

/// A report as one self-contained HTML page, without scripts.
package struct LedgerPage: Sendable {
    let report: LedgerReport
    let numbers: NumberDisplay
    let now: Timestamp
    let version: String
    let names: GroupNames
    let commands: [RunID: String]
    let starts: [RunID: Timestamp]
    /// The groups with people who could not be added.
    let absentees: Set<GroupKey>

    /// Creates the page of a report, made at `now` by a version of the program.
    package init(_ report: LedgerReport, numbers: NumberDisplay, madeAt now: Timestamp, version: String) {
        self.report = report
        self.numbers = numbers
        self.now = now
        self.version = version
        // Some lists cover the whole ledger and name groups that the covered runs did not read.
        let covered = Set(report.groups.map(\.key))
        var others: [GroupKey: String?] = [:]
        for change in report.unseen.listed { others[change.key] = .some(nil) }
        for group in report.failing { others[group.key] = group.name }
        names = GroupNames(
            report.groups
                + others.filter { !covered.contains($0.key) }.map { ReportedGroup(key: $0, name: $1, results: []) },
            numbers: numbers)
        absentees = Set(report.absences.map(\.key))
        commands = Dictionary(uniqueKeysWithValues: report.runs.map { ($0.record.id, $0.record.command) })
        starts = Dictionary(uniqueKeysWithValues: report.runs.map { ($0.record.id, $0.record.startedAt) })
    }

    /// Returns the page, with a final line break.
    package func render() -> String { PageTemplates.render(parts, with: "ledger-page") }

    private var parts: PageValues {
        let (figures, heldKinds) = (PeriodFigures(report), heldKinds)
        return [
            "frame": PageValues.frame(
                heading: "Rollcall report", lead: lead, notes: notes, style: .ledger, madeAt: now, version: version),
            "hasRuns": !report.runs.isEmpty, "sections": sections, "tiles": tiles, "failing": failing,
            "unseen": unseen, "periodsIntro": figures.intro, "timeCharts": figures.charts,
            "periodHeads": figures.heads, "periodRows": figures.rows, "absences": absences, "withheld": withheld,
            "hasHeldKinds": !heldKinds.isEmpty, "heldKinds": heldKinds, "busiest": busiest, "flapping": flapping,
            "groups": groups, "runsIntro": runsIntro, "months": months,
        ]
    }

    private var sections: [PageValues] {
        Self.sections.filter { id, _ in
            switch id {
            case "failing": !report.failing.isEmpty
            case "unseen": report.unseen.count > 0
            default: true
            }
        }.map { ["id": $0, "title": $1] }
    }

    private static let sections = [
        ("overview", "At a glance"), ("failing", "Fail every night"), ("time", "Over time"),
        ("missing", "Could not be added"), ("unseen", "Not confirmed yet"), ("withheld", "Blocked"),
        ("busiest", "Busiest groups"), ("flapping", "Flapping groups"), ("groups", "Every group"),
        ("runs", "Every run"),
    ]

    private var lead: String {
        guard let first = report.runs.first, let last = report.runs.last else {
            return "What Rollcall did to make the groups match their policies."
        }
        let days = [first, last].map(\.record.startedAt.dayWords)
        let time = days[0] == days[1] ? "on \(days[0])" : "from \(days[0]) to \(days[1])"
        return "\(report.runs.count.words("run")) over \(report.groups.count.words("group")), \(time)."
    }

    private var notes: [String] {
        var notes: [String] = []
        if report.runsInLedger > report.runs.count {
            notes.append(
                "The ledger has \(report.runsInLedger.words("run")); this report covers only the latest "
                    + "\(report.runs.count.words).")
        }
        notes.append("Times are in UTC.")
        if numbers == .masked { notes.append("Phone numbers are masked.") }
        return notes
    }
}

/// The names of groups on the page, with ids added to equal names.
struct GroupNames: Sendable {
    private let names: [GroupKey: String]
    private let addresses: [GroupKey: String]

    init(_ groups: [ReportedGroup], numbers: NumberDisplay) {
        let hasManyGateways = Set(groups.map(\.key.gateway)).count > 1
        let ids = Dictionary(grouping: groups, by: \.key.group)
        var names: [GroupKey: String] = [:]
        var addresses: [GroupKey: String] = [:]
        for group in groups {
            var address = numbers.text(in: group.key.group.jid)
            if (ids[group.key.group] ?? []).count > 1 { address += ", session \(group.key.session)" }
            if hasManyGateways { address += ", \(numbers.text(in: group.key.gateway.text))" }
            addresses[group.key] = address
            names[group.key] = group.name.map(numbers.text(in:))
        }
        let namesakes = Dictionary(grouping: names, by: \.value).filter { $1.count > 1 }
        for (key, name) in names where namesakes[name] != nil { names[key] = "\(name) (\(addresses[key] ?? ""))" }
        self.names = names
        self.addresses = addresses
    }

    /// Returns the name, or the id without one.
    func name(_ key: GroupKey) -> String { names[key] ?? address(key) }

    /// Returns the id, with session and gateway if needed to identify the group.
    func address(_ key: GroupKey) -> String { addresses[key] ?? key.group.jid }
}

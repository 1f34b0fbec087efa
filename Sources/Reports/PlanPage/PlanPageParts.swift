/// The values for the plan page's template, under the names that the templates use.
struct PlanPageParts {
    let frame: PageFrame
    let tiles: [Tile]
    let groupsIntro: String
    let hasGroups: Bool
    let counts: [CountedGroup]
    let groups: [PlannedGroupParts]
    let more: String?
}

/// A group's row in the first table.
struct CountedGroup {
    let id: String?
    let name: String
    let cells: [CountCell]
    let held: CountCell
    let state: String?
    let mark: String
}

/// The number of changes of one kind.
struct CountCell {
    let label: String
    let text: String
    let isZero: Bool
}

/// A group with everything that is planned in it.
struct PlannedGroupParts {
    let id: String
    let name: String
    let address: String
    let remarks: [RemarkLine]
    let hasRows: Bool
    let rows: [PlannedRow]
    let more: String?
}

/// A line about the whole group.
struct RemarkLine {
    let mark: String
    let word: String
    let message: Passage
}

/// One action, or people blocked for one reason.
struct PlannedRow {
    let mark: String
    let word: String
    let people: [PlannedPerson]
    let crowd: PersonList?
    let source: String?
    let reason: Passage?
    let remedy: Passage?
}

/// A long list of people, shown after the reason.
struct PersonList {
    let count: String
    let people: [PlannedPerson]
    let more: String?
}

/// A person in a row.
struct PlannedPerson {
    let person: String?
    let number: String?
}

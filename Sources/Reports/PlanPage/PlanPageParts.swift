/// What the template of a plan's page is filled with; the names are those that the templates use.
struct PlanPageParts {
    let frame: PageFrame
    let tiles: [Tile]
    let groupsIntro: String
    let hasGroups: Bool
    let counts: [CountedGroup]
    let groups: [PlannedGroupParts]
    let more: String?
}

/// A group's line in the table that comes first.
struct CountedGroup {
    let id: String?
    let name: String
    let cells: [CountCell]
    let held: CountCell
    let state: String?
    let mark: String
}

/// How much is to be done of one kind.
struct CountCell {
    let label: String
    let text: String
    let isZero: Bool
}

/// A group with all that is planned in it.
struct PlannedGroupParts {
    let id: String
    let name: String
    let place: String
    let told: [ToldLine]
    let hasRows: Bool
    let rows: [PlannedRow]
    let more: String?
}

/// Something said of the whole group.
struct ToldLine {
    let mark: String
    let word: String
    let message: Passage
}

/// One action, or people who are held back for one reason.
struct PlannedRow {
    let mark: String
    let word: String
    let people: [PlannedPerson]
    let crowd: Crowd?
    let source: String?
    let reason: Passage?
    let remedy: Passage?
}

/// More people than stand side by side with the reason.
struct Crowd {
    let count: String
    let people: [PlannedPerson]
    let more: String?
}

/// Someone whom a row is about.
struct PlannedPerson {
    let person: String?
    let number: String?
}

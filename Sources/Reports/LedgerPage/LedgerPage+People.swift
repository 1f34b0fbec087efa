import Membership
import RunLedger

extension LedgerPage {
    /// How many people, or groups, one list shows at most.
    static let listed = 300

    /// How many people of one group a list shows at most.
    private static let listedOfGroup = 5

    /// Who could not be added, the longest first.
    var absences: ListParts<AbsenceRow> {
        let absences = report.absences
        let groups = Set(absences.map(\.key)).count
        return ListParts(
            intro: absences.isEmpty
                ? "At the last look, nobody who is wanted had been tried or held back."
                : "\(absences.count.words("person is wanted", "people are wanted")) and could not be added, in "
                    + "\(groups.words("group")), as of each group's last look. Whoever has waited longest comes first.",
            rows: absences.map(row), limit: Self.listed
        ) { "And \($0.words) more, who have waited less long." }
    }

    private func row(_ absence: Absence) -> AbsenceRow {
        AbsenceRow(
            person: absence.person.map(numbers.text(in:)), phone: numbers.text(absence.phone),
            group: names.name(absence.key), since: absence.since.dayWords,
            age: age(since: absence.since), tries: absence.tries.words,
            kind: HeldKind.words(absence.kind), message: Passage(numbers.text(in: absence.message)))
    }

    /// How long something has been so, in days.
    func age(since moment: Timestamp) -> String {
        let days = max(0, now.date.daysSince1970 - moment.date.daysSince1970)
        return days == 0 ? "today" : days.words("day")
    }

    /// Of which groups something was withheld.
    var withheld: ListParts<WithheldRow> {
        let current = report.withheld.filter(\.isCurrent)
        let people = current.reduce(0) { $0 + $1.people }
        let now =
            current.isEmpty
            ? "Nothing is withheld now."
            : "\(people.words("removal or demotion is", "removals and demotions are")) withheld now, in "
                + "\(current.count.words("group"))."
        let past = report.withheld.count > current.count ? " What is no longer withheld comes after it." : ""
        return ListParts(
            intro: "A removal or demotion is withheld where the roster cannot be trusted, or a limit is reached. "
                + now + past,
            rows: report.withheld.map(row), limit: Self.listed
        ) { "And \($0.words("group")) more." }
    }

    private func row(_ group: WithheldGroup) -> WithheldRow {
        WithheldRow(
            group: names.name(group.key), state: group.isCurrent ? "withheld" : "no longer",
            mark: group.isCurrent ? "withheld" : "interrupted", people: group.people.words,
            when: group.first.words(through: group.last), runs: "in \(group.runs.words("run"))",
            reasons: group.messages.map { Passage(numbers.text(in: $0)) })
    }

    /// All that the last looks left alone, the most first.
    var heldKinds: [HeldKindRow] {
        var counts: [String: Int] = [:]
        for group in report.groups { for held in group.holds { counts[held.kind, default: 0] += held.count } }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { kind, count in
            HeldKindRow(kind: HeldKind.words(kind), count: count.words, meaning: HeldKind.meaning(kind))
        }
    }

    /// The groups in which the same is done to people again and again, the most turns first.
    var flapping: ListParts<FlappingRow> {
        var groups: [(key: GroupKey, people: [FlappingPerson], turns: Int)] = []
        for (key, people) in Dictionary(grouping: report.flapping, by: \.key) {
            groups.append((key, people, people.reduce(0) { $0 + $1.counts.total }))
        }
        groups.sort { $0.turns == $1.turns ? $0.key < $1.key : $0.turns > $1.turns }
        let rows = groups.map { group in
            let more = group.people.count - Self.listedOfGroup
            return FlappingRow(
                group: names.name(group.key), turns: group.turns.words,
                people: group.people.prefix(Self.listedOfGroup).map(line),
                more: more > 0 ? "And \(more.words) more." : nil)
        }
        let intro =
            rows.isEmpty
            ? "For nobody the same was asked again and again."
            : "The same people were to be added or removed, promoted or demoted three times or more within thirty days: two "
                + "rules, or two people, disagree about them."
        return ListParts(intro: intro, rows: rows, limit: Self.listed) { "And \($0.words("group")) more." }
    }

    private func line(_ person: FlappingPerson) -> FlappingLine {
        FlappingLine(
            person: person.person.map(numbers.text(in:)), phone: numbers.text(person.phone),
            turns: (words(person.counts) + ["last on \(person.last.dayWords)"]).joined(separator: ", "))
    }

    private func words(_ counts: ActionCounts) -> [String] {
        Operation.allCases.filter { counts[$0] > 0 }.map { "\($0.participle) \(counts[$0].words("time"))" }
    }
}

extension HeldKind {
    /// A kind in words.
    static func words(_ kind: String) -> String {
        switch kind {
        case "self": "own account"
        case "keep": "kept"
        case "accepted": "not seen yet"
        default: kind.replacing("_", with: " ")
        }
    }

    /// What a kind means for those who read the page and not the program's documentation.
    static func meaning(_ kind: String) -> String {
        switch kind {
        case "self": "The account that acts is never removed or demoted."
        case "creator": "Nobody can remove or demote a group's creator."
        case "keep": "The policy says to leave these people as they are."
        case "unresolved": "WhatsApp does not show whose account it is, so it may be anyone."
        case "withheld": "A removal or demotion is held back until a roster can be trusted, or somebody agrees."
        case "out_of_term": "The policy's entry counts on other days than these."
        case "group_full": "The group has no room."
        case "deferred": "The day's budget for adding people was used up; a later run goes on."
        case "declined": "The gateway took an add, and the person never showed; it is tried again less and less often."
        case "accepted": "The gateway took the change; its next backfill shows what came of it."
        case "role_unknown": "The gateway does not show for certain whether this member is an admin."
        case "unconfirmed": "The gateway took an add, and no roster that can be trusted has come since."
        case "not_on_whatsapp": "No account has the number."
        case "left": "The person was there and has left, and the policy says to let them."
        default: "See the documentation of this version."
        }
    }
}

import Core
import Reconciliation
import RunLedger

extension LedgerPage {
    /// The most people, or groups, in one list.
    static let listed = 300

    /// The most people of one group in a list.
    private static let listedOfGroup = 5

    /// The people who could not be added, longest wait first.
    var absences: PageValues {
        let absences = report.absences
        let groups = Set(absences.map(\.key)).count
        return .list(
            intro: absences.isEmpty
                ? "No failed or blocked adds when the groups were last read."
                : "When the groups were last read, \(absences.count.words("person", "people")) could not be added to "
                    + "\(groups.words("group")). The longest wait comes first.",
            rows: absences.prefix(Self.listed).map(row), leftOut: absences.count - Self.listed
        ) { "And \($0.words) more, who have waited less." }
    }

    private func row(_ absence: Absence) -> PageValues {
        [
            "person": absence.person.map(numbers.text(in:)), "phone": numbers.text(absence.phone),
            "group": names.name(absence.key), "since": absence.since.dayWords, "age": age(since: absence.since),
            "tries": absence.tries.words, "kind": Hold.label(ofKind: absence.kind),
            "message": PageValues.passage(numbers.text(in: absence.message)),
        ]
    }

    /// Returns the days since a moment, in words.
    func age(since moment: Timestamp) -> String {
        let days = max(0, now.date.daysSince1970 - moment.date.daysSince1970)
        return days == 0 ? "today" : days.words("day")
    }

    /// The groups with blocked removals or demotions.
    var withheld: PageValues {
        let current = report.withheld.filter(\.isCurrent)
        let people = current.reduce(0) { $0 + $1.people }
        let now =
            current.isEmpty
            ? "Nothing is blocked now."
            : "\(people.words("removal or demotion is", "removals and demotions are")) blocked now, in "
                + "\(current.count.words("group"))."
        let past = report.withheld.count > current.count ? " Groups that are no longer blocked come last." : ""
        return .list(
            intro: "Rollcall blocks removals and demotions if the member list cannot be trusted or a limit is reached. "
                + now + past,
            rows: report.withheld.prefix(Self.listed).map(row), leftOut: report.withheld.count - Self.listed
        ) { "And \($0.words("group")) more." }
    }

    private func row(_ group: WithheldGroup) -> PageValues {
        [
            "group": names.name(group.key), "state": group.isCurrent ? "blocked" : "no longer",
            "mark": group.isCurrent ? "withheld" : "interrupted", "people": group.people.words,
            "when": group.first.words(through: group.last), "runs": "in \(group.runs.words("run"))",
            "reasons": group.messages.map { PageValues.passage(numbers.text(in: $0)) },
        ]
    }

    /// Everything blocked or kept when the groups were last read, by kind, the most frequent first.
    var heldKinds: [PageValues] {
        var counts: [String: Int] = [:]
        for group in report.groups { for held in group.holds { counts[held.kind, default: 0] += held.count } }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { kind, count in
            ["kind": Hold.label(ofKind: kind), "count": count.words, "meaning": HeldKind.meaning(kind)]
        }
    }

    /// The groups whose members are changed back and forth, most changes first.
    var flapping: PageValues {
        var groups: [(key: GroupKey, people: [FlappingPerson], turns: Int)] = []
        for (key, people) in Dictionary(grouping: report.flapping, by: \.key) {
            groups.append((key, people, people.reduce(0) { $0 + $1.counts.total }))
        }
        groups.sort { $0.turns == $1.turns ? $0.key < $1.key : $0.turns > $1.turns }
        let rows = groups.prefix(Self.listed).map { group -> PageValues in
            let more = group.people.count - Self.listedOfGroup
            return [
                "group": names.name(group.key), "turns": group.turns.words,
                "people": group.people.prefix(Self.listedOfGroup).map(line),
                "more": more > 0 ? "And \(more.words) more." : nil,
            ]
        }
        let intro =
            rows.isEmpty
            ? "No one is being added and removed repeatedly."
            : "Rollcall had to add, remove, promote or demote these people at least three times within 30 days. Two "
                + "policy lines, or two admins, probably disagree about them."
        return .list(intro: intro, rows: rows, leftOut: groups.count - Self.listed) {
            "And \($0.words("group")) more."
        }
    }

    private func line(_ person: FlappingPerson) -> PageValues {
        [
            "person": person.person.map(numbers.text(in:)), "phone": numbers.text(person.phone),
            "turns": (words(person.counts) + ["last on \(person.last.dayWords)"]).joined(separator: ", "),
        ]
    }

    private func words(_ counts: ActionCounts) -> [String] {
        Operation.allCases.filter { counts[$0] > 0 }.map { "\($0.participle) \(counts[$0].words("time"))" }
    }
}

extension HeldKind {
    /// Returns what a kind of hold means, for readers of the page.
    static func meaning(_ kind: String) -> String {
        switch kind {
        case "self": "Rollcall never removes or demotes the session's own account."
        case "creator": "Nobody can remove or demote a group's creator."
        case "keep": "The policy lists these people under `keep:`, so Rollcall does not change them."
        case "unresolved": "Rollcall cannot match the account to a person, so the member may be anyone."
        case "withheld": "Removals or demotions, blocked by a limit or a member list that cannot be trusted."
        case "out_of_term": "The dates of their entries exclude today."
        case "group_full": "The group is full."
        case "deferred": "The daily budget for adds is used up; a later run continues."
        case "declined":
            "Added, but never appeared, often because of privacy settings; Rollcall tries again after longer and longer pauses."
        case "accepted":
            "The change was sent. The member list shows the effect after the gateway's next backfill (reading from WhatsApp)."
        case "role_unknown": "It is not certain whether this member is an admin."
        case "unconfirmed": "The add was sent, but no member list since then can be trusted."
        case "not_on_whatsapp": "No WhatsApp account has this number."
        case "left": "They left the group, and the policy says not to add them again."
        default: "See this version's documentation."
        }
    }
}

extension LedgerPage {
    /// The groups in which no change succeeds, and how to fix them.
    var failing: PageValues {
        let groups = report.failing
        return .list(
            intro:
                "In \(groups.count.words("group")), changes fail every night, and the gateway gives no reason. Most likely, "
                + "the session's account is not an admin, or is no longer a member. Ask an admin of the group to promote "
                + "or add the account.",
            rows: groups.prefix(Self.listed).map(row), leftOut: groups.count - Self.listed
        ) { "And \($0.words("group")) more." }
    }

    private func row(_ group: FailingGroup) -> PageValues {
        [
            "group": group.name == nil ? "(no name)" : names.name(group.key), "address": names.address(group.key),
            "since": group.since.dayWords, "age": age(since: group.since), "nights": group.nights.words,
        ]
    }

    /// The changes that were sent and are not confirmed yet.
    var unseen: PageValues {
        let unseen = report.unseen
        let oldest = unseen.listed.first?.sentAt.map { ", the oldest sent on \($0.dayWords)" } ?? ""
        return .list(
            intro:
                "\(unseen.count.words("change")) in \(unseen.groups.words("group"))\(oldest). The member "
                + "lists show the effects after the gateway's next backfill (reading from WhatsApp).",
            rows: unseen.listed.map(row), leftOut: unseen.count - unseen.listed.count
        ) { "And \($0.words("change")) more, sent later." }
    }

    private func row(_ change: ActionRecord) -> PageValues {
        [
            "person": change.person.map(numbers.text(in:)), "phone": numbers.text(change.phone, orElse: change.lid),
            "group": names.name(change.key), "operation": change.operation.rawValue,
            "since": change.sentAt?.dayWords, "age": change.sentAt.map(age),
        ]
    }
}

import Core
import Reconciliation

extension PlanPage {
    /// Returns a group's row in the first table; `id` is its anchor on the page, if it has one.
    func counts(of group: GroupPlan, id: String?) -> PageValues {
        let cells = Operation.allCases.map { operation in
            Self.cell(operation.title, group.actions.count { $0.operation == operation })
        }
        return [
            "id": id, "name": name(of: group), "cells": cells,
            "held": Self.cell("Blocked", group.holds.count(where: \.isNews)), "state": group.trouble,
            "mark": group.trouble.flatMap { Self.marks[$0] } ?? "",
        ]
    }

    private static func cell(_ label: String, _ count: Int) -> PageValues {
        ["label": label, "text": count == 0 ? "–" : count.words, "isZero": count == 0]
    }

    /// The CSS classes of words about a group.
    private static let marks = [
        "stale": "stale", "error": "failed", "blocked": "withheld", "warning": "incomplete", "invite link": "running",
    ]

    /// Returns a group with the rows that the page lists; `leftOut` is the number of the others.
    func parts(of group: GroupPlan, at position: Int, rows: [PageValues], leftOut: Int) -> PageValues {
        [
            "id": Self.anchor(position), "name": name(of: group), "address": address(of: group),
            "remarks": remarks(of: group), "hasRows": !rows.isEmpty, "rows": rows,
            "more": leftOut > 0 ? "And \(leftOut.words) more in this group." : nil,
        ]
    }

    /// Returns all rows of a group.
    func rows(of group: GroupPlan) -> [PageValues] {
        group.actions.map(row) + rows(of: group.holds.filter { !$0.isRoutine })
    }

    private func name(of group: GroupPlan) -> String { group.name.map(numbers.text(in:)) ?? "(no name)" }

    private func address(of group: GroupPlan) -> String {
        var parts = [numbers.text(in: group.key.group.jid)]
        if let size = group.size { parts.append(size.words("member")) }
        parts.append("session \(numbers.text(ofID: group.key.session.text))")
        if hasManyGateways { parts.append("gateway \(numbers.text(ofID: group.key.gateway.text))") }
        return parts.joined(separator: " · ")
    }

    private func remarks(of group: GroupPlan) -> [PageValues] {
        func remark(_ word: String, _ message: PageValues) -> PageValues {
            ["mark": Self.marks[word], "word": word, "message": message]
        }
        let fault = group.fault.map { remark($0.word, passage($0.message)) }
        let link = group.inviteLink.map { remark("invite link", .passage("`\($0)`")) }
        let warnings = group.warnings.map { warning in
            let who = warning.phone.map { numbers.text($0) + ": " } ?? ""
            return remark("warning", .passage(who + numbers.text(in: warning.message)))
        }
        return [fault, link].compactMap(\.self) + warnings
    }

    private func row(_ action: PlannedAction) -> PageValues {
        [
            "mark": action.operation.rawValue, "word": action.operation.rawValue,
            "people": [person(action.person, phone: action.phone, lid: action.account.lid)],
            "source": numbers.text(in: "\(action.source)"), "reason": action.reason.map(passage),
        ]
    }

    /// Holds with the same reason share a row.
    private func rows(of holds: [Hold]) -> [PageValues] {
        var rows: [PageValues] = []
        var rest = holds[...]
        while let first = rest.first {
            let explanation = first.explanation
            let alike = rest.prefix { $0.label == first.label && $0.explanation == explanation }
            let people = alike.prefix(Self.maxPeopleOfRow).map { person($0.person, phone: $0.phone, lid: $0.lid) }
            let left = alike.count - people.count
            let crowd: PageValues = [
                "count": alike.count.words("account"), "people": people,
                "more": left > 0 ? "and \(left.words) more" : nil,
            ]
            let isCrowd = alike.count > Self.maxPeopleOfCell
            rows.append([
                "mark": first.isWithheld ? "withheld" : "interrupted",
                "word": first.isAwaited ? "sent: \(first.label)" : first.label.replacing("_", with: " "),
                "people": isCrowd ? [] : people, "crowd": isCrowd ? crowd : nil,
                "reason": passage(explanation.what), "remedy": explanation.remedy.map(passage),
            ])
            rest = rest.dropFirst(alike.count)
        }
        return rows
    }

    /// The most people next to the reason; above this, the reason comes first.
    private static let maxPeopleOfCell = 3
    private static let maxPeopleOfRow = 100

    private func person(_ name: String?, phone: PhoneNumber?, lid: LID?) -> PageValues {
        // A LID reveals no phone number, and the group's manager may need it.
        ["person": name.map(numbers.text(in:)), "number": phone.map(numbers.text) ?? lid?.description]
    }

    private func passage(_ text: String) -> PageValues { .passage(numbers.text(in: text)) }
}

extension Operation {
    fileprivate var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

import Core
import Reconciliation

extension PlanPage {
    /// Returns a group's row in the first table; `id` is its anchor on the page, if it has one.
    func counts(of group: GroupPlan, id: String?) -> CountedGroup {
        let cells = Operation.allCases.map { operation in
            Self.cell(operation.title, group.actions.count { $0.operation == operation })
        }
        let state = state(of: group)
        return CountedGroup(
            id: id, name: name(of: group), cells: cells,
            held: Self.cell("Blocked", group.holds.count(where: \.isNews)), state: state?.word, mark: state?.mark ?? "")
    }

    private static func cell(_ label: String, _ count: Int) -> CountCell {
        CountCell(label: label, text: count == 0 ? "–" : count.words, isZero: count == 0)
    }

    private func state(of group: GroupPlan) -> (word: String, mark: String)? {
        if let fault = group.fault { return fault.isStale ? ("stale", "stale") : ("error", "failed") }
        if group.isWithheld { return ("blocked", "withheld") }
        return group.warnings.isEmpty ? nil : ("warning", "incomplete")
    }

    /// Returns a group in full, with at most `most` rows.
    func parts(of group: GroupPlan, at position: Int, most: Int) -> PlannedGroupParts {
        let rows = group.actions.map(row) + rows(of: group.holds.filter { !$0.isRoutine })
        let left = rows.count - most
        return PlannedGroupParts(
            id: Self.anchor(position), name: name(of: group), address: address(of: group), remarks: remarks(of: group),
            hasRows: !rows.isEmpty, rows: Array(rows.prefix(most)),
            more: left > 0 ? "And \(left.words) more in this group." : nil)
    }

    private func name(of group: GroupPlan) -> String { group.name.map(numbers.text(in:)) ?? "(no name)" }

    private func address(of group: GroupPlan) -> String {
        var parts = [numbers.text(in: group.key.group.jid)]
        if let size = group.size { parts.append(size.words("member")) }
        parts.append("session \(numbers.text(ofID: group.key.session.text))")
        if hasManyGateways { parts.append("gateway \(numbers.text(ofID: group.key.gateway.text))") }
        return parts.joined(separator: " · ")
    }

    private func remarks(of group: GroupPlan) -> [RemarkLine] {
        var lines: [RemarkLine] = []
        if let fault = group.fault {
            lines.append(
                RemarkLine(
                    mark: fault.isStale ? "stale" : "failed", word: fault.isStale ? "stale" : "error",
                    message: passage(fault.message)))
        }
        if let link = group.inviteLink {
            lines.append(RemarkLine(mark: "running", word: "invite link", message: Passage("`\(link)`")))
        }
        for warning in group.warnings {
            let who = warning.phone.map { numbers.text($0) + ": " } ?? ""
            lines.append(
                RemarkLine(
                    mark: "incomplete", word: "warning", message: Passage(who + numbers.text(in: warning.message))))
        }
        return lines
    }

    private func row(_ action: PlannedAction) -> PlannedRow {
        PlannedRow(
            mark: action.operation.rawValue, word: action.operation.rawValue,
            people: [person(action.person, phone: action.phone, lid: action.account.lid)], crowd: nil,
            source: numbers.text(in: "\(action.source)"), reason: action.reason.map(passage), remedy: nil)
    }

    /// Holds with the same reason share a row.
    private func rows(of holds: [Hold]) -> [PlannedRow] {
        var rows: [PlannedRow] = []
        var rest = holds[...]
        while let first = rest.first {
            let explanation = first.explanation
            let alike = rest.prefix { $0.label == first.label && $0.explanation == explanation }
            let people = alike.prefix(Self.maxPeopleOfRow).map { person($0.person, phone: $0.phone, lid: $0.lid) }
            let left = alike.count - people.count
            let isCrowd = alike.count > Self.maxPeopleOfCell
            rows.append(
                PlannedRow(
                    mark: first.isWithheld ? "withheld" : "interrupted",
                    word: first.isAwaited ? "sent: \(first.label)" : first.label.replacing("_", with: " "),
                    people: isCrowd ? [] : people,
                    crowd: isCrowd
                        ? PersonList(
                            count: alike.count.words("account"), people: people,
                            more: left > 0 ? "and \(left.words) more" : nil) : nil,
                    source: nil, reason: passage(explanation.what), remedy: explanation.remedy.map(passage)))
            rest = rest.dropFirst(alike.count)
        }
        return rows
    }

    /// The most people next to the reason; above this, the reason comes first.
    private static let maxPeopleOfCell = 3
    private static let maxPeopleOfRow = 100

    private func person(_ name: String?, phone: PhoneNumber?, lid: LID?) -> PlannedPerson {
        PlannedPerson(
            person: name.map(numbers.text(in:)),
            // A LID reveals no phone number, and the group's manager may need it.
            number: phone.map(numbers.text) ?? lid?.description)
    }

    private func passage(_ text: String) -> Passage { Passage(numbers.text(in: text)) }
}

extension Operation {
    fileprivate var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

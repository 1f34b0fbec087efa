import Core
import GatewaySimulator
import RunLedger
import Stage

/// Judges the calls to a gateway with an append-only store by the true state and what its store could show.
struct CallJudge {
    typealias Call = GatewaySimulator.JournalEntry

    private let hard: HardWorld
    private let groups: [GroupID: HardGroup]

    /// One person in one call.
    private struct Step {
        let entry: Call
        let operation: String
        let group: HardGroup
        let position: Place
        let outcome: ParticipantEffect.Outcome
    }

    init(_ hard: HardWorld) {
        self.hard = hard
        groups = Dictionary(uniqueKeysWithValues: hard.groups.map { ($0.id, $0) })
    }

    /// Returns what is wrong with one run's calls, one sentence each; `earlier` are the calls of all runs before.
    func wrongs(of calls: [Call], after earlier: [Call], _ hands: OtherHands) -> [String] {
        let steps = steps(of: calls)
        let past = self.steps(of: earlier)
        var taken: [String: Step] = [:]
        for step in past where step.entry.status == 204 { taken[key(step)] = step }
        let before = taken
        var wrongs: [String] = []
        for step in steps {
            if let wrong = wrong(step, hands) { wrongs.append(tell(step, wrong)) }
            guard step.entry.status == 204 else { continue }
            if let last = taken.updateValue(step, forKey: key(step)) {
                if before[key(step)]?.entry != last.entry {
                    wrongs.append(tell(step, "was sent twice in one run"))
                } else if !hasNews(between: last, and: step, hands, opposite: taken[key(step, opposite: true)]) {
                    wrongs.append(tell(step, "was accepted before, and nothing has shown its effect since"))
                }
            }
        }
        return wrongs
    }

    /// Returns what is wrong with the ledger's records of some runs' adds, one sentence each.
    func wrongs(of actions: [ActionRecord], calls: [Call], _ hands: OtherHands) -> [String] {
        let adds = steps(of: calls).filter { $0.operation == "add" }
        return actions.compactMap { action -> String? in
            guard action.status == .declined, let phone = action.phone, let sentAt = action.sentAt else { return nil }
            let position = Place(group: action.key.group, person: hard.account(phone))
            guard let add = adds.first(where: { $0.position == position && $0.entry.time >= sentAt }) else {
                return "the add of \(phone) to \(action.key.group) is called declined, but was never sent"
            }
            let session = action.key.session
            if !hands.backfills[session, default: []].contains(where: { $0 > add.entry.time }) {
                return tell(add, "is called declined, but no store could have shown it")
            }
            // Nobody can know that a hidden person is there.
            let isHidden = hard.hidden.contains(position.person) || add.group.hiddenHere.contains(position.person)
            guard [.added, .already].contains(add.outcome), !isHidden,
                !hands.departures[position, default: []].contains(where: { $0 > add.entry.time })
            else { return nil }
            return tell(add, "is called declined, but the person is in the group")
        }
    }

    /// Returns whether a run had anything but accepted calls, by the rows of its groups and actions.
    func isTrouble(_ groups: [GroupRunRecord], _ actions: [ActionRecord]) -> Bool {
        let isActionTrouble = actions.contains { action in
            switch action.status {
            case .accepted, .confirmed: false
            case .skipped: action.errorCode != "accepted" && action.errorCode != "overtaken"
            case .planned, .sending, .declined, .failed, .unknown: true
            }
        }
        // A store that knows nobody of a group looks like a failed read.
        return isActionTrouble
            || groups.contains { $0.status == .failed || $0.status == .skipped || $0.sizeBefore == 0 }
    }

    private func wrong(_ step: Step, _ hands: OtherHands) -> String? {
        let wanted = step.group.desired[step.position.person]
        switch step.operation {
        case "remove" where wanted != nil: return "removes somebody who is wanted"
        case "demote" where wanted == .admin: return "demotes somebody who is wanted as an admin"
        case "remove", "demote":
            if step.group.mode == .additive { return "removes or demotes in an additive group" }
            let isKnown = hands.backfills[step.group.session, default: []].contains { $0 < step.entry.time }
            return isKnown ? nil : "removes or demotes on a store that never had a snapshot"
        case "promote":
            guard step.outcome == .alreadyAdmin,
                !hands.hasUntoldRole(step.position, of: step.group.session, before: step.entry.time)
            else { return nil }
            return "promotes an admin, although nobody else has changed the role since the snapshot"
        default: return nil
        }
    }

    /// Returns whether something between two calls shows that the first had no effect, or was undone.
    private func hasNews(between first: Step, and second: Step, _ hands: OtherHands, opposite: Step?) -> Bool {
        func isBetween(_ moment: Timestamp) -> Bool { first.entry.time < moment && moment < second.entry.time }
        if hands.backfills[second.group.session, default: []].contains(where: isBetween) { return true }
        if let opposite, opposite.entry.sequence > first.entry.sequence { return true }
        return second.operation == "remove" && hands.messages[second.position, default: []].contains(where: isBetween)
    }

    private func steps(of calls: [Call]) -> [Step] {
        calls.flatMap { entry -> [Step] in
            let operation =
                if entry.method == "DELETE" { "remove" } else {
                    ["promote", "demote"].first { entry.path.hasSuffix("/\($0)") } ?? "add"
                }
            return entry.effects.compactMap { effect in
                groups[effect.group].map { group in
                    Step(
                        entry: entry, operation: operation, group: group,
                        position: Place(group: group.id, person: hard.account(effect.phone)), outcome: effect.outcome)
                }
            }
        }
    }

    private func key(_ step: Step, opposite: Bool = false) -> String {
        let opposites = ["add": "remove", "remove": "add", "promote": "demote", "demote": "promote"]
        let operation = opposite ? opposites[step.operation] ?? "" : step.operation
        return "\(operation) \(step.position.group) \(step.position.person)"
    }

    private func tell(_ step: Step, _ wrong: String) -> String {
        "\(step.operation) of \(step.position.person) in \(step.position.group), call \(step.entry.sequence), \(step.outcome): \(wrong)"
    }
}

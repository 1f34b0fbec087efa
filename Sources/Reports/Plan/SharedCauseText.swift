import Core
import Reconciliation

/// The most sentences of one kind above a plan.
private let maxSentences = 10

extension Plan {
    /// The sentences above the groups on what blocks removals and demotions in several groups.
    var causeSentences: [String] {
        let sentences = sharedCauses.map { cause, count in
            let changes = count == 1 ? "1 removal or demotion is" : "\(count) removals and demotions are"
            return "\(changes) blocked: \(cause.explanation.text)"
        }
        return sentences.shortened(to: "causes")
    }

    /// The sentences above the groups on people removed or demoted in several groups, most groups first.
    var lossSentences: [String] {
        var losses: [AccountID: (name: String?, counts: ActionCounts)] = [:]
        for group in groups {
            for action in group.actions where action.operation.countsAsRemoval {
                let known = losses[action.identity]
                losses[action.identity] = (
                    known?.name ?? action.person, (known?.counts ?? ActionCounts()) + ActionCounts([action.operation])
                )
            }
        }
        let many = losses.filter { $0.value.counts.total > 1 }.sorted { left, right in
            let (one, other) = (left.value.counts.total, right.value.counts.total)
            return one == other ? left.key < right.key : one > other
        }
        let sentences = many.map { account, loss in
            let number = account.phone?.e164 ?? account.description
            let what = [("removed from", loss.counts[.remove]), ("demoted in", loss.counts[.demote])]
                .filter { $0.1 > 0 }.map { "\($0.0) \($0.1) group\($0.1 == 1 ? "" : "s")" }.joined(separator: ", ")
            return "\(loss.name.map { "\($0) (\(number))" } ?? number) would be \(what)"
        }
        return sentences.shortened(to: "people removed or demoted in several groups")
    }

    /// The faults that at least three groups share, in the order of the groups.
    var sharedFaults: [SharedFault] {
        var positions: [GroupFault: Int] = [:]
        var shared: [SharedFault] = []
        for group in groups {
            guard let fault = group.fault else { continue }
            if let position = positions[fault] {
                shared[position].groups.append(group)
            } else {
                positions[fault] = shared.count
                shared.append(SharedFault(fault: fault, groups: [group]))
            }
        }
        return shared.filter { $0.groups.count > 2 }
    }
}

extension GroupFault {
    /// The fault's kind in a word.
    var word: String { isStale ? "stale" : "error" }
}

extension GroupPlan {
    /// What is wrong with the group, the worst only, in a word; nil if nothing is.
    var trouble: String? { fault?.word ?? (isWithheld ? "blocked" : warnings.isEmpty ? nil : "warning") }
}

/// A fault that several groups share.
struct SharedFault {
    let fault: GroupFault
    var groups: [GroupPlan]
}

extension [String] {
    /// Returns the first ones, then a line with the number of the others.
    fileprivate func shortened(to noun: String) -> [String] {
        count > maxSentences ? prefix(maxSentences) + ["and \(count - maxSentences) more \(noun)"] : self
    }
}

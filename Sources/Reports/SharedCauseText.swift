import Reconciliation

/// The most causes that are told above a plan.
private let mostCauses = 10

extension Plan {
    /// What is told above the groups: why removals and demotions are held back in several of them.
    var causeSentences: [String] {
        let all = sharedCauses
        let sentences = all.prefix(mostCauses).map { cause, count in
            let changes = count == 1 ? "1 removal or demotion is" : "\(count) removals and demotions are"
            return "\(changes) blocked: \(cause.message)"
        }
        return sentences + (all.count > mostCauses ? ["and \(all.count - mostCauses) more causes"] : [])
    }
}

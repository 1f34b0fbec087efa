import Reconciliation

extension Hold {
    /// The two halves of the message: what was seen, and what would clear it, where that can be told.
    var reasonAndRemedy: (reason: String, remedy: String?) {
        guard let split = message.firstRange(of: "; ") else { return (message, nil) }
        return (String(message[..<split.lowerBound]), String(message[split.upperBound...]))
    }
}

extension [GroupPlan] {
    /// How many of all holds are of a kind.
    func holdCount(where isCounted: (Hold) -> Bool) -> Int { reduce(0) { $0 + $1.holds.count(where: isCounted) } }

    /// How many people are held back, and how many accounts are protected as always, as the end of a sentence; empty
    /// where there are none.
    var holdClause: String {
        let routine = holdCount(where: \.isRoutine)
        let held = holdCount { !$0.isRoutine }
        let parts = [held > 0 ? "\(held) held back" : nil, routine > 0 ? "\(routine) protected" : nil]
        let clause = parts.compactMap(\.self).joined(separator: ", ")
        return clause.isEmpty ? "" : "; \(clause)"
    }
}

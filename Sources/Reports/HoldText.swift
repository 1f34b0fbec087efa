import Membership
import Reconciliation

extension Hold {
    /// The two halves of the message: what was seen, and what would clear it, where that can be told.
    var reasonAndRemedy: (reason: String, remedy: String?) {
        guard let split = message.firstRange(of: "; ") else { return (message, nil) }
        return (String(message[..<split.lowerBound]), String(message[split.upperBound...]))
    }
}

extension Hold {
    /// The word that its line begins with.
    var word: String { isAwaited ? "taken" : "held" }

    /// What comes before its sentence: of a change that the gateway took, which it was.
    var label: String {
        if case .accepted(let operation, _) = reason { operation.rawValue } else { kind }
    }
}

extension [GroupPlan] {
    /// How many of all holds are of a kind.
    func holdCount(where isCounted: (Hold) -> Bool) -> Int { reduce(0) { $0 + $1.holds.count(where: isCounted) } }

    /// How many people are held back, and how many accounts are protected as always, as the end of a sentence; empty
    /// where there are none.
    var holdClause: String {
        let routine = holdCount(where: \.isRoutine)
        let held = holdCount(where: \.isNews)
        let parts = [held > 0 ? "\(held) held back" : nil, routine > 0 ? "\(routine) protected" : nil]
        let clause = parts.compactMap(\.self).joined(separator: ", ")
        return (clause.isEmpty ? "" : "; \(clause)") + awaitedClause
    }

    /// How many changes the gateway took and could not show yet, and what would show them; empty where there are none.
    private var awaitedClause: String {
        let count = holdCount(where: \.isAwaited)
        guard count > 0 else { return "" }
        return
            "; \(count) change\(count == 1 ? "" : "s") taken by the gateway and not seen yet, which its next backfill shows"
    }
}

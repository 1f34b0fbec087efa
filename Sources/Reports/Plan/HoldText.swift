import Core
import Reconciliation

extension Hold {
    /// The first word of its line.
    var word: String { isAwaited ? "sent" : isRoutine ? "kept" : "blocked" }

    /// The word before its sentence: the operation if it was sent, else the kind in words.
    var label: String {
        switch reason {
        case .accepted(let operation, _): operation.rawValue
        case .outOfTerm(.some, nil): "not started"
        case .outOfTerm(nil, .some): "expired"
        default: Self.label(ofKind: kind)
        }
    }

    /// Returns the first word of a line about holds of a kind, as the ledger records it.
    static func word(ofKind kind: String) -> String {
        switch kind {
        case "self", "creator", "keep": "kept"
        case "accepted": "sent"
        default: "blocked"
        }
    }

    /// Returns a kind in words; without the dates, `out_of_term` can mean either end of the term.
    static func label(ofKind kind: String) -> String {
        switch kind {
        case "self": "own account"
        case "unresolved": "not identified"
        case "out_of_term": "expired or not started"
        case "withheld": "blocked"
        case "keep": "kept"
        case "accepted": "not confirmed yet"
        case "not_on_whatsapp": "not on WhatsApp"
        default: kind.replacing("_", with: " ")
        }
    }

    /// The words before an explanation: the first word, and the label if it says more.
    static func beginning(ofKind kind: String) -> String {
        let (word, label) = (word(ofKind: kind), label(ofKind: kind))
        return word == label ? word : "\(word), \(label)"
    }
}

extension [GroupPlan] {
    /// Returns the number of holds, over all groups, that a condition accepts.
    func holdCount(where isCounted: (Hold) -> Bool) -> Int { reduce(0) { $0 + $1.holds.count(where: isCounted) } }

    /// Returns the end of a sentence with the number of holds that are blocked, always kept, or sent; empty for none.
    ///
    /// `counted` is the number of blocked holds that the sentence has counted already.
    func holdClause(besides counted: Int = 0) -> String {
        let routine = holdCount(where: \.isRoutine)
        let blocked = holdCount(where: \.isNews) - counted
        let parts = [
            blocked > 0 ? "\(blocked)\(counted > 0 ? " more" : "") blocked" : nil,
            routine > 0 ? "\(routine) always kept" : nil,
        ]
        let clause = parts.compactMap(\.self).joined(separator: ", ")
        return (clause.isEmpty ? "" : "; \(clause)") + awaitedClause
    }

    /// The end of a sentence with the number of changes that earlier runs sent; empty if there are none.
    private var awaitedClause: String {
        let count = holdCount(where: \.isAwaited)
        return count > 0 ? "; \(count) change\(count == 1 ? "" : "s") of earlier runs sent, not confirmed yet" : ""
    }
}

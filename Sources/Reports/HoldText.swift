import Reconciliation

extension Hold {
    /// The two halves of the message: what was seen, and what would clear it, where that can be told.
    var reasonAndRemedy: (reason: String, remedy: String?) {
        guard let split = message.firstRange(of: "; ") else { return (message, nil) }
        return (String(message[..<split.lowerBound]), String(message[split.upperBound...]))
    }
}

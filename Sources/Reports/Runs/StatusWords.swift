import RunLedger

extension RunStatus {
    /// The status in a word for people.
    var word: String { self == .withheld ? "blocked" : rawValue }
}

extension GroupRunStatus {
    /// The status in a word for people.
    var word: String { self == .withheld ? "blocked" : rawValue }
}

extension ActionStatus {
    /// The status in a word for people.
    var word: String { self == .accepted ? "sent" : rawValue }
}

package import Core

extension Operation {
    /// Reads the word in a row; nil for any other word.
    init?(_ text: RawText) {
        if text.spells("add") {
            self = .add
        } else if text.spells("remove") {
            self = .remove
        } else if text.spells("promote") {
            self = .promote
        } else if text.spells("demote") {
            self = .demote
        } else {
            return nil
        }
    }

    /// The column of `runs` that counts it.
    var countColumn: String { "\(rawValue)s" }
}

extension ActionCounts {
    /// The period in which repeated changes are reported, in milliseconds.
    package static let flappingWindow: Int64 = 30 * 86_400_000

    /// The number of changes within the window that causes a warning when another is due.
    static let minFlapping = 2

    /// Returns the counts of an operation's kind; nil if they are too few to warn about.
    package func flapping(before operation: Operation) -> ActionCounts? {
        let counts = only(operation.kind)
        return counts.total >= Self.minFlapping ? counts : nil
    }
}

package import Core

extension ActionCounts {
    /// The period in which repeated changes are reported, in milliseconds.
    package static let flappingWindow: Int64 = 30 * 86_400_000

    /// The number of changes within the window that causes a warning when another is due.
    package static let minFlapping = 2

    /// Returns the counts of an operation's kind; nil if they are too few to warn about.
    package func flapping(before operation: Operation) -> ActionCounts? {
        let counts = only(operation.kind)
        return counts.total >= Self.minFlapping ? counts : nil
    }
}

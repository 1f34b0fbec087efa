/// What happened, and what to do about it.
package struct Explanation: Hashable, Sendable {
    /// What happened, as a sentence without a full stop.
    package var what: String
    /// What to do; nil if there is nothing to do.
    package var remedy: String?

    /// Describes what happened.
    package init(_ what: String, _ remedy: String? = nil) {
        self.what = what
        self.remedy = remedy
    }

    /// Both in one sentence.
    package var text: String { remedy.map { "\(what); \($0)" } ?? what }
}

import LocatedYAML

/// A text of unknown origin between backticks, fit for one line of a message.
///
/// Long texts are cut, and characters that a terminal would act on or hide are written as escapes.
func quoted(_ text: some StringProtocol) -> String {
    text.isEmpty ? "an empty text" : "`\(shown(text))`"
}

/// Words in backticks, as a list in a sentence: `a`, `b` or `c`.
func enumeration(_ words: [String], joinedBy conjunction: String) -> String {
    guard let last = words.last, words.count > 1 else { return words.map { "`\($0)`" }.joined() }
    return words.dropLast().map { "`\($0)`" }.joined(separator: ", ") + " \(conjunction) `\(last)`"
}

/// A number and a noun, in the plural where that is due.
func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

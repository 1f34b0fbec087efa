import LocatedYAML

/// Returns untrusted text between backticks, cut and escaped as by `shown`.
func quoted(_ text: some StringProtocol) -> String {
    text.isEmpty ? "an empty text" : "`\(shown(text))`"
}

/// Returns the words between backticks, as a list in a sentence: `a`, `b` or `c`.
func enumeration(_ words: [String], joinedBy conjunction: String) -> String {
    guard let last = words.last, words.count > 1 else { return words.map { "`\($0)`" }.joined() }
    return words.dropLast().map { "`\($0)`" }.joined(separator: ", ") + " \(conjunction) `\(last)`"
}

/// Returns a number and a noun, in the plural unless the number is 1.
func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

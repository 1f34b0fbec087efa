package import Core
import LocatedYAML

/// An error or warning in a policy or configuration file, with its place.
package struct Diagnostic: Hashable, Sendable {
    /// The severities.
    package enum Severity: String, Hashable, Sendable {
        /// The files cannot be used.
        case error
        /// The files can be used, but somebody should check them.
        case warning
    }

    /// The severity.
    package let severity: Severity
    /// The place.
    package let location: SourceLocation
    /// One sentence: what was found, what was expected, and how to fix it.
    package let message: String

    /// Creates a diagnostic.
    package init(severity: Severity, location: SourceLocation, message: String) {
        self.severity = severity
        self.location = location
        self.message = message
    }
}

extension Diagnostic: Comparable {
    /// By place, then errors before warnings, then by message.
    package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        if left.location != right.location { return left.location < right.location }
        if left.severity != right.severity { return left.severity == .error }
        return left.message < right.message
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `file:line:column: error: message`, which editors and CI systems can parse.
    package var description: String { "\(location): \(severity.rawValue): \(message)" }
}

/// Returns untrusted text between backticks, cut and escaped as by `shown`.
func quoted(_ text: some StringProtocol) -> String { text.isEmpty ? "an empty text" : "`\(shown(text))`" }

/// Returns the words between backticks, as a list in a sentence: `a`, `b` or `c`.
func enumeration(_ words: [String], joinedBy conjunction: String) -> String {
    guard let last = words.last, words.count > 1 else { return words.map { "`\($0)`" }.joined() }
    return words.dropLast().map { "`\($0)`" }.joined(separator: ", ") + " \(conjunction) `\(last)`"
}

/// Returns a number and a noun, in the plural unless the number is 1.
func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

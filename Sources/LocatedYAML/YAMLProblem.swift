/// A problem in a YAML file, with its place.
package struct YAMLProblem: Error, Hashable, Sendable, Comparable {
    /// The line, from 1.
    package let line: Int
    /// The column in characters, from 1.
    package let column: Int
    /// One sentence: what was found, and how to fix it.
    package let message: String

    /// By place, then by message.
    package static func < (left: YAMLProblem, right: YAMLProblem) -> Bool {
        (left.line, left.column, left.message) < (right.line, right.column, right.message)
    }
}

extension YAMLProblem: CustomStringConvertible {
    /// `line:column: message`.
    package var description: String { "\(line):\(column): \(message)" }
}
